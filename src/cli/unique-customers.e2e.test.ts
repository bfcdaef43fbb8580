import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { customerAt } from '../../fixtures/list.ts';
import { expectedLinesOf } from '../../fixtures/result-lines.ts';
import { childrenOf } from '../testing/aggregate-process.ts';
import { auditOf, runFolder } from '../testing/finished-run.ts';

const UNIQUE = '--unique-customers';
const FAILING = 'fault-404';
/** 900 rows, each customer three times, far apart; one of them fails. */
const CUSTOMERS = Array.from({ length: 900 }, (_, i) => (i % 300 === 7 ? FAILING : customerAt(i % 300)));

async function scene() {
  const run = await runFolder(0, { latencyMs: 10 });
  writeFileSync(run.list, `customer\n${CUSTOMERS.join('\n')}\n`);
  const audit = () => auditOf(run, 'finished', undefined, { unique_customers: 'true' });
  return { run, audit };
}

const lines = (path: string): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);
const distinct = new Set(CUSTOMERS);
const allLines = [...distinct]
  .filter((customer) => customer !== FAILING)
  .flatMap((customer) => expectedLinesOf(customer));

describe('F8: doubled customers, asked for once', () => {
  it('have their records once, each row settled once, also those of one that fails', async () => {
    const { run, audit } = await scene();
    expect(await run.aggregate(['run'], UNIQUE)).toMatchObject({ exitCode: 1 });
    expect([...distinct].map((customer) => run.endpoint.countOf(customer))).toEqual([...distinct].map(() => 1));
    expect(lines(run.file('results')).sort()).toEqual(allLines.sort());
    expect(lines(run.file('failed'))).toEqual(['customer', FAILING, FAILING, FAILING]);
    expect(lines(run.file('log')).join()).toContain('300 customers stand in the list more than once');
    expect(await audit()).toMatchObject({ sentences: [], facts: { ok: 897, failed: 3, list: { unsettled: 0 } } });
    expect(await run.aggregate(['retry'], UNIQUE)).toMatchObject({ exitCode: 1 });
    expect(run.endpoint.countOf(FAILING)).toBe(2);
    expect((await audit()).sentences).toEqual([]);
  });

  it('have them once after a crash, too, and are not asked for again once they are ok', async () => {
    const { run, audit } = await scene();
    const { process: parent, ended } = run.start(['run'], UNIQUE);
    await expect.poll(() => run.endpoint.requests, { timeout: 30_000 }).toBeGreaterThan(120);
    const children = childrenOf(parent.pid ?? 0);
    parent.kill('SIGKILL');
    await ended;
    // They leave when they see that they are alone, and ask until then.
    await expect.poll(() => children.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
    run.endpoint.reset();
    expect(await run.aggregate(['resume'], UNIQUE)).toMatchObject({ exitCode: 1 });
    expect([...run.endpoint.counts().values()].every((count) => count === 1)).toBe(true);
    expect(lines(run.file('results')).sort()).toEqual(allLines.sort());
    expect(await audit()).toMatchObject({ sentences: [], facts: { ok: 897, failed: 3 } });
  });
});
