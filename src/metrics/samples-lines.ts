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

/** The settings as they may be shown, by name. */
export type ShownSettings = Readonly<Record<string, string>>;

/** What a samples file holds. */
export interface SamplesContent extends Measured {
  settings: ShownSettings;
}

export const emptyMeasured = (): Measured => ({ samples: [], events: [], children: [] });

const lineSchema = z.discriminatedUnion('type', [
  sampleSchema.extend({ type: z.literal('sample') }),
  eventSchema.extend({ type: z.literal('event') }),
  childSchema.extend({ type: z.literal('child') }),
  z.object({ type: z.literal('settings'), values: z.record(z.string().max(100), z.string().max(10_000)) }),
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

/** The settings in force from here on; the last such line counts. */
export const settingsLine = (values: ShownSettings): string => `${JSON.stringify({ type: 'settings', values })}\n`;

/** All of it as lines. */
export function linesOf({ settings, samples, events, children }: SamplesContent): string {
  return [
    settingsLine(settings),
    ...samples.map(sampleLine),
    ...events.map(eventLine),
    ...children.map(childLine),
  ].join('');
}

/** Adds what a line says; false where it is not one of ours: cut by a crash, or edited. */
export function takeLine(content: SamplesContent, line: Buffer): boolean {
  const { data, success } = lineSchema.safeParse(jsonOf(line));
  if (!success) return false;
  if (data.type === 'sample') content.samples.push(withoutType(data));
  else if (data.type === 'event') content.events.push(withoutType(data));
  else if (data.type === 'child') content.children.push(withoutType(data));
  else content.settings = data.values;
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
