import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { OutputError, PoolError, SettingsError, SourceError, StopError } from '../errors.ts';
import { countFailure, emptyTally } from '../output/tally.ts';
import { completeAccount, durationText, interruptedAccount, timedelta } from './account.ts';
import { exitCodeFor, tellError } from './exit-code.ts';
import { Shutdown } from './shutdown.ts';

describe('exitCodeFor', () => {
  it('tells every ending apart', () => {
    const ofError = (error: unknown) => exitCodeFor({ is: 'error', error });
    expect(exitCodeFor({ is: 'complete', failed: 0 })).toBe(0);
    expect(exitCodeFor({ is: 'complete', failed: 2 })).toBe(1);
    expect(ofError(new SettingsError(['x']))).toBe(2);
    expect(ofError(new SourceError('x'))).toBe(2);
    expect(ofError(new StopError('x'))).toBe(3);
    expect(ofError(new OutputError('/x', new Error('full')))).toBe(4);
    expect(ofError(new PoolError('x'))).toBe(70);
    expect(ofError(new TypeError('x'))).toBe(70);
    expect(exitCodeFor({ is: 'interrupted', signal: 'SIGINT' })).toBe(130);
    expect(exitCodeFor({ is: 'interrupted', signal: 'SIGTERM' })).toBe(143);
    expect(exitCodeFor({ is: 'interrupted', signal: 'SIGHUP' })).toBe(143);
  });

  it('tells a known error by its message, and an unknown one with its stack', () => {
    expect(tellError(new SourceError('the list is empty'))).toBe('the list is empty');
    expect(tellError(new TypeError('x'))).toContain('decisions.test.ts');
  });
});

describe('Shutdown', () => {
  it('asks to finish at the first signal and to leave at the second, and hears nothing after its release', () => {
    const source = new EventEmitter();
    const shutdown = new Shutdown(source);
    const calls: string[] = [];
    shutdown.onStop(() => calls.push('stop'));
    shutdown.onLeave(() => calls.push('leave'));
    source.emit('SIGTERM', 'SIGTERM');
    expect(calls).toEqual(['stop']);
    source.emit('SIGINT', 'SIGINT');
    expect(calls).toEqual(['stop', 'leave']);
    expect(shutdown.signal).toBe('SIGTERM');
    shutdown.release();
    expect(source.eventNames()).toEqual([]);
  });

  it('takes a reason of the run itself as a wish to end; it stays the reason when signals come after it', () => {
    const source = new EventEmitter();
    const shutdown = new Shutdown(source);
    const calls: string[] = [];
    shutdown.onStop(() => calls.push('stop'));
    shutdown.onLeave(() => calls.push('leave'));
    const error = new StopError('late');
    shutdown.stopFor(error);
    source.emit('SIGTERM', 'SIGTERM');
    expect(calls).toEqual(['stop']);
    source.emit('SIGTERM', 'SIGTERM');
    expect(calls).toEqual(['stop', 'leave']);
    expect(shutdown.ending).toEqual({ is: 'error', error });
  });

  it('keeps a signal as the reason when the run has one of its own later', () => {
    const source = new EventEmitter();
    const shutdown = new Shutdown(source);
    source.emit('SIGINT', 'SIGINT');
    shutdown.stopFor(new StopError('late'));
    expect(shutdown.ending).toEqual({ is: 'interrupted', signal: 'SIGINT' });
  });

  it('tells who listens late of a signal that has come', () => {
    const source = new EventEmitter();
    const shutdown = new Shutdown(source);
    source.emit('SIGHUP', 'SIGHUP');
    let isStopped = false;
    shutdown.onStop(() => {
      isStopped = true;
    });
    expect(isStopped).toBe(true);
  });
});

describe('account', () => {
  const paths = {
    stamp: 'S',
    results: '/o/results-S.txt',
    log: '/o/log-S.txt',
    failed: '/o/failed-S.txt',
    exceptions: '/o/exceptions-S.ndjson',
    journal: '',
    summary: '',
    samples: '',
    report: '',
    source: '',
  };

  it('says what happened, which files to look at, and how to ask again', () => {
    const tally = { ...emptyTally(), read: 1200, ok: 1188, records: 4812 };
    for (let i = 0; i < 12; i += 1) countFailure(tally, i < 8 ? 'http_5xx' : 'timeout');
    expect(completeAccount(tally, paths, 3204, 'aggregate retry S --config /o/a.json').split('\n')).toEqual([
      'aggregate: 1,200 customers in 3.2 s: 1,188 in the results, 12 failed (http_5xx 8, timeout 4)',
      '  results  /o/results-S.txt (4,812 records)',
      '  log      /o/log-S.txt',
      '  failed   /o/failed-S.txt',
      '  reasons  /o/exceptions-S.ndjson',
      '  ask again for the failed ones:  aggregate retry S --config /o/a.json',
    ]);
  });

  it('counts one record as one', () => {
    const tally = { ...emptyTally(), read: 1, ok: 1, records: 1 };
    expect(completeAccount(tally, paths, 1, '')).toContain('/o/results-S.txt (1 record)\n');
  });

  it('says of an interrupted run what is missing', () => {
    const tally = { ...emptyTally(), read: 300, open: 200, ok: 100 };
    expect(interruptedAccount('interrupted by SIGTERM', tally, paths, false, 'aggregate resume S')).toContain(
      '100 customers in the results, 0 failed, 200 of those read not settled, the rest of the list not read',
    );
    expect(interruptedAccount('x', tally, paths, true, '')).toContain('200 customers not settled');
  });

  it('says of a run that was taken up again what is missing of what it read, however much was settled before', () => {
    const tally = { ...emptyTally(), read: 20, open: 3, ok: 900 };
    expect(interruptedAccount('x', tally, paths, false, '')).toContain('0 failed, 3 of those read not settled');
  });

  it('gives durations in words, and the run time as the original prints it', () => {
    expect([900, 61_000, 7_500_000].map(durationText)).toEqual(['0.9 s', '1 min 1 s', '2 h 05 min']);
    expect(timedelta(3_723_004)).toBe('1:02:03.004000');
    expect(timedelta(5000)).toBe('0:00:05');
  });
});
