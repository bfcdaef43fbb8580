import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { StartEvidence } from './evidence.ts';
import { type RoundReport, runRound } from './round.ts';
import { planRound } from './round-plan.ts';
import { tellRound } from './tell-round.ts';

export interface RoundsPlan {
  /** The seed of the first round; each further one has the next. */
  seed: number;
  rounds: number;
  /** Where each round gets a folder of its own. */
  folder: string;
  say(line: string): void;
}

/** Runs rounds one after another, tells a line of each and the totals; gives how many failed, whose folders stay. */
export async function runRounds({ seed, rounds, folder, say }: RoundsPlan): Promise<number> {
  const totals = new Totals();
  for (let index = 0; index < rounds; index += 1) {
    const own = join(folder, `round-${seed + index}`);
    mkdirSync(own);
    const report = await runRound(planRound(seed + index), own);
    totals.add(report);
    say(`round ${index + 1}: ${tellRound(report)}`);
    if (report.verdict.violations.length === 0) rmSync(own, { recursive: true });
    else sayFailure(report, own, say);
  }
  if (rounds > 0) say(totals.tell());
  return totals.failed;
}

function sayFailure({ verdict, plan }: RoundReport, folder: string, say: (line: string) => void): void {
  for (const violation of verdict.violations) say(`  ${violation}`);
  say(`  kept: ${folder}`);
  say(`  once more: npm run torture -- --seed ${plan.seed} --rounds 1`);
}

/** Sums over rounds. */
class Totals {
  failed = 0;
  #rounds = 0;
  #customers = 0;
  #requests = 0;
  /** Starts that something ended before the run was complete, and all harms done. */
  #brokenOff = 0;
  #harms = 0;
  #again: number[] = [];

  add({ verdict, evidence: { starts, rows } }: RoundReport): void {
    this.#rounds += 1;
    if (verdict.violations.length > 0) this.failed += 1;
    this.#customers += rows.length;
    for (const { requested, harms } of starts) {
      this.#requests += requested.length;
      this.#harms += harms.length;
    }
    this.#brokenOff += starts.filter((start) => !isComplete(start)).length;
    this.#again.push(...verdict.again);
  }

  tell(): string {
    const again = this.#again.reduce((sum, count) => sum + count, 0);
    const mean = this.#again.length === 0 ? 0 : again / this.#again.length;
    return [
      `${this.#rounds} rounds, ${this.failed} failed: ${this.#customers} customers, ${this.#requests} requests`,
      `${this.#harms} signals, ${this.#brokenOff} starts broken off`,
      `asked again per start that went on: ${mean.toFixed(1)} on average, ${Math.max(0, ...this.#again)} at most`,
    ].join('; ');
  }
}

const isComplete = ({ exitCode }: StartEvidence): boolean => exitCode === 0 || exitCode === 1;
