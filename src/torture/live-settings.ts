/**
 * A longer run whose settings file is edited while it is on: `npm run live-settings -- [--seconds 60]`. The suite has a
 * shorter one.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runWithEdits } from '../testing/live-edits.ts';

/** With these a quarter of the customers takes a quarter of the time with two processes, less with four, more with one. */
const ROWS_A_SECOND = 290;

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
const rows = Math.round(Number(values.seconds) * ROWS_A_SECOND);
const base = mkdtempSync(join(tmpdir(), 'aggregate-live-'));
const beganAt = performance.now();
const run = await runWithEdits(base, rows);
const seconds = ((performance.now() - beganAt) / 1000).toFixed(1);
rmSync(base, { recursive: true, force: true });
const isExact =
  run.ended.exitCode === 0 &&
  run.children.join() === '2,4,1,1' &&
  [...run.requestsEach].join() === '1' &&
  run.lines.join('\n') === run.expectedLines.join('\n');
const report = [
  `${rows} customers in ${seconds} s, exit code ${run.ended.exitCode}`,
  `children after each edit: ${run.children.join(', ')} (expected 2, 4, 1, 1)`,
  `requests for each customer: ${[...run.requestsEach].join(', ')}; result lines ${run.lines.length} of ${run.expectedLines.length}`,
  ...run.said.map((line) => `log: ${line}`),
  isExact ? 'all exact' : 'NOT AS IT SHOULD BE',
];
process.stdout.write(`${report.join('\n')}\n`);
process.exitCode = isExact ? 0 : 1;
