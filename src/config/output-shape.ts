import { createHash } from 'node:crypto';
import { factsOf, isSettingName, SETTING_NAMES, type SettingName, type Settings } from './schema.ts';

/** The settings that shape the output by name, each as a SHA-256 (hexadecimal) of its value as JSON. */
export type OutputShape = Readonly<Record<string, string>>;

/**
 * What shapes the output: two runs with the same shape write the same lines. A hash names what changed and discloses
 * nothing.
 */
export function outputShapeOf(settings: Settings): Record<string, string> {
  const shaping = SETTING_NAMES.filter((name) => factsOf(name).shapesOutput);
  return Object.fromEntries(shaping.map((name) => [name, hashOf(settings[name])]));
}

/** Whether a setting had this value in a shape. */
export const hadValue = (shape: OutputShape, name: SettingName, value: unknown): boolean =>
  shape[name] === hashOf(value);

/**
 * The names of the settings in which two shapes differ, in order. A setting that `then` does not name came with a later
 * version of the program: until then everything was done as its default does it. One that `now` does not name is gone,
 * and what it did cannot be known.
 */
export function changedShape(now: OutputShape, then: OutputShape): string[] {
  const names = new Set([...Object.keys(now), ...Object.keys(then)]);
  return [...names].filter((name) => now[name] !== (then[name] ?? hashOfDefault(name))).sort();
}

const hashOfDefault = (name: string): string | undefined => (isSettingName(name) ? hashOf(defaultOf(name)) : undefined);

const defaultOf = (name: SettingName): unknown => factsOf(name).default;

/** A setting without a value is hashed as `null`, which JSON has a text for. */
const hashOf = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(value ?? null))
    .digest('hex');
