import * as z from 'zod';
import { type ChildLife, childSchema } from './child-life.ts';
import { eventSchema, type RunEvent } from './run-event.ts';
import { type Sample, sampleSchema } from './sample.ts';

/** What a run has measured of itself, each list in the order of time. */
export interface Measured {
  samples: Sample[];
  events: RunEvent[];
  /** Those that are gone. */
  children: ChildLife[];
}

export const emptyMeasured = (): Measured => ({ samples: [], events: [], children: [] });

const lineSchema = z.discriminatedUnion('type', [
  sampleSchema.extend({ type: z.literal('sample') }),
  eventSchema.extend({ type: z.literal('event') }),
  childSchema.extend({ type: z.literal('child') }),
]);

type Typed =
  | { type: 'sample'; value: Sample }
  | { type: 'event'; value: RunEvent }
  | { type: 'child'; value: ChildLife };

const lineOf = ({ type, value }: Typed): string => `${JSON.stringify({ type, ...value })}\n`;

/** One more line for the file: an object whose `type` says what it is. */
export const sampleLine = (value: Sample): string => lineOf({ type: 'sample', value });
export const eventLine = (value: RunEvent): string => lineOf({ type: 'event', value });
export const childLine = (value: ChildLife): string => lineOf({ type: 'child', value });

/** All of it as lines. */
export function linesOf({ samples, events, children }: Measured): string {
  return [...samples.map(sampleLine), ...events.map(eventLine), ...children.map(childLine)].join('');
}

/** Adds what a line says; false where it is not one of ours: cut by a crash, or edited. */
export function takeLine(measured: Measured, line: Buffer): boolean {
  const { data, success } = lineSchema.safeParse(jsonOf(line));
  if (!success) return false;
  if (data.type === 'sample') measured.samples.push(withoutType(data));
  else if (data.type === 'event') measured.events.push(withoutType(data));
  else measured.children.push(withoutType(data));
  return true;
}

function withoutType<T extends { type: string }>({ type: _, ...value }: T): Omit<T, 'type'> {
  return value;
}

function jsonOf(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return undefined; // A line that a crash has cut.
  }
}
