import { describe, expect, it } from 'vitest';
import { sharesIn, simulate } from './simulate.ts';

const run = (name: string, lengthMs: number) =>
  simulate(name, { isAdaptive: true, seed: 1, lengthMs, stretchMs: 10_000 });

describe('the gate, at an endpoint with a hidden limit, in simulated time', () => {
  it.each([
    'token bucket, 300/s',
    'token bucket, 300/s, Retry-After: 1',
    '20 slots and a queue',
    '20 slots and an endless queue',
  ])('has nine tenths of what there is within a minute, and then hardly a refusal: %s', (name) => {
    const stretches = run(name, 60_000);
    expect(sharesIn(stretches).used).toBeGreaterThan(0.9);
    expect(sharesIn(stretches.slice(2)).used).toBeGreaterThan(0.95);
    expect(sharesIn(stretches.slice(2)).refused).toBeLessThan(0.01);
  });

  it('follows a limit that halves for a minute, down at once and up within a minute', () => {
    const stretches = run('limit halves for the second minute', 180_000);
    const [halved, back] = [sharesIn(stretches.slice(6, 12)), sharesIn(stretches.slice(15))];
    expect(halved.used).toBeGreaterThan(0.9);
    expect(halved.refused).toBeLessThan(0.01);
    expect(back.used).toBeGreaterThan(0.9);
    expect(back.refused).toBeLessThan(0.01);
  });

  it('is the same in each run with the same seed', () => {
    expect(run('token bucket, 300/s', 5000)).toEqual(run('token bucket, 300/s', 5000));
  });
});
