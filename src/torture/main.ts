import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runLongList } from './long-list.ts';
import { runRounds } from './rounds.ts';
import { runSignIn } from './sign-in-run.ts';
import { runSweep } from './sweep.ts';

/**
 * `npm run torture -- [--seed N] [--rounds N] [--sweep] [--long-list N] [--sign-in SECONDS]`: builds, then tortures
 * what was built: rounds of runs that are harmed, the sweep over system calls, a list of so many customers in a small
 * heap, a sign-in whose tokens end every 2 s. Exits 1 where
 * something was lost, doubled, torn or otherwise not as promised; the folder of it is kept.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
      rounds: { type: 'string', default: '10' },
      sweep: { type: 'boolean', default: false },
      'long-list': { type: 'string' },
      'sign-in': { type: 'string' },
    },
  });
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: fileURLToPath(new URL('../../', import.meta.url)) });
  const folder = mkdtempSync(join(tmpdir(), 'aggregate-torture-'));
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const seed = wholeNumber(values.seed);
  let failures = await runRounds({ seed, rounds: wholeNumber(values.rounds), folder, say });
  if (values.sweep) failures += await runSweep(folder, say);
  const longList = values['long-list'];
  if (longList !== undefined) failures += await runLongList(wholeNumber(longList), folder, say);
  const signInSeconds = values['sign-in'];
  if (signInSeconds !== undefined) failures += await runSignIn(wholeNumber(signInSeconds), folder, say);
  process.exitCode = failures === 0 ? 0 : 1;
  if (failures === 0) rmSync(folder, { recursive: true });
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`a whole number of up to nine digits was expected, not ${text}`);
  return Number(text);
}

await main();
