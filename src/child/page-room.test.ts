import { describe, expect, it } from 'vitest';
import { PageRoom } from './page-room.ts';

const MIB = 1024 * 1024;
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Whether each of some promises is settled by now. */
async function settled(...promises: Promise<void>[]): Promise<boolean[]> {
  const done = promises.map(() => false);
  for (const [at, promise] of promises.entries()) {
    void promise.then(() => {
      done[at] = true;
    });
  }
  await turn();
  return done;
}

describe('PageRoom', () => {
  it('lets so many customers be in the middle of their pages, and the next one in when one is at its end', async () => {
    const room = new PageRoom(2);
    await room.begin(1);
    await room.begin(2);
    const third = room.begin(3);
    expect(await settled(third)).toEqual([false]);
    room.leave(2);
    await third;
  });

  it('lets only the first go on while too much is held, and the others when it has left', async () => {
    const room = new PageRoom(10);
    for (const position of [2, 1]) await room.begin(position);
    await room.goOn(2, 20 * MIB);
    await room.goOn(1, 20 * MIB);
    const others = [room.goOn(2, 1), room.begin(3)];
    expect(await settled(...others)).toEqual([false, false]);
    await room.goOn(1, 100 * MIB);
    room.leave(1);
    await Promise.all(others);
  });

  it('lets a customer in for whose row all others may wait, however full it is', async () => {
    const room = new PageRoom(1);
    await room.begin(8);
    await room.goOn(8, 40 * MIB);
    const later = room.begin(9);
    await room.begin(3);
    await room.goOn(3, 40 * MIB);
    const blocked = room.goOn(8, 1);
    expect(await settled(blocked, later)).toEqual([false, false]);
    room.leave(3);
    await blocked;
    room.leave(8);
    await later;
  });
});
