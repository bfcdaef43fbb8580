import type { FailureKind } from '../channel/protocol.ts';

/** The version of the journal's form; one that is newer than the program is refused. */
export const JOURNAL_VERSION = 1;

/** Bytes in each output file. */
export interface OutputLengths {
  results: number;
  log: number;
  failed: number;
  exceptions: number;
}

/** Sums over the whole run up to a checkpoint. */
export interface Totals {
  /** Rows whose records are in the results; with the failures it tells whether a line before this one is missing. */
  ok: number;
  records: number;
  requests: number;
  failures: Partial<Record<FailureKind, number>>;
}

/** What a list is known by: its length in bytes and its SHA-256 (hexadecimal). */
export interface Fingerprint {
  bytes: number;
  sha256: string;
}

/**
 * The first line: what this run is.
 * Example: `{"type":"run","version":1,"run_id":"…","stamp":"20260131-235959","started_at":"…","source":{"path":"/l.csv","bytes":20,"sha256":"…"},"settings":{"url":"…"},"files":{"results":"/o/results-….txt",…}}`
 */
export interface RunRecord {
  type: 'run';
  version: number;
  run_id: string;
  stamp: string;
  /** ISO 8601, UTC. */
  started_at: string;
  source: Fingerprint & { path: string };
  /** SHA-256 of each setting that shapes the output: a setting that changed can be named, and none is disclosed. */
  settings: Record<string, string>;
  files: Record<keyof OutputLengths, string>;
}

/**
 * A checkpoint: the positions settled since the one before, and how long each output was when that was so.
 * Example: `{"type":"checkpoint","ok":"0-16 18","empty":"3","failed":"17","lengths":{"results":812,"log":1904,"failed":31,"exceptions":150},"totals":{"ok":18,"records":40,"requests":21,"failures":{"timeout":1}}}`
 */
export interface CheckpointRecord {
  type: 'checkpoint';
  ok: string;
  /** Those of `ok` whose customer has no records, and so no line in the results. */
  empty: string;
  failed: string;
  lengths: OutputLengths;
  totals: Totals;
}

/**
 * Failed customers of a complete run are asked for again: these positions are no longer settled, and the failed and
 * exceptions files are replaced by ones without them, of these lengths, which stand beside them by now.
 * Example: `{"type":"retry","at":"2026-01-31T23:59:59.000Z","reopened":"17 40-42","lengths":{"results":812,"log":1904,"failed":31,"exceptions":150},"totals":{"ok":18,"records":40,"requests":21,"failures":{"timeout":1}}}`
 */
export interface RetryRecord {
  type: 'retry';
  at: string;
  reopened: string;
  lengths: OutputLengths;
  totals: Totals;
}

/** The run was taken up again. */
export interface ResumeRecord {
  type: 'resume';
  at: string;
}

/** Every row is settled. */
export interface EndRecord {
  type: 'end';
  /** Rows in the list. */
  rows: number;
  at: string;
}

/**
 * What was read was not the list that the run began with: what is settled may be another row's. Nobody goes on from here.
 * Example: `{"type":"spoiled","reason":"the list /l.csv changed while the run was on","at":"2026-01-31T23:59:59.000Z"}`
 */
export interface SpoiledRecord {
  type: 'spoiled';
  /** In words for people. */
  reason: string;
  at: string;
}

export type JournalRecord = RunRecord | CheckpointRecord | RetryRecord | ResumeRecord | EndRecord | SpoiledRecord;
