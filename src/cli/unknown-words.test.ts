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

  it('names a flag that is missing, has no value, or a wrong one, as it is typed', () => {
    expect(tell('Missing required argument: at')).toBe('--at: required');
    expect(tell('Not enough arguments following: config')).toBe('--config: its value is missing');
    expect(tell('Invalid values:\n  Argument: for, Given: "launchd", Choices: "crontab", "service"')).toBe(
      '--for: expected one of crontab, service, got "launchd"',
    );
    expect(tell('Not enough non-option arguments: got 0, need at least 1')).toBe('a word is missing after the command');
  });

  it('leaves other messages alone', () => {
    expect(tell('Say what to do: run.')).toBe('Say what to do: run.');
  });
});
