import { describe, expect, it, onTestFinished } from 'vitest';
import yargs from 'yargs';
import { COMMANDS } from './commands.ts';
import { completionFor, flagsOf, matching } from './completion.ts';

const wordsFor = (...words: string[]): string[] => {
  const completion = completionFor(words);
  if (completion.is !== 'words') return [`:${completion.is}`];
  return matching(completion.words, words.at(-1) ?? '').map(({ word }) => word);
};

describe('completionFor', () => {
  it('offers the commands first, and those flags that are none of theirs', () => {
    expect(wordsFor('re')).toEqual(expect.arrayContaining(['resume', 'retry']));
    expect(wordsFor('ver')).toEqual(['verify']);
    expect(wordsFor('--')).toEqual(['--help', '--version']);
    expect(wordsFor('nothing-like-it', '')).toEqual([]);
  });

  it('offers the values of a flag: words where they are few, else files or folders where it is a path', () => {
    expect(wordsFor('run', '--log-level', '')).toEqual(['error', 'warn', 'info', 'debug']);
    expect(wordsFor('run', '--log-level', '=', 'd')).toEqual(['debug']);
    expect(wordsFor('run', '--log-level=d')).toEqual(['--log-level=debug']);
    expect(wordsFor('run', '--config=agg')).toEqual([]);
    expect(wordsFor('retry', '--kind', 'time')).toEqual(['timeout']);
    expect(wordsFor('run', '--stop-at', '')).toEqual(['none']);
    expect(wordsFor('run', '--source-file', '')).toEqual([':file']);
    expect(wordsFor('run', '--output-directory', '')).toEqual([':directory']);
    expect(wordsFor('check', '--config', '')).toEqual([':file']);
    expect(wordsFor('run', '--url', '')).toEqual([]);
  });

  it('offers one stamp to the commands that are about a run, whatever flags stand before it', () => {
    expect(wordsFor('resume', '')).toEqual([':stamps']);
    expect(wordsFor('verify', '--config', 'x.json', '--no-source-header', '')).toEqual([':stamps']);
    expect(wordsFor('retry', '20260131-020000', '')).toEqual([]);
    expect(wordsFor('run', '')).toEqual([]);
    expect(wordsFor('completion', 'f')).toEqual(['fish']);
  });

  it('offers every flag of every command, and no other', async () => {
    // Settings are in the help of who asks for it.
    const { argv } = process;
    process.argv = [...argv, '--help'];
    onTestFinished(() => {
      process.argv = argv;
    });
    for (const { command, load } of COMMANDS) {
      const help = await (await load()).builder(yargs([]).help(false).version(false).wrap(null)).getHelp();
      const inHelp = [...help.matchAll(/^ +(?:-\w, )?--([\w-]+)/gm)].map(([, flag]) => `--${flag}`);
      const offered = flagsOf(command.split(' ')[0] ?? '').map(({ word }) => word.replace('--no-', '--'));
      expect([command, offered.sort()]).toEqual([command, inHelp.sort()]);
    }
  });
});
