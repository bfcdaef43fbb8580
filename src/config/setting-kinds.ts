import * as z from 'zod';
import { listenAddress } from './address-rule.ts';
import { durationMs } from './duration-rule.ts';
import { failureLimit } from './failure-limit-rule.ts';
import { doubledHeaders, headerNameExpectation, headerValueExpectation } from './header-rule.ts';
import { pathExpectation } from './path-rule.ts';
import { ratePerSecond } from './rate-rule.ts';
import { urlExpectation } from './url-rule.ts';

/** How a text from a flag or the environment becomes a value of a setting; see `from-words.ts`. */
export type SettingKind =
  | 'text'
  | 'path'
  | 'outputFile'
  | 'number'
  | 'boolean'
  | 'column'
  | 'list'
  | 'headers'
  | 'pairs'
  | 'json'
  | 'command';

/** What is known of a setting besides its type. */
export interface SettingFacts {
  kind: SettingKind;
  /** What stands for the value in help and table. */
  metavar: string;
  /** One sentence. */
  description: string;
  /**
   * Taken where nobody gives a value; absent where one must be given or `defaultWords` says how it is found. `null` for
   * a setting that may be left out: it is then as if there were no such thing, and `none` says so on a command line.
   */
  default?: unknown;
  /** The default in words, where it depends on the machine or on another setting. */
  defaultWords?: string;
  /** The values that are allowed, unit included, where the description does not say it. */
  range?: string;
  example?: unknown;
  /** Whether its value may hold a secret, wherever it comes from: then no message shows it. */
  isPrivate?: boolean;
  /** Whether the output would differ with another value: then a run cannot go on with one. */
  shapesOutput: boolean;
  /** Whether an edit of the settings file takes effect while a run is on. */
  isLive?: boolean;
}

/** What a table of settings says of one; its kind and range follow from its type. */
export type GivenFacts = Omit<SettingFacts, 'kind' | 'range'>;

/** The facts of each setting, by its type. */
export const settingFacts = z.registry<SettingFacts>();

const CONTROL = /[\u0000-\u001f\u007f]/;

/** A path that need not exist: to be resolved where it is known from where it counts. */
export function path(facts: GivenFacts) {
  return pathType('a path').register(settingFacts, { ...facts, kind: 'path' });
}

/** The same, or none. */
export function pathOrNone(facts: GivenFacts) {
  return pathType('a path')
    .nullable()
    .register(settingFacts, { ...facts, kind: 'path' });
}

/** Any text but an empty one, or none. */
export function textOrNone(facts: GivenFacts) {
  return z
    .string('a text')
    .min(1, 'a text')
    .nullable()
    .register(settingFacts, { ...facts, kind: 'text' });
}

/** A path of a file to be written: not a directory, and not `-`. */
export function outputFile(facts: GivenFacts) {
  const isFileName = (text: string) => text !== '-' && !/(?:^|[/\\])\.{0,2}$/.test(text);
  return pathType('the path of a file')
    .refine(isFileName, 'the path of a file')
    .register(settingFacts, { ...facts, kind: 'outputFile' });
}

function pathType(expected: string) {
  return z
    .string(expected)
    .min(1, expected)
    .refine((text) => !CONTROL.test(text), `${expected} without control characters`);
}

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number, facts: GivenFacts) {
  const range = `${min} to ${max}`;
  return wholeNumberType(min, max).register(settingFacts, { ...facts, kind: 'number', range });
}

/** A whole number from `min` to `max`, or none. */
export function wholeNumberOrNone(min: number, max: number, facts: GivenFacts) {
  const range = `${min} to ${max}`;
  return wholeNumberType(min, max)
    .nullable()
    .register(settingFacts, { ...facts, kind: 'number', range });
}

function wholeNumberType(min: number, max: number) {
  const expected = `a whole number from ${min} to ${max}`;
  return z.int(expected).min(min, expected).max(max, expected);
}

/** Seconds from `min` to `max`, with decimals. */
export function seconds(min: number, max: number, facts: GivenFacts) {
  const expected = `seconds from ${min} to ${max}`;
  return z
    .number(expected)
    .min(min, expected)
    .max(max, expected)
    .register(settingFacts, { ...facts, kind: 'number', range: expected });
}

/** `true` or `false`. */
export function trueOrFalse(facts: GivenFacts) {
  return z.boolean('true or false').register(settingFacts, { ...facts, kind: 'boolean' });
}

/** One of a few words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words, facts: GivenFacts) {
  const range = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  return z.enum(words, range).register(settingFacts, { ...facts, kind: 'text', range });
}

/** A time of day in local time, `06:00`, or none. */
export function clockTimeOrNone(facts: GivenFacts) {
  const range = '00:00 to 23:59';
  const expected = `a time of day from ${range}, such as 06:00`;
  return z
    .string(expected)
    .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, expected)
    .nullable()
    .register(settingFacts, { ...facts, kind: 'text', range });
}

/** A duration with its units, see `duration-rule.ts`, or none. */
export function durationOrNone(facts: GivenFacts) {
  const expected = 'a duration such as 6h, 90min, 1h 30min or 45s';
  return z
    .string(expected)
    .refine((text) => durationMs(text) !== undefined, expected)
    .nullable()
    .register(settingFacts, { ...facts, kind: 'text' });
}

/** One of a few words, or none. */
export function oneOfOrNone<const Words extends readonly [string, ...string[]]>(words: Words, facts: GivenFacts) {
  const range = `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
  return z
    .enum(words, range)
    .nullable()
    .register(settingFacts, { ...facts, kind: 'text', range });
}

/** Requests in a time, see `rate-rule.ts`, or none. */
export function rateOrNone(facts: GivenFacts) {
  const expected = 'a number of requests a second, or one such as 400/s, 1000/min or 3600/h';
  return z
    .union([z.number(), z.string()], expected)
    .refine((value) => ratePerSecond(value) !== undefined, expected)
    .nullable()
    .register(settingFacts, { ...facts, kind: 'number' });
}

/** A whole number or a percentage, see `failure-limit-rule.ts`, or none. */
export function countOrShareOrNone(facts: GivenFacts) {
  const expected = 'a whole number from 0, or a percentage such as 5%';
  return z
    .union([z.number(), z.string()], expected)
    .refine((value) => failureLimit(value) !== undefined, expected)
    .nullable()
    .register(settingFacts, { ...facts, kind: 'number' });
}

/** A column of the list: its name, or its number from 1. */
export function column(facts: GivenFacts) {
  const expected = 'a column name, or a column number from 1';
  const name = z
    .string()
    .min(1, expected)
    .refine((text) => !CONTROL.test(text), expected);
  return z
    .union([name, z.int(expected).min(1, expected)], expected)
    .register(settingFacts, { ...facts, kind: 'column' });
}

/** A URL template; see `url-rule.ts`. */
export function urlTemplate(facts: GivenFacts) {
  return z
    .string('an absolute URL with {0} where the customer belongs')
    .superRefine((text, context) => addExpectation(urlExpectation(text), context))
    .register(settingFacts, { ...facts, kind: 'text' });
}

/** Header names and their values. */
export function headerValues(facts: GivenFacts) {
  const name = z.string().superRefine((text, context) => addExpectation(headerNameExpectation(text), context));
  const value = z.string('text').superRefine((text, context) => addExpectation(headerValueExpectation(text), context));
  return z
    .record(name, value, 'an object of header names and values')
    .superRefine((headers, context) => {
      for (const doubled of doubledHeaders(Object.keys(headers))) {
        context.addIssue({ code: 'custom', path: [doubled], message: 'each header once, in upper or lower case' });
      }
    })
    .register(settingFacts, { ...facts, kind: 'headers' });
}

/** Names and plain values, as a query or a form has them. */
function plainValues(expected: string) {
  return z.record(
    z.string(),
    z.union([z.string(), z.number(), z.boolean()], 'a text, a number, true or false'),
    expected,
  );
}

/** Names and values of a query. */
export function namedValues(facts: GivenFacts) {
  return plainValues('an object of names and values').register(settingFacts, { ...facts, kind: 'pairs' });
}

/** A body: JSON, or the fields of a form, or none. */
export function bodyOrNone(facts: GivenFacts) {
  const expected = '{"json": …} or {"form": {…}}';
  const json = z.strictObject({ json: z.json('a JSON value') }, expected);
  const form = z.strictObject({ form: plainValues('an object of field names and values') }, expected);
  return z
    .union([json, form], expected)
    .nullable()
    .register(settingFacts, { ...facts, kind: 'json' });
}

function addExpectation(expected: string | undefined, context: z.RefinementCtx<string>): void {
  if (expected !== undefined) context.addIssue(expected);
}

/** A path into an answer, see `path-rule.ts`. */
export function answerPath(facts: GivenFacts) {
  return answerPathType('a path such as result.details').register(settingFacts, { ...facts, kind: 'text' });
}

function answerPathType(expected: string) {
  return z.string(expected).superRefine((text, context) => addExpectation(pathExpectation(text), context));
}

/** A command, or none: a list of the program and its arguments, or a text for the system's shell. */
export function commandOrNone(facts: GivenFacts) {
  const expected = 'a list such as ["mail-summary", "--to", "ops"], or a command for the shell as a text';
  const word = z.string(expected).refine((text) => !text.includes('\0'), expected);
  const program = word.min(1, expected);
  return z
    .union([program, z.tuple([program], word)], expected)
    .nullable()
    .register(settingFacts, { ...facts, kind: 'command' });
}

/** A web address that is requested as it stands, or none. */
export function webAddressOrNone(facts: GivenFacts) {
  const expected = 'a URL that begins with http:// or https://, without blanks, user name, password and fragment';
  return z
    .string(expected)
    .refine(isWebAddress, expected)
    .nullable()
    .register(settingFacts, { ...facts, kind: 'text' });
}

function isWebAddress(text: string): boolean {
  if (!/^https?:\/\/[^\s\\#@]+$/i.test(text)) return false;
  return URL.canParse(text);
}

/** Where a server listens, see `listenAddress`. */
export function listenAddressOrNone(facts: GivenFacts) {
  const expected = 'a port on this machine such as 9464, or an address and a port such as 0.0.0.0:9464';
  return z
    .string(expected)
    .refine((text) => listenAddress(text) !== undefined, expected)
    .nullable()
    .register(settingFacts, { ...facts, kind: 'text' });
}

/** The path of a file for node_exporter's textfile collector. */
export function metricsFileOrNone(facts: GivenFacts) {
  const expected = 'the path of a file that ends in .prom, as node_exporter reads no other';
  return pathType(expected)
    .refine((text) => text.endsWith('.prom'), expected)
    .nullable()
    .register(settingFacts, { ...facts, kind: 'path' });
}
