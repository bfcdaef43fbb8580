import { existsSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ChildSettings, FailureKind } from '../channel/protocol.ts';
import type { ChildLife } from '../metrics/child-life.ts';
import { addCounts } from '../metrics/sample.ts';
import type { AttemptCounts } from '../metrics/sampler.ts';
import type { SourceRow } from '../source/customer-list.ts';
import { FirstChild } from './first-child.ts';
import { ForkedChild } from './forked-child.ts';
import { Pool } from './pool.ts';
import type { FlowSettings, PoolOwner } from './pool-options.ts';
import type { Settled } from './settled.ts';

const CHILD: ChildSettings = {
  request: { url: 'http://127.0.0.1:9/{0}', headers: {}, query: {} },
  requestsPerProcess: 4,
  connection: { timeoutMs: 1000, connectTimeoutMs: 1000, tls: { isVerified: true }, proxies: {} },
  maxAttempts: 1,
  patienceMs: 1000,
  outcomes: [],
  verifyCustomer: null,
  pagination: null,
  heartbeatMs: 50,
  records: 'details',
  format: 'text' as const,
  order: 'arrival',
  fields: ['id'],
  logLevel: 'info',
  logFormat: 'text',
  stamp: '20260131-235959',
  secrets: [],
};

const FLOW: FlowSettings = { perSecond: Number.POSITIVE_INFINITY, isAdaptive: true, canary: 0, patienceMs: 1000 };

const childFile = (name: string): URL => new URL(`../../fixtures/children/${name}.ts`, import.meta.url);

const rowsOf = (customers: string[]): SourceRow[] =>
  customers.map((customer, position) => ({ position, line: position + 2, raw: customer, values: [customer] }));

const numbered = (count: number): string[] => Array.from({ length: count }, (_, i) => `c${i}`);

/** Keeps everything that the pool gives back, and calls `onSettle` for each settlement before it counts as written. */
class Keeper implements PoolOwner {
  readonly lines: string[] = [];
  readonly failed = new Map<string, FailureKind>();
  readonly logged: string[] = [];
  readonly notes: string[] = [];
  readonly lives: ChildLife[] = [];
  outcomes: AttemptCounts['outcomes'] = {};
  readonly times = new Map<number, number>();
  handedOut = 0;
  readonly #rows: SourceRow[];
  readonly #onSettle: (settled: Settled) => Promise<void> | void;

  constructor(rows: SourceRow[], onSettle: (settled: Settled) => Promise<void> | void = () => {}) {
    this.#rows = [...rows];
    this.#onSettle = onSettle;
  }

  async nextRows(maxRows: number): Promise<SourceRow[]> {
    const rows = this.#rows.splice(0, maxRows);
    this.handedOut += rows.length;
    return rows;
  }

  async settle(settled: Settled): Promise<void> {
    await this.#onSettle(settled);
    const { text, rows, failures } = settled;
    this.lines.push(...text.split('\n').slice(0, -1));
    for (const { row, failure } of failures) this.failed.set(row.values[0] ?? '', failure.kind);
    for (const { position } of [...rows, ...failures.map(({ row }) => row)]) {
      this.times.set(position, (this.times.get(position) ?? 0) + 1);
    }
  }

  async log(lines: string): Promise<void> {
    this.logged.push(...lines.split('\n').slice(0, -1));
  }

  note(_level: string, message: string): void {
    this.notes.push(message);
  }

  event(_kind: string, _level: string, message: string): void {
    this.notes.push(message);
  }

  attempts({ outcomes }: AttemptCounts): void {
    this.outcomes = addCounts(this.outcomes, outcomes);
  }

  childGone(life: ChildLife): void {
    this.lives.push(life);
  }

  get customers(): string[] {
    return this.lines.map((line) => line.split(', ')[0] ?? '').sort();
  }

  /** How often each row was settled, as a set: {1} where every row was settled exactly once. */
  get settledTimes(): Set<number> {
    return new Set(this.times.values());
  }
}

/** A pool whose output is in the order of the list. */
const orderedPoolOf = (entry: string, owner: PoolOwner, processCount: number, chunkSize = 10): Pool =>
  new Pool(
    {
      entry: childFile(entry),
      processCount,
      chunkSize,
      silenceMs: 30_000,
      flow: FLOW,
      child: { ...CHILD, order: 'input' },
    },
    owner,
  );

const poolOf = (entry: string, owner: PoolOwner, processCount: number, chunkSize = 10, silenceMs = 30_000): Pool =>
  new Pool({ entry: childFile(entry), processCount, chunkSize, silenceMs, child: CHILD, flow: FLOW }, owner);

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Whether a process has a handler for a signal (proc(5)). */
function catches(pid: number | undefined, signal: NodeJS.Signals): boolean {
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return ((BigInt(`0x${caught}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
}

describe('Pool, with rows that ask for the same', () => {
  const once = { rows: { count: 1, mayBeDoubled: () => true }, settledBefore: new Map() };

  it.each(['arrival', 'input'] as const)('asks once and settles each row once: in the order of %s', async (order) => {
    const customers = Array.from({ length: 600 }, (_, i) => (i % 100 === 50 ? 'poison' : `c${(i * 7) % 50}`));
    const keeper = new Keeper(rowsOf(customers));
    const options = { processCount: 2, chunkSize: 10, silenceMs: 30_000, flow: FLOW, child: { ...CHILD, order }, once };
    await new Pool({ entry: childFile('dies-at-customer'), ...options }, keeper).run();
    expect(keeper.customers).toEqual(numbered(50).sort());
    expect([...keeper.failed]).toEqual([['poison', 'worker_crash']]);
    expect(keeper.settledTimes).toEqual(new Set([1]));
    expect(keeper.times.size).toBe(600);
  });

  it('reads no further than some while they wait for one that takes long', async () => {
    const read: number[] = [];
    const keeper = new Keeper(
      rowsOf(Array.from({ length: 5000 }, () => 'late')),
      () => void read.push(keeper.handedOut),
    );
    const options = { processCount: 2, chunkSize: 10, silenceMs: 30_000, flow: FLOW, child: CHILD, once };
    await new Pool({ entry: childFile('answers-late'), ...options }, keeper).run();
    expect(read[0]).toBeLessThanOrEqual(1020);
    expect(keeper.lines).toHaveLength(1);
    expect(keeper.times.size).toBe(5000);
  });
});

describe('Customers that are slow', () => {
  it('keep nobody waiting: all others are settled before, the last of the list, too', async () => {
    const customers = numbered(1000).map((customer, i) => (i % 300 === 200 || i === 990 ? 'late-for-ever' : customer));
    const keeper = new Keeper(rowsOf(customers));
    const pool = poolOf('waits-for-hurry', keeper, 2);
    const run = pool.run();
    await expect.poll(() => keeper.times.size, { timeout: 10_000 }).toBe(996);
    expect(pool.children.reduce((sum, { held }) => sum + held, 0)).toBe(4);
    pool.kill();
    await run;
    expect(keeper.settledTimes).toEqual(new Set([1]));
  });
});

describe('The child that was forked before the pool', () => {
  it('is one of its children, and no other takes its place', async () => {
    const entry = childFile('settles');
    const firstChild = new FirstChild(entry);
    await sleep(2); // Whoever is forked later has another time.
    const begunAt = Date.now();
    const keeper = new Keeper(rowsOf(numbered(100)));
    const options = { processCount: 1, chunkSize: 10, silenceMs: 30_000, flow: FLOW, child: CHILD };
    await new Pool({ entry, firstChild, ...options }, keeper).run();
    expect(keeper.settledTimes).toEqual(new Set([1]));
    expect(keeper.lives).toMatchObject([{ ok: 100, end: 'finished' }]);
    expect(keeper.lives[0]?.from).toBeLessThan(begunAt);
  });

  it('is replaced where it died before anybody took it', async () => {
    const dead = new ForkedChild(childFile('dies-at-start'));
    await expect.poll(() => isAlive(dead.pid ?? 0)).toBe(false);
    const given = [dead];
    const firstChild = { take: () => given.pop() };
    const keeper = new Keeper(rowsOf(numbered(100)));
    const options = { processCount: 1, chunkSize: 10, silenceMs: 30_000, flow: FLOW, child: CHILD };
    await new Pool({ entry: childFile('settles'), firstChild, ...options }, keeper).run();
    expect(keeper.settledTimes).toEqual(new Set([1]));
    expect(keeper.lives).toHaveLength(2);
  });
});

describe('Pool, in the order of the list', () => {
  it('gives rows back in order, and reads no further behind a straggler than children may hold', async () => {
    const read: number[] = [];
    const keeper = new Keeper(rowsOf(numbered(500).with(0, 'late')), () => void read.push(keeper.handedOut));
    await orderedPoolOf('answers-late', keeper, 2).run();
    expect(keeper.lines.map((line) => line.split(', ')[0])).toEqual(numbered(500).with(0, 'late'));
    // Two chunks for each child, and one more to be given out.
    expect(read[0]).toBeLessThanOrEqual(2 * (2 * 10 + 10));
    expect(keeper.settledTimes).toEqual(new Set([1]));
  });

  it('ends though children die, and takes rows of theirs that go alone in their turn', async () => {
    const rows = numbered(200).with(3, 'poison').with(90, 'poison');
    const keeper = new Keeper(rowsOf(rows));
    await orderedPoolOf('dies-at-customer', keeper, 2).run();
    expect(keeper.lines.map((line) => line.split(', ')[0])).toEqual(rows.filter((row) => row !== 'poison'));
    expect(keeper.failed.get('poison')).toBe('worker_crash');
    expect(keeper.settledTimes).toEqual(new Set([1]));
    expect(keeper.times.size).toBe(200);
  });

  it('settles rows that cannot be asked for in their turn, however many', async () => {
    const rows = rowsOf(numbered(3000)).map((row, i) => (i % 10 < 8 ? { ...row, problem: 'broken' } : row));
    const settled: number[] = [];
    const keeper = new Keeper(rows, ({ rows: ok, failures }) => {
      settled.push(...[...ok, ...failures.map(({ row }) => row)].map(({ position }) => position).sort((a, b) => a - b));
    });
    await orderedPoolOf('settles', keeper, 2).run();
    expect(settled).toEqual(rows.map(({ position }) => position));
    expect(keeper.failed.size).toBe(2400);
  });

  it('tells whoever holds it that all wait for a row, and its next holder when the first is gone', async () => {
    const customers = numbered(150).with(0, 'late').with(70, 'late-and-deadly').with(71, 'late');
    const keeper = new Keeper(rowsOf(customers));
    await orderedPoolOf('waits-for-hurry', keeper, 2).run();
    expect([...keeper.times.keys()]).toEqual([...customers.keys()]);
    expect(keeper.settledTimes).toEqual(new Set([1]));
  });

  it('is not held up by a straggler when it is to stop', async () => {
    const keeper = new Keeper(rowsOf(numbered(100).with(0, 'late-for-ever')));
    const pool = orderedPoolOf('waits-for-hurry', keeper, 2);
    const run = pool.run();
    await expect.poll(() => keeper.handedOut).toBe(60);
    await expect.poll(() => pool.children.reduce((sum, { inFlight }) => sum + inFlight, 0)).toBe(1);
    pool.stop();
    await run;
    expect(keeper.lines).toEqual([]);
  });
});

describe('Pool', () => {
  it('settles every row exactly once, over all children', async () => {
    // Nothing counts as written before each child has settled something, so that none does all the work alone.
    const pids = new Set<string | undefined>();
    const all = Promise.withResolvers<void>();
    const keeper = new Keeper(rowsOf(numbered(2000)), ({ text }) => {
      pids.add(text.split(/[ \n]/)[1]);
      if (pids.size === 3) all.resolve();
      return all.promise;
    });
    await poolOf('settles', keeper, 3).run();
    expect(keeper.customers).toEqual(numbered(2000).sort());
    expect(keeper.settledTimes).toEqual(new Set([1]));
  });

  it('forks nobody for an empty list, and one child for one row', async () => {
    const nobody = new Keeper([]);
    await poolOf('dies-at-start', nobody, 4).run();
    expect(nobody.notes).toEqual([]);
    const one = new Keeper(rowsOf(['only']));
    const pool = poolOf('settles', one, 4);
    const run = pool.run();
    await expect.poll(() => pool.pids.length).toBe(1);
    await run;
    expect(one.customers).toEqual(['only']);
  });

  it('writes every message of children that flood all three channels just before they finish', async () => {
    const keeper = new Keeper(rowsOf(numbered(900)));
    await poolOf('floods', keeper, 2, 150).run();
    expect(keeper.lines.length + keeper.failed.size).toBe(900);
    expect(keeper.failed.size).toBe(300);
    expect(keeper.lives.map(({ end }) => end)).toEqual(['finished', 'finished']);
    expect(keeper.lives.reduce((sum, { ok }) => sum + ok, 0)).toBe(600);
    expect(keeper.lives.reduce((sum, { failed }) => sum + failed, 0)).toBe(300);
    expect(keeper.settledTimes).toEqual(new Set([1]));
    const logged = new Set(keeper.logged.map((line) => line.split(' ')[2]));
    expect(logged.size).toBe(900 + 2 * 500);
    expect(keeper.lines.every((line) => line.endsWith('x'.repeat(10_000)))).toBe(true);
  });

  it('C1: keeps every row when children are killed ten times in the middle of their chunks', async () => {
    // Who was killed is still among the pids until the pool has heard of it: nobody is shot twice.
    const killed = new Set<number>();
    const noted = () => keeper.notes.filter((note) => note.includes('SIGKILL')).length;
    const keeper = new Keeper(rowsOf(numbered(4000)), async () => {
      // The pool must not end before it has heard of the last of them: one that held nothing is not waited for.
      if (killed.size >= 10) await expect.poll(noted).toBe(10);
      if (keeper.times.size < (killed.size + 1) * 300 || killed.size >= 10) return;
      const pid = pool.pids.find((each) => !killed.has(each));
      if (pid === undefined) return;
      process.kill(pid, 'SIGKILL');
      killed.add(pid);
    });
    const pool = poolOf('settles', keeper, 3);
    await pool.run();
    expect(killed.size).toBe(10);
    expect(noted()).toBe(10);
    expect(keeper.customers).toEqual(numbered(4000).sort());
    expect(keeper.settledTimes).toEqual(new Set([1]));
    expect(keeper.failed.size).toBe(0);
  });

  it('C2, C4: gives up on a customer that aborts every child it meets, three at most, and on nobody with it', async () => {
    const customers = [...numbered(150), 'poison', ...numbered(300).slice(150), 'leaves', ...numbered(400).slice(300)];
    const keeper = new Keeper(rowsOf(customers));
    await poolOf('dies-at-customer', keeper, 3).run();
    expect([...keeper.failed]).toEqual(
      expect.arrayContaining([
        ['poison', 'worker_crash'],
        ['leaves', 'worker_crash'],
      ]),
    );
    expect(keeper.failed.size).toBe(2);
    expect(keeper.customers).toEqual(numbered(400).sort());
    expect(keeper.settledTimes).toEqual(new Set([1]));
    expect(keeper.notes.filter((note) => note.includes('died')).length).toBeLessThanOrEqual(2 * 3);
  });

  it('C4: finds several such customers in large chunks, none of them costing more', async () => {
    const customers = numbered(300).map((customer, i) => (i % 100 === 40 ? `poison${i}` : customer));
    const keeper = new Keeper(rowsOf(customers));
    await poolOf('dies-at-customer', keeper, 4, 50).run();
    expect([...keeper.failed.keys()].sort()).toEqual(['poison140', 'poison240', 'poison40']);
    expect(keeper.customers).toEqual(customers.filter((customer) => !customer.startsWith('poison')).sort());
    expect(keeper.settledTimes).toEqual(new Set([1]));
    expect(keeper.notes.filter((note) => note.includes('died')).length).toBeLessThanOrEqual(3 * 3);
  });

  it('C1: loses nobody to a place whose children die beside a well one, and has it rest longer each time', async () => {
    const mark = join(tmpdir(), `aggregate-sick-${process.pid}`);
    rmSync(mark, { force: true });
    onTestFinished(() => rmSync(mark, { force: true }));
    const deaths = () => keeper.lives.filter(({ end }) => end.startsWith('exit code 1'));
    // The well child goes on all the time; the list ends only when some have died beside it.
    const keeper = new Keeper(rowsOf(numbered(3000)), async () => {
      if (keeper.times.size > 200) await expect.poll(() => deaths().length, { timeout: 20_000 }).toBeGreaterThan(4);
    });
    await poolOf('sick-beside-one', keeper, 2).run();
    expect(keeper.failed.size).toBe(0);
    expect(keeper.customers).toEqual(numbered(3000).sort());
    expect(keeper.notes).toContain(
      'The next child in that place begins in 0.1 s: 2 quick deaths there, one after another',
    );
    const sick = deaths().sort((a, b) => a.from - b.from);
    const pauses = sick.slice(1).map(({ from }, i) => from - (sick[i]?.to ?? 0));
    for (const [i, pauseMs] of [0, 100, 200, 400].entries()) expect(pauses[i]).toBeGreaterThanOrEqual(pauseMs - 20);
  });

  it('C8: ends with the reason when no child can be started', async () => {
    const keeper = new Keeper(rowsOf(numbered(100)));
    await expect(poolOf('dies-at-start', keeper, 2).run()).rejects.toThrow(
      /the module that everything needs is missing/,
    );
    expect(keeper.notes.length).toBeLessThan(10);
  });

  it('C11: hands out the next chunk only when earlier ones are written', async () => {
    const gate = Promise.withResolvers<void>();
    const keeper = new Keeper(rowsOf(numbered(5000)), () => gate.promise);
    const run = poolOf('settles', keeper, 2, 10).run();
    // Two windows of 20 rows, and 20 rows read ahead: nothing more moves until the writer does.
    await expect.poll(() => keeper.handedOut).toBe(60);
    gate.resolve();
    await run;
    expect(keeper.lines).toHaveLength(5000);
  });

  it('hands a child that is quick up to twelve chunks, and reads ahead what others are to have at the end of the list', async () => {
    let most = { held: 0, ahead: 0 };
    const keeper: Keeper = new Keeper(rowsOf(numbered(20_000)), () => {
      const held = pool.children.reduce((sum, child) => sum + child.held, 0);
      const ahead = keeper.handedOut - keeper.times.size - held;
      most = { held: Math.max(most.held, held), ahead: Math.max(most.ahead, ahead) };
    });
    const pool = poolOf('settles', keeper, 2, 10);
    await pool.run();
    expect(most.held).toBeGreaterThan(2 * 20);
    expect(most.held).toBeLessThanOrEqual(2 * 120);
    expect(most.ahead).toBeGreaterThan(2 * 10);
    expect(most.ahead).toBeLessThanOrEqual(2 * 120 - 2 * 10);
  });

  it('C11: hands out no more either while failures are not written that the endpoint may have been to blame for', async () => {
    const gate = Promise.withResolvers<void>();
    const keeper = new Keeper(rowsOf(numbered(20_000)), () => gate.promise);
    // The children tell of good answers every 10 ms: after so many of those, nothing moves any more.
    const stillness = { at: -1, answers: 0 };
    keeper.attempts = () => {
      stillness.answers = keeper.handedOut === stillness.at ? stillness.answers + 1 : 0;
      stillness.at = keeper.handedOut;
    };
    const run = poolOf('fails-all', keeper, 2, 10).run();
    await expect.poll(() => stillness.answers, { timeout: 20_000 }).toBeGreaterThan(100);
    // Two windows at their widest, what is read ahead then, and those that may be held back.
    expect(keeper.handedOut).toBeLessThanOrEqual(2 * 120 + 220 + 1000 + 10);
    gate.resolve();
    await run;
    expect(keeper.failed.size).toBe(20_000);
    expect(keeper.settledTimes).toEqual(new Set([1]));
  });

  it('starts so many children at a time only, and all of them in the end', async () => {
    const gate = Promise.withResolvers<void>();
    const keeper = new Keeper(rowsOf(numbered(5000)), () => gate.promise);
    const pool = poolOf('settles', keeper, 20);
    const starting: number[] = [];
    const run = pool.run();
    await expect
      .poll(
        () => {
          starting.push(pool.children.filter(({ state }) => state === 'starting').length);
          return pool.children.filter(({ state }) => state === 'working').length;
        },
        { interval: 5 },
      )
      .toBe(20);
    expect(Math.max(...starting)).toBe(Math.max(8, 2 * availableParallelism()));
    gate.resolve();
    await run;
    expect(keeper.settledTimes).toEqual(new Set([1]));
  });

  it('takes over other numbers while it works: children come and go, each row is settled once', async () => {
    let isSlow = true;
    const keeper = new Keeper(rowsOf(numbered(20_000)), async () => {
      if (isSlow) await new Promise((resolve) => setTimeout(resolve, 20));
    });
    const pool = poolOf('settles', keeper, 1);
    const run = pool.run();
    const change = (processCount: number, requestsPerProcess: number, perSecond: number) =>
      pool.change({ processCount, child: { ...CHILD, requestsPerProcess }, flow: { ...FLOW, perSecond } });
    change(4, 8, 100);
    await expect.poll(() => keeper.lives.length + pool.pids.length).toBe(4);
    expect(pool.flow).toMatchObject({ maxInFlight: 32, perSecond: 100 });
    change(1, 2, 50);
    await expect.poll(() => pool.pids.length).toBe(1);
    expect(pool.flow).toMatchObject({ maxInFlight: 2, perSecond: 50 });
    expect(keeper.lives.map(({ end }) => end)).toEqual(['finished', 'finished', 'finished']);
    expect(keeper.notes.filter((note) => /left, having done what it held/.test(note))).toHaveLength(3);
    isSlow = false;
    await run;
    expect(keeper.settledTimes).toEqual(new Set([1]));
    expect(keeper.times.size).toBe(20_000);
  });

  it('stops when asked to: what is in flight is settled, the rest is not begun, nobody is left', async () => {
    const keeper = new Keeper(rowsOf(numbered(100_000)), () => {
      if (keeper.times.size > 500) pool.stop();
    });
    const pool = poolOf('settles', keeper, 2);
    const run = pool.run();
    await expect.poll(() => pool.pids.length).toBe(2);
    const { pids } = pool;
    await run;
    expect(keeper.times.size).toBeLessThan(5000);
    expect(keeper.settledTimes).toEqual(new Set([1]));
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('ends only when what its children sent before they were gone is written', async () => {
    const disk = Promise.withResolvers<void>();
    let isAsked = false;
    const keeper = new Keeper(rowsOf(numbered(4)), () => {
      isAsked = true;
      return disk.promise;
    });
    const pool = poolOf('settles', keeper, 1);
    const run = pool.run();
    await expect.poll(() => isAsked).toBe(true);
    pool.stop();
    pool.kill();
    await expect.poll(() => pool.pids).toEqual([]);
    setImmediate(() => disk.resolve());
    await run;
    expect(keeper.settledTimes).toEqual(new Set([1]));
  });

  it('leaves nobody behind when it is killed while children hang', async () => {
    const keeper = new Keeper(rowsOf(numbered(100)));
    const pool = poolOf('never-finishes', keeper, 2);
    const run = pool.run();
    await expect.poll(() => pool.pids.length).toBe(2);
    const { pids } = pool;
    pool.stop();
    pool.kill();
    await run;
    expect(pids.filter(isAlive)).toEqual([]);
    expect(keeper.times.size).toBe(0);
  });

  it('C6: kills a child that hangs longer than it said, by its silence, and gives what it held to others', async () => {
    const mark = join(tmpdir(), `aggregate-hangs-${process.pid}`);
    rmSync(mark, { force: true });
    onTestFinished(() => rmSync(mark, { force: true }));
    const keeper = new Keeper(rowsOf([...numbered(30), 'hangs-once', ...numbered(60).slice(30)]));
    await poolOf('hangs-at-customer', keeper, 2, 10, 1000).run();
    expect(keeper.customers).toEqual([...numbered(60), 'hangs-once'].sort());
    expect(keeper.settledTimes).toEqual(new Set([1]));
    expect(keeper.notes).toEqual([
      expect.stringMatching(/^Child \d+ has not been heard of for 1.5 s and is killed$/),
      expect.stringMatching(/signal SIGKILL/),
    ]);
  });

  it('C7: does not kill a child that is stopped and goes on in time', async () => {
    let stopped: number | undefined;
    const keeper = new Keeper(rowsOf(numbered(3000)), () => {
      const settled = keeper.times.size;
      if (stopped === undefined && pool.pids.length === 2 && settled > 100) {
        stopped = pool.pids[0];
        process.kill(stopped ?? 0, 'SIGSTOP');
      }
      // All but what the stopped child holds has gone to the other.
      if (stopped !== undefined && settled > 2900) process.kill(stopped, 'SIGCONT');
    });
    const pool = poolOf('settles', keeper, 2, 10, 60_000);
    await pool.run();
    expect(keeper.notes).toEqual([]);
    expect(keeper.lines).toHaveLength(3000);
  });

  it.runIf(existsSync('/proc/self/status'))('has children that open no debugger at SIGUSR1, and go on', async () => {
    let signalled: number | undefined;
    let hasHandler: boolean | undefined;
    const keeper = new Keeper(rowsOf(numbered(500)), () => {
      if (signalled !== undefined) return;
      [signalled] = pool.pids;
      hasHandler = catches(signalled, 'SIGUSR1');
      process.kill(signalled ?? 0, 'SIGUSR1');
    });
    const pool = poolOf('settles', keeper, 1);
    await pool.run();
    // Node's debugger is opened by a handler, which it has from its start. A child that was ended by it would be noted.
    expect(hasHandler).toBe(false);
    expect(keeper.notes).toEqual([]);
    expect(keeper.lines).toHaveLength(500);
  });

  it('ends with the error of the writer, and nobody is left', async () => {
    const keeper = new Keeper(rowsOf(numbered(1000)), () => Promise.reject(new Error('disk full')));
    const pool = poolOf('settles', keeper, 2);
    await expect(pool.run()).rejects.toThrow('disk full');
    expect(pool.pids).toEqual([]);
  });
});
