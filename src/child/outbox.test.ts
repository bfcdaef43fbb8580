import pLimit from 'p-limit';
import { describe, expect, it } from 'vitest';
import type { ChannelMessage } from '../channel/protocol.ts';
import { Outbox } from './outbox.ts';
import { createSlots, NO_ROOM } from './slots.ts';

const outboxOf = (canPost: () => Promise<void> = async () => {}) => {
  const posted: ChannelMessage[] = [];
  return { posted, outbox: new Outbox((message) => posted.push(message), canPost) };
};

describe('Outbox', () => {
  it('sends a small batch by its age, the log before what it settles, with rising sequence numbers', async () => {
    const { posted, outbox } = outboxOf();
    outbox.settle(7, 'a, 1\n', 1, 2);
    outbox.settle(8, '', 0, 1);
    outbox.log('said\n');
    outbox.fail({ position: 9, time: 1, kind: 'timeout', reason: 'slow', attempts: 3, elapsedMs: 5 });
    expect(posted).toEqual([]);
    await expect.poll(() => posted.length).toBe(3);
    expect(posted.map(({ type, sequence }) => [type, sequence])).toEqual([
      ['log', 1],
      ['exception', 2],
      ['data', 3],
    ]);
    expect(posted[2]).toMatchObject({ text: 'a, 1\n', positions: [7, 8], empty: [8], records: 1, attempts: 3 });
  });

  it('sends a large batch at once', async () => {
    const { posted, outbox } = outboxOf();
    outbox.settle(0, `${'x'.repeat(100_000)}\n`, 1, 1);
    await Promise.resolve();
    expect(posted).toHaveLength(1);
  });

  it('sends what is worth a message at once where rows run short, and less than that by its age', async () => {
    const { posted, outbox } = outboxOf();
    outbox.settle(0, `${'x'.repeat(1000)}\n`, 1, 1);
    outbox.hasten();
    await Promise.resolve();
    expect(posted).toEqual([]);
    outbox.settle(1, `${'x'.repeat(9000)}\n`, 1, 1);
    outbox.hasten();
    await Promise.resolve();
    expect(posted).toMatchObject([{ type: 'data', positions: [0, 1] }]);
  });

  it('sends a large batch that comes at any moment of the sending of another', async () => {
    for (let moments = 0; moments < 12; moments += 1) {
      const { posted, outbox } = outboxOf();
      const large = `${'x'.repeat(100_000)}\n`;
      outbox.settle(0, large, 1, 1);
      for (let i = 0; i < moments; i += 1) await Promise.resolve();
      outbox.settle(1, large, 1, 1);
      await new Promise((resolve) => setImmediate(resolve));
      const sent = posted.flatMap((message) => (message.type === 'data' ? message.positions : []));
      expect([moments, sent]).toEqual([moments, [0, 1]]);
    }
  });

  it('has no room while 4 MiB are not written, and has room again when they are', async () => {
    const { posted, outbox } = outboxOf();
    outbox.settle(0, 'x'.repeat(5_000_000), 1, 1);
    await outbox.flush();
    let hasRoom = false;
    const room = outbox.whenRoom(1).then(() => {
      hasRoom = true;
    });
    await Promise.resolve();
    expect(hasRoom).toBe(false);
    outbox.written(posted[0]?.sequence ?? 0);
    await room;
    expect(hasRoom).toBe(true);
  });

  it('has room for the one row that others wait for, and for no other, while too much is not written', async () => {
    const { outbox } = outboxOf();
    const slots = createSlots(pLimit(1), outbox);
    outbox.settle(0, 'x'.repeat(5_000_000), 1, 1);
    await outbox.flush();
    const begun: number[] = [];
    const ask = async (position: number): Promise<void> => {
      await slots.room(position);
      const done = await slots.run(async () => begun.push(position), position);
      if (done === NO_ROOM) await ask(position);
    };
    for (const position of [5, 3, 4]) void ask(position);
    for (let turn = 0; turn < 20; turn += 1) await undefined;
    expect(begun).toEqual([]);
    outbox.hurry(3);
    await expect.poll(() => begun).toEqual([3]);
    outbox.written(1);
    await expect.poll(() => begun).toEqual([3, 5, 4]);
  });

  it('says which lines are whose where it is to keep them apart', async () => {
    const { posted, outbox } = outboxOf();
    outbox.keepsApart = true;
    outbox.settle(7, 'a\nb\n', 2, 1);
    outbox.settle(5, '', 0, 3);
    await outbox.flush();
    const parts = [
      { length: 4, records: 2, attempts: 1 },
      { length: 0, records: 0, attempts: 3 },
    ];
    expect(posted).toMatchObject([{ positions: [7, 5], empty: [5], parts }]);
    outbox.settle(6, 'c\n', 1, 1);
    await outbox.flush();
    expect(posted[1]).toMatchObject({ parts: [{ length: 2, records: 1, attempts: 1 }] });
  });

  it('waits with a batch while the channel is congested, and loses nothing', async () => {
    const gate = Promise.withResolvers<void>();
    const { posted, outbox } = outboxOf(() => gate.promise);
    outbox.settle(0, 'a\n', 1, 1);
    const flushed = outbox.flush();
    outbox.settle(1, 'b\n', 1, 1);
    expect(posted).toEqual([]);
    gate.resolve();
    await flushed;
    expect(posted).toMatchObject([{ text: 'a\nb\n', positions: [0, 1] }]);
  });
});
