import { describe, expect, it } from 'vitest';
import yargs from 'yargs';
import { flagsToSettings, settingOptions } from './flags.ts';
import { SETTING_NAMES } from './schema.ts';

const parse = (...args: string[]): Record<string, unknown> =>
  flagsToSettings(
    yargs(args)
      .options(settingOptions())
      .strict()
      .exitProcess(false)
      .fail((message, error) => {
        throw error ?? new Error(message);
      })
      .parseSync(),
  );

describe('flagsToSettings', () => {
  it('gives nothing for settings that were not given', () => {
    expect(parse()).toEqual({});
  });

  it.each(['007', '1e3', '12345678901234567890', '0x1f', ' 5', '', 'abc', '-5'])(
    'leaves %j as it was typed',
    (word) => {
      expect(parse('--source-column', word, `--process-count=${word}`)).toEqual({
        source_column: word,
        process_count: word,
      });
    },
  );

  it('takes a lone hyphen for a value', () => {
    expect(parse('--source-file', '-')).toEqual({ source_file: '-' });
  });

  it('takes the names with underscores as well', () => {
    expect(parse('--source_file', 'a', '--max_attempts=2', '--headers', 'A: b')).toEqual({
      source_file: 'a',
      max_attempts: '2',
      headers: 'A: b',
    });
  });

  it('gives a repeated flag as a list, whichever way it is spelt', () => {
    expect(parse('--url', 'a', '--url', 'b')).toEqual({ url: ['a', 'b'] });
    expect(parse('--source-file', 'a', '--source_file', 'b')).toEqual({ source_file: ['a', 'b'] });
    expect(parse('--header', 'A: 1', '--header', 'B: 2', '--fields', 'a,b', '--fields', 'c')).toEqual({
      headers: ['A: 1', 'B: 2'],
      fields: ['a,b', 'c'],
    });
  });

  it.each([
    ['--source-header', true],
    ['--no-source-header', false],
    ['--no-source_header', false],
    ['--source-header=false', 'false'],
    ['--source-header=yes', 'yes'],
  ])('takes %s', (flag, value) => {
    expect(parse(flag)).toEqual({ source_header: value });
  });

  it('refuses a flag without its value by name', () => {
    expect(() => parse('--process-count')).toThrow(/process-count/);
    expect(() => parse('--url', '--log-level', 'info')).toThrow(/url/);
  });
});

describe('settingOptions', () => {
  it('shows each setting once in the help, with its default', async () => {
    const help = await yargs([]).options(settingOptions(true)).wrap(null).getHelp();
    for (const name of SETTING_NAMES) {
      const flag = name === 'headers' ? 'header' : name.replaceAll('_', '-');
      expect(help.match(new RegExp(`^ +--${flag} `, 'gm'))).toHaveLength(1);
    }
    expect(help).toMatch(/--process-count .*1 to 256.*\[default: what the machine offers\]/);
    expect(help).not.toContain('--source_file');
  });

  it('says how a flag is written, and nothing in Markdown', async () => {
    const help = await yargs([]).options(settingOptions(true)).wrap(null).getHelp();
    expect(help).toMatch(/--header .*\('NAME: VALUE', may be repeated\)/);
    expect(help).toMatch(/--query .*\(NAME=VALUE, may be repeated\)/);
    expect(help).toMatch(/--outcomes .*\(JSON\)/);
    expect(help).toMatch(/--stop-at .*\(HH:MM: 00:00 to 23:59\)/);
    expect(help).toMatch(/--adaptive .*\(--no-adaptive switches it off\)/);
    expect(help).not.toContain('`');
  });
});
