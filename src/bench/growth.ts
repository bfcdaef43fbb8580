import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeList } from '../../fixtures/list.ts';
import { type Measure, measure } from './measure.ts';
import { atLeast, atMost } from './report.ts';
import { rowOf } from './rows.ts';
import type { Trial } from './trials.ts';

const STAND_IN = new URL('../../fixtures/stands-in-for-children.js', import.meta.url).href;

/**
 * What grows with the list: a hundredth of the customers, a tenth, and all of them. The children settle each row at once and
 * ask nobody, so that the parent does all that it does and nothing waits for an endpoint.
 */
export const growth: Trial = {
  name: 'growth',
  isLong: true,
  async run({ customers, inFlight }, folder) {
    const sizes = [100, 10, 1].map((part) => Math.ceil(customers / part));
    const found: { size: number; speed: number; parentMb: number }[] = [];
    for (const size of sizes) {
      const { seconds, parentMb } = await runOf(size, inFlight, folder);
      found.push({ size, speed: size / seconds, parentMb });
    }
    const [least, middle, most] = found;
    if (least === undefined || middle === undefined || most === undefined) throw new Error('three sizes were measured');
    const figures = found.map(
      ({ size, speed, parentMb }) =>
        `${size.toLocaleString('en-US')} customers: ${Math.round(speed)} a second, the parent at most ${parentMb.toFixed(0)} MB`,
    );
    return {
      account: `Growth, by children that ask nobody: ${figures.join('; ')}.`,
      ratios: [
        atLeast('growth: customers a second to those of a tenth of the list', most.speed / middle.speed, 0.95),
        atMost(
          'growth: MB of the parent beyond those with a hundredth of the list',
          most.parentMb - least.parentMb,
          20,
        ),
        atMost('growth: MB of the parent', most.parentMb, 120),
      ],
    };
  },
};

async function runOf(size: number, inFlight: number, folder: string): Promise<Measure> {
  const list = join(folder, `${size}.csv`);
  const output = join(folder, `${size}`);
  mkdirSync(output);
  await writeList(list, size);
  const job = { list, url: 'http://127.0.0.1:9/{0}', folder: output, inFlight };
  const measured = await measure(rowOf('aggregate-undici').command(job), { NODE_OPTIONS: `--import ${STAND_IN}` });
  expectAll(output, size);
  rmSync(output, { recursive: true });
  rmSync(list);
  return measured;
}

/** Throws unless the summary says that so many customers are in the results. */
function expectAll(output: string, size: number): void {
  const file = readdirSync(output).find((name) => name.startsWith('summary-')) ?? '';
  const text = readFileSync(join(output, file), 'utf8');
  if (!new RegExp(`"ok": ${size}\\b`).test(text)) throw new Error(`not all ${size} customers are settled: ${text}`);
}
