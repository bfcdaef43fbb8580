import { tellRealRuns } from './real-runs.ts';
import { ENDPOINTS, type Stretch, sharesIn, simulate } from './simulate.ts';

const percent = (share: number, digits: number): string => `${(share * 100).toFixed(digits)} %`;

/** The first minute, what follows, and refusals once it has settled. */
function cells(stretches: readonly Stretch[]): string[] {
  const [first, later] = [stretches.slice(0, 6), stretches.slice(6)];
  const settled = sharesIn(stretches.slice(2));
  return [percent(sharesIn(first).used, 0), percent(sharesIn(later).used, 0), percent(settled.refused, 2)];
}

/** Each endpoint with a hidden limit, with `adaptive` on and off, over three simulated minutes. */
function tellSimulations(): void {
  console.log(
    '| endpoint | adaptive | used, first minute | used, later | refused, after 20 s |\n|---|---|--:|--:|--:|',
  );
  for (const name of Object.keys(ENDPOINTS)) {
    for (const isAdaptive of [true, false]) {
      const stretches = simulate(name, { isAdaptive, seed: 1, lengthMs: 180_000, stretchMs: 10_000 });
      console.log(`| ${[name, isAdaptive ? 'on' : 'off', ...cells(stretches)].join(' | ')} |`);
    }
  }
}

tellSimulations();
await tellRealRuns();
