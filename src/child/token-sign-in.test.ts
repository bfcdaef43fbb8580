import { describe, expect, it } from 'vitest';
import type { TokenMessage } from '../channel/protocol.ts';
import { TokenSignIn } from './token-sign-in.ts';

function scene() {
  const stopping = new AbortController();
  const world = { nowMs: 1000, complaints: [] as number[], stopping };
  const signIn = new TokenSignIn({
    tellRefused: (serial) => world.complaints.push(serial),
    now: () => world.nowMs,
    signal: stopping.signal,
  });
  return { world, signIn };
}

const token = (serial: number, expiresAtMs?: number): TokenMessage => ({
  type: 'token',
  serial,
  token: `t${serial}`,
  ...(expiresAtMs !== undefined && { expiresAtMs }),
});
const REQUEST = { url: 'http://h/', headers: { 'x-own': 'yes' } };
const signed = (serial: number) => ({ ...REQUEST, headers: { 'x-own': 'yes', authorization: `Bearer t${serial}` } });

/** Whether a promise is done, once everything that waits for nothing is. */
const isDone = (promise: Promise<unknown>): Promise<boolean> =>
  Promise.race([promise.then(() => true), new Promise<boolean>((resolve) => setImmediate(() => resolve(false)))]);

describe('a sign-in by token', () => {
  it('has no proof before the first token, and puts it on each request then', async () => {
    const { signIn } = scene();
    const early = Promise.resolve(signIn.ready());
    expect(await isDone(early)).toBe(false);
    expect(signIn.sign(REQUEST)).toBeUndefined();
    signIn.take(token(1));
    await early;
    expect(signIn.ready()).toBeUndefined();
    expect(signIn.sign(REQUEST)).toEqual(signed(1));
  });

  it('has none where the token has expired, until the next', async () => {
    const { world, signIn } = scene();
    signIn.take(token(1, 2000));
    expect(signIn.sign(REQUEST)).toEqual(signed(1));
    world.nowMs = 2000;
    expect(signIn.sign(REQUEST)).toBeUndefined();
    const late = Promise.resolve(signIn.ready());
    signIn.take(token(2, 2000));
    expect(await isDone(late)).toBe(false);
    signIn.take(token(3, 4000));
    await late;
    expect(signIn.sign(REQUEST)).toEqual(signed(3));
  });

  it('complains once of a token that was refused, whoever was, and is worth another try with the next', async () => {
    const { world, signIn } = scene();
    signIn.take(token(1));
    const both = [signIn.renew(signed(1), false), signIn.renew(signed(1), false)];
    expect(world.complaints).toEqual([1]);
    signIn.take(token(2));
    expect(await Promise.all(both)).toEqual([true, true]);
  });

  it('complains of no token that has been renewed meanwhile', async () => {
    const { world, signIn } = scene();
    signIn.take(token(1));
    signIn.take(token(2));
    expect(await signIn.renew(signed(1), false)).toBe(true);
    expect(world.complaints).toEqual([]);
  });

  it('asks a second time only for a token that ran out on its way: one that holds and is refused is an answer', async () => {
    const { world, signIn } = scene();
    signIn.take(token(1, 2000));
    signIn.take(token(2, 2000));
    expect(await signIn.renew(signed(2), true)).toBe(false);
    world.nowMs += 1000;
    expect(await signIn.renew(signed(1), true)).toBe(true);
    const renewed = signIn.renew(signed(2), true);
    expect(world.complaints).toEqual([2]);
    signIn.take(token(3, 3000));
    expect(await renewed).toBe(true);
  });

  it('gives up where the parent has no other', async () => {
    const { signIn } = scene();
    signIn.take(token(1));
    const renewed = signIn.renew(signed(1), false);
    signIn.take(token(1));
    expect(await renewed).toBe(false);
  });

  it('keeps nobody waiting once the run is stopped', async () => {
    const { world, signIn } = scene();
    signIn.take(token(1));
    const renewed = signIn.renew(signed(1), false);
    world.stopping.abort();
    expect(await renewed).toBe(false);
    expect(await signIn.renew(signed(1), false)).toBe(false);
  });

  it('keeps nobody waiting for a token once the run is stopped', async () => {
    const { world, signIn } = scene();
    const early = signIn.ready();
    world.stopping.abort();
    await early;
    await signIn.ready();
  });
});
