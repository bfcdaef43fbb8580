import type { ChildSettings, LogLevel, TokenMessage } from '../channel/protocol.ts';
import type { GateSettings } from '../flow/gate-terms.ts';
import type { ChildLife } from '../metrics/child-life.ts';
import type { EventKind } from '../metrics/run-event.ts';
import type { AttemptCounts } from '../metrics/sampler.ts';
import type { SourceRow } from '../source/customer-list.ts';
import type { AskedOnceFacts } from './asked-once.ts';
import type { FirstChild } from './first-child.ts';
import type { Settled } from './settled.ts';

/** What a pool goes by. */
export interface PoolOptions {
  /** The file that a child runs. */
  entry: URL;
  /** A child that was forked already, where one was. */
  firstChild?: Pick<FirstChild, 'take'> | undefined;
  processCount: number;
  chunkSize: number;
  /** A child that is not heard of for so long is killed, and what it held goes to others. */
  silenceMs: number;
  child: ChildSettings;
  flow: FlowSettings;
  /** Present where rows that ask for the same are asked for once. */
  once?: AskedOnceFacts | undefined;
  /** Where the children's tokens come from, where they need any. */
  tokens?: TokenGiver;
}

/** Whoever gets tokens for the children. */
export interface TokenGiver {
  /** The one that a child which begins is given. */
  readonly current: TokenMessage | undefined;
  /** The token of this serial was refused; gives what the child is to be told at once, or nothing where all will be told. */
  refused(serial: number): TokenMessage | undefined;
}

/** What of the flow does not follow from the children's own settings. */
export type FlowSettings = Omit<GateSettings, 'processCount' | 'requestsPerProcess'>;

/** What the pool asks of whoever runs it. A promise that rejects ends the run with that error. */
export interface PoolOwner {
  /** The list's next rows, at most so many, those that cannot be asked for too; none at its end. */
  nextRows(maxRows: number): Promise<SourceRow[]>;
  /** Writes what settles these rows; resolves when it is written, which is when their credit comes back. */
  settle(settled: Settled): Promise<void>;
  /** Writes children's log entries; resolves when they are written. */
  log(lines: string): Promise<void>;
  /** Something that happened in the pool itself. */
  note(level: LogLevel, message: string): void;
  /** The same, where people will want to see it beside the run's figures. */
  event(kind: EventKind, level: LogLevel, message: string): void;
  /** Attempts ended, and so many requests are in flight now. */
  attempts(counts: AttemptCounts, inFlight: number): void;
  /** A child is gone; what it did. */
  childGone(life: ChildLife): void;
}

export const planOf = ({ chunkSize, processCount, child }: PoolOptions) => ({
  chunkSize,
  processCount,
  requestsPerProcess: child.requestsPerProcess,
});

export const gateSettingsOf = ({ flow, processCount, child: { requestsPerProcess } }: PoolOptions): GateSettings => ({
  ...flow,
  processCount,
  requestsPerProcess,
});
