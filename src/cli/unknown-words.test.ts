import { describe, expect, it } from 'vitest';
import { tellUnknownWords } from './unknown-words.ts';

describe('tellUnknownWords', () => {
  const known = { own: ['source-file'], others: ['process-count', 'json'], commands: ['run', 'resume'] };
  const tell = (message: string) => tellUnknownWords(message, known);

  it('names each word once, with the nearest one that is known', () => {
    expect(tell('Unknown arguments: source-fil, sourceFil')).toBe(
      '--source-fil: unknown flag; did you mean --source-file?',
    );
    expect(tell('Unknown argument: rnu')).toBe('rnu: unknown command; did you mean run?');
    expect(tell('Unknown argument: frobnicate')).toBe('frobnicate: unknown command or flag');
  });

  it('says of a flag of other commands that this one lacks it', () => {
    expect(tell('Unknown arguments: process-count, processCount')).toBe(
      '--process-count: this command has no such flag; others do',
    );
  });

  it('suggests no flag that only other commands have', () => {
    expect(tell('Unknown argument: jsn')).toBe('jsn: unknown command or flag');
  });

  it('leaves other messages alone', () => {
    expect(tell('Not enough arguments following: config')).toBe('Not enough arguments following: config');
  });
});
