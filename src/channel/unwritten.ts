import type { ChannelMessage } from './protocol.ts';

/** A child begins no further request while so much of its output is not written: a slow disk slows the requests. */
export const UNWRITTEN_LIMIT_BYTES = 4 * 1024 * 1024;

/**
 * A child is told what is written when it is so much: a message for each of its own, some 50 µs of both processes, would
 * say nothing that it needs. Far below the limit, so that nobody waits for what is written and not told.
 */
export const TOLD_BYTES = UNWRITTEN_LIMIT_BYTES / 8;

/** What a settled row costs beside its text, roughly. */
export const ENTRY_BYTES = 48;

/** What a message holds until it is written. */
export function bytesOf(message: ChannelMessage): number {
  switch (message.type) {
    case 'data':
      return message.text.length + message.positions.length * ENTRY_BYTES;
    case 'log':
      return message.lines.length;
    case 'exception':
      return message.failures.reduce((sum, { reason }) => sum + reason.length + ENTRY_BYTES, 0);
    default:
      return message satisfies never;
  }
}
