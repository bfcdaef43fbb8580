import { nearestName } from '../config/nearest-name.ts';

const UNKNOWN = /^Unknown (?:arguments?|commands?): (.*)$/;

/** The flags that a command has, those that others have, and the commands. */
export interface KnownWords {
  own: readonly string[];
  others: readonly string[];
  commands: readonly string[];
}

/**
 * What yargs says of words that it does not know, said better: each once, with the nearest that it does know; and what it
 * says of words that are missing or wrong, with the flag as it is typed. Other messages stay as they are.
 */
export function tellUnknownWords(message: string, known: KnownWords): string {
  const list = UNKNOWN.exec(message)?.[1];
  if (list === undefined) return tellFlag(message);
  const words = new Set(list.split(', ').map(kebabCase));
  return [...words].map((word) => tellWord(word, known)).join('\n');
}

function tellFlag(message: string): string {
  if (message.startsWith('Not enough non-option arguments')) return 'a word is missing after the command';
  const missing = /^Missing required arguments?: (.*)$/.exec(message)?.[1];
  if (missing !== undefined) return eachFlag(missing, 'required');
  const empty = /^Not enough arguments following: (.*)$/.exec(message)?.[1];
  if (empty !== undefined) return eachFlag(empty, 'its value is missing');
  const [, flag, given, choices] =
    /^Invalid values:\s+Argument: (\S+), Given: (.*), Choices: (.*)$/.exec(message) ?? [];
  if (flag === undefined) return message;
  return `--${flag}: expected one of ${choices?.replaceAll('"', '')}, got ${given}`;
}

const eachFlag = (list: string, what: string): string =>
  list
    .split(', ')
    .map((flag) => `--${flag}: ${what}`)
    .join('\n');

/** yargs names an unknown flag twice, as it was given and in camel case. */
const kebabCase = (word: string): string => word.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function tellWord(word: string, { own, others, commands }: KnownWords): string {
  const command = nearestName(word, commands);
  if (command !== undefined) return `${word}: unknown command; did you mean ${command}?`;
  if (others.includes(word)) return `--${word}: this command has no such flag; others do`;
  const flag = nearestName(word, own);
  return flag === undefined ? `${word}: unknown command or flag` : `--${word}: unknown flag; did you mean --${flag}?`;
}
