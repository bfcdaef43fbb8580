import { expect, it } from 'vitest';
import { linesOf } from '../testing/aggregate-process.ts';
import { runFolder } from '../testing/finished-run.ts';

it('an answer that says stop ends the run with 3 and says which; with another rule the run goes on to its end', async () => {
  const run = await runFolder(300, { latencyMs: 2, faults: { rate: 0.02, seed: 3, kinds: ['403'] } });
  const rule = (as: string) => ['--outcomes', JSON.stringify([{ status: 403, as }])];
  const stopped = await run.aggregate(['run'], ...rule('stop'));
  const reason = /^aggregate: the answer for customer (\w+) ends the run: HTTP 403 Forbidden \(stop: 403\): /m;
  expect(stopped).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(reason) });
  expect(stopped.stderr).toMatch(/^ {2}go on: {2}aggregate resume/m);
  const customer = reason.exec(stopped.stderr)?.[1] ?? '';
  expect(
    linesOf(run.folder, 'log').some((line) => line.includes(`[Run stopped] the answer for customer ${customer}`)),
  ).toBe(true);
  expect(linesOf(run.folder, 'failed')).toEqual([]);
  const asked = new Map(run.endpoint.counts());
  expect(asked.size).toBeLessThan(300);
  expect(await run.aggregate(['resume'], ...rule('empty'))).toMatchObject({ exitCode: 0 });
  expect(run.endpoint.countOf(customer)).toBe((asked.get(customer) ?? 0) + 1);
  expect(await run.aggregate(['verify'])).toMatchObject({ exitCode: 0 });
});
