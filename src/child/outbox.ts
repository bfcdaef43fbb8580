import type { ChannelMessage, CustomerFailure, DataMessage } from '../channel/protocol.ts';
import { bytesOf, ENTRY_BYTES, UNWRITTEN_LIMIT_BYTES } from '../channel/unwritten.ts';

/** A batch is sent when it holds so much text: as much as a channel's end reads at a time. */
const BATCH_BYTES = 64 * 1024;
/** Where more rows are wanted, a batch is sent when it holds so much: that many rows' places are free once it is written. */
const HASTY_BATCH_BYTES = 8 * 1024;
/** A batch is sent at this age at the latest: what a dead child had not sent is asked for again. */
const BATCH_AGE_MS = 20;

type Post = (message: ChannelMessage) => void;

/** What a child says of its rows apart where the output is in the order of the list. */
type Part = NonNullable<DataMessage['parts']>[number];

/**
 * What a child has to say on the three channels, in batches by size and by age. It keeps count of the bytes that the
 * parent has not written yet, and says when there is room again.
 */
export class Outbox {
  readonly #post: Post;
  readonly #canPost: () => Promise<void>;
  #data = emptyData();
  #lines = '';
  #failures: CustomerFailure[] = [];
  #batchBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #sequence = 0;
  /** Messages that are sent but not written: sequence number and size, oldest first. */
  #unwritten: { sequence: number; bytes: number }[] = [];
  #unwrittenBytes = 0;
  #waiting: (() => void)[] = [];
  #flushing: Promise<void> | undefined;
  /** Whether the parent is told which lines are whose. */
  keepsApart = false;
  #parts: Part[] = [];
  /** Others wait for rows up to this position: they need no room. */
  #hurriedTo = -1;

  /** `canPost` resolves when the channel takes another message (`Sender.whenClear`). */
  constructor(post: Post, canPost: () => Promise<void>) {
    this.#post = post;
    this.#canPost = canPost;
  }

  /** A customer's whole output: `text` is empty or ends in a line break. */
  settle(position: number, text: string, records: number, attempts: number): void {
    this.#data.text += text;
    this.#data.positions.push(position);
    if (records === 0) this.#data.empty.push(position);
    if (this.keepsApart) this.#parts.push({ length: text.length, records, attempts });
    this.#data.records += records;
    this.#data.attempts += attempts;
    this.#grow(text.length + ENTRY_BYTES);
  }

  fail(failure: CustomerFailure): void {
    this.#failures.push(failure);
    this.#grow(failure.reason.length + ENTRY_BYTES);
  }

  /** A whole line of the log. */
  log(line: string): void {
    this.#lines += line;
    this.#grow(line.length);
  }

  /** The parent has written all messages up to `sequence`. */
  written(sequence: number): void {
    while (this.#unwritten[0] !== undefined && this.#unwritten[0].sequence <= sequence) {
      this.#unwrittenBytes -= this.#unwritten.shift()?.bytes ?? 0;
    }
    if (this.#hasRoom()) this.#wake();
  }

  /** What is unwritten waits for rows up to this one: they may be asked for though there is no room. */
  hurry(position: number): void {
    this.#hurriedTo = Math.max(this.#hurriedTo, position);
    this.#wake();
  }

  /** Whether there is room for the output of another customer, whose row is at this position. */
  hasRoom(position: number): boolean {
    return this.#hasRoom() || position <= this.#hurriedTo;
  }

  /** Resolves when there is. */
  async whenRoom(position: number): Promise<void> {
    while (!this.hasRoom(position)) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Rows run short, and others come when these are written: sends what is there, where it is worth a message. */
  hasten(): void {
    if (this.#batchBytes >= HASTY_BATCH_BYTES) void this.flush();
  }

  /** Sends what is there; resolves when all of it was handed to the channel. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#batchBytes > 0) this.#flushing ??= this.#flushAll();
    await this.#flushing;
  }

  #hasRoom(): boolean {
    return this.#unwrittenBytes + this.#batchBytes < UNWRITTEN_LIMIT_BYTES;
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  #grow(bytes: number): void {
    this.#batchBytes += bytes;
    if (this.#batchBytes >= BATCH_BYTES) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), BATCH_AGE_MS);
  }

  async #flushAll(): Promise<void> {
    while (this.#batchBytes > 0) {
      await this.#canPost();
      this.#postBatch();
    }
    // In the same breath as the last look at what is there: a batch that came between the two would never be sent.
    this.#flushing = undefined;
  }

  /** The log goes first, so that no customer is settled whose log lines are lost with the child. */
  #postBatch(): void {
    const { text, positions, empty, records, attempts } = this.#data;
    const lines = this.#lines;
    const failures = this.#failures;
    const parts = this.keepsApart ? { parts: this.#parts } : {};
    this.#parts = [];
    this.#data = emptyData();
    this.#lines = '';
    this.#failures = [];
    this.#batchBytes = 0;
    if (lines !== '') this.#send({ type: 'log', sequence: this.#next(), lines });
    if (failures.length > 0) this.#send({ type: 'exception', sequence: this.#next(), failures });
    if (positions.length > 0) {
      this.#send({ type: 'data', sequence: this.#next(), text, positions, empty, records, attempts, ...parts });
    }
  }

  #next(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  /** Each counts by itself, as the parent counts it: it may be told of as written before others of its batch are. */
  #send(message: ChannelMessage): void {
    const bytes = bytesOf(message);
    this.#unwritten.push({ sequence: message.sequence, bytes });
    this.#unwrittenBytes += bytes;
    this.#post(message);
  }
}

type PendingData = Pick<DataMessage, 'text' | 'positions' | 'empty' | 'records' | 'attempts'>;
const emptyData = (): PendingData => ({ text: '', positions: [], empty: [], records: 0, attempts: 0 });
