import type { FailureKind } from '../channel/protocol.ts';

/** How far a run is, as it is at the moment. */
export interface ProgressFacts {
  /** Rows settled, over all starts of the run. */
  done: number;
  failed: number;
  /** Failed customers by kind; a kind that did not occur is not there. */
  failures: Partial<Record<FailureKind, number>>;
  /** Rows read from the list. */
  read: number;
  list: ListProgress;
  /** Requests under way in all children. */
  inFlight: number;
  /** What keeps it from being more just now, in words; undefined where nothing but the settings does. */
  bound: string | undefined;
  children: readonly ChildProgress[];
}

/** How far the list is read, in bytes of its rows; `totalBytes` is undefined where its length is not known. */
export interface ListProgress {
  bytesRead: number;
  totalBytes: number | undefined;
  isAtEnd: boolean;
}

export interface ChildProgress {
  pid: number | undefined;
  /** `working`, `starting`, … */
  state: string;
  inFlight: number;
}

/**
 * Customers in the list: known at its end, before that estimated from the bytes read; undefined where nothing can be said.
 * Of a run that was taken up again more may be settled than the rows read so far let expect.
 */
export function expectedTotal({ read, done, list }: Pick<ProgressFacts, 'read' | 'done' | 'list'>): number | undefined {
  if (list.isAtEnd) return Math.max(read, done);
  if (list.totalBytes === undefined || list.bytesRead === 0 || read === 0) return undefined;
  return Math.max(read, done, Math.round((read * list.totalBytes) / list.bytesRead));
}
