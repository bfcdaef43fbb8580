import { describe, expect, it } from 'vitest';
import { type Port, Sender } from './sender.ts';

/** A port that has room for `room` messages until `takeAll` is called. */
class FakePort implements Port<string> {
  readonly sent: string[] = [];
  #callbacks: ((error: Error | null) => void)[] = [];
  readonly #room: number;

  constructor(room: number) {
    this.#room = room;
  }

  send(message: string, callback: (error: Error | null) => void): boolean {
    this.sent.push(message);
    this.#callbacks.push(callback);
    return this.#callbacks.length <= this.#room;
  }

  takeAll(): void {
    for (const callback of this.#callbacks.splice(0)) callback(null);
  }
}

describe('Sender', () => {
  it('is congested from the first false of send() until everything is taken', async () => {
    const port = new FakePort(1);
    const sender = new Sender(port);
    sender.send('a');
    expect(sender.isCongested).toBe(false);
    sender.send('b');
    expect(sender.isCongested).toBe(true);
    let isClear = false;
    const clear = sender.whenClear().then(() => {
      isClear = true;
    });
    await Promise.resolve();
    expect(isClear).toBe(false);
    port.takeAll();
    await clear;
    expect(sender.isCongested).toBe(false);
    expect(port.sent).toEqual(['a', 'b']);
  });
});
