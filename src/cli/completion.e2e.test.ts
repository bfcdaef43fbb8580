import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { journalLine } from '../journal/journal-line.ts';
import { finishedSummary } from '../testing/finished-summary.ts';
import { hasCommand } from '../testing/requirements.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { completionScript } from './completion-scripts.ts';

const BIN = fileURLToPath(new URL('../../bin/aggregate.js', import.meta.url));

/** A folder with `aggregate` in `bin/`, settings, a finished run and one that is not. */
function scene(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'bin'));
  const program = join(folder, 'bin', 'aggregate');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`);
  chmodSync(program, 0o755);
  const headers = { authorization: 'Bearer ${NOT_SET_IN_THIS_SHELL}' };
  const settings = { source_file: 'list.csv', url: 'http://127.0.0.1/{0}', headers };
  writeFileSync(join(folder, 'aggregate.config.json'), JSON.stringify(settings));
  for (const stamp of ['20260101-020000', '20260102-020000']) {
    writeFileSync(join(folder, `journal-${stamp}.ndjson`), journalLine({ type: 'run', version: 1 }));
    writeFileSync(join(folder, `results-${stamp}.txt`), '');
  }
  writeFileSync(join(folder, 'summary-20260101-020000.json'), finishedSummary());
  return folder;
}

const shell = (folder: string, [program = '', ...args]: string[]): string[] => {
  const env = { PATH: `${join(folder, 'bin')}:${process.env.PATH}`, HOME: folder, TERM: 'dumb' };
  return execFileSync(program, args, { cwd: folder, env, encoding: 'utf8' }).split('\n').filter(Boolean);
};

const BASH_ASKS = `
source ./completion
ask() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _aggregate; echo "\${COMPREPLY[*]}"; }
ask aggregate ver
ask aggregate verify --config aggregate.config.json ''
ask aggregate run --log-level = wa
ask aggregate run --config agg
`;

const ZSH_ASKS = `
compdef() { :; }
source ./completion
_describe() { print -r -- \${\${(P)2}%%:*} }
_files() { print -r -- files "$@" }
ask() { words=("$@"); CURRENT=$#; _aggregate }
ask aggregate resume ''
ask aggregate run --output-directory ''
ask aggregate run --log-level=wa
`;

const FISH_ASKS = `
source ./completion
complete -C 'aggregate resume '
complete -C 'aggregate run --config agg'
complete -C 'aggregate run --log-level=wa'
`;

describe('completion, asked for by a real shell', () => {
  const asked = (program: 'bash' | 'zsh' | 'fish', ...args: string[]): string[] => {
    const folder = scene();
    writeFileSync(join(folder, 'completion'), completionScript(program));
    return shell(folder, [program, ...args]);
  };

  it('bash offers commands, the values of flags, files, and the stamps of the runs that a command is for', () => {
    const stamps = '20260102-020000 20260101-020000';
    expect(asked('bash', '-c', BASH_ASKS)).toEqual(['verify', stamps, 'warn', 'aggregate.config.json']);
  });

  it.runIf(hasCommand('zsh'))('zsh offers stamps, and its own folders', () => {
    expect(asked('zsh', '-f', '-c', ZSH_ASKS)).toEqual(['20260102-020000', 'files -/', '--log-level=warn']);
  });

  it.runIf(hasCommand('fish'))('fish offers stamps with what they mean, and its own files', () => {
    const lines = ['20260102-020000\tnot finished', 'aggregate.config.json', '--log-level=warn'];
    expect(asked('fish', '--no-config', '-c', FISH_ASKS)).toEqual(lines);
  });
});
