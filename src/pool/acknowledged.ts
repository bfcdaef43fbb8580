import type { ChannelMessage } from '../channel/protocol.ts';
import { bytesOf, TOLD_BYTES } from '../channel/unwritten.ts';

/**
 * Messages that are not written: the child is told up to which all are, and they may be written in any order. It is told
 * when that gives it much of its room back, not of each.
 */
export class Acknowledged {
  #waiting: { sequence: number; bytes: number; isWritten: boolean }[] = [];
  /** Written since the child was last told. */
  #untoldBytes = 0;

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  expect(message: ChannelMessage): void {
    this.#waiting.push({ sequence: message.sequence, bytes: bytesOf(message), isWritten: false });
  }

  /** One is written; gives the last up to which all are, where it is time that the child hears of it. */
  take(sequence: number): number | undefined {
    const found = this.#waiting.find((each) => each.sequence === sequence);
    if (found !== undefined) found.isWritten = true;
    const open = this.#waiting.findIndex(({ isWritten }) => !isWritten);
    const written = this.#waiting.splice(0, open === -1 ? this.#waiting.length : open);
    this.#untoldBytes += written.reduce((sum, { bytes }) => sum + bytes, 0);
    if (this.#untoldBytes < TOLD_BYTES) return undefined;
    this.#untoldBytes = 0;
    return written.at(-1)?.sequence;
  }
}
