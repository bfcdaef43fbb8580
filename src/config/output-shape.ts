import { createHash } from 'node:crypto';
import { factsOf, SETTING_NAMES, type Settings } from './schema.ts';

/**
 * The settings that shape the output, each as a SHA-256 (hexadecimal) of its value: two runs with the same shape write
 * the same lines. A hash names what changed and discloses nothing.
 */
export function outputShapeOf(settings: Settings): Record<string, string> {
  const shaping = SETTING_NAMES.filter((name) => factsOf(name).shapesOutput);
  return Object.fromEntries(shaping.map((name) => [name, hashOf(settings[name])]));
}

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
