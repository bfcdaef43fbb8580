import * as z from 'zod';

const count = z.int().nonnegative();

export const childSchema = z.object({
  pid: count,
  /** When it was forked and when it was gone, in milliseconds since the epoch. */
  from: count,
  to: count,
  ok: count,
  failed: count,
  /** How it ended. */
  end: z.string().max(1000),
});

/**
 * A child process that is gone, and what it did.
 * Example: `{"pid":4711,"from":1769900399000,"to":1769900460000,"ok":24000,"failed":3,"end":"finished"}`
 */
export type ChildLife = z.infer<typeof childSchema>;

/** A child process that is there now. */
export interface LiveChild {
  /** Undefined where it could not be forked. */
  pid: number | undefined;
  state: string;
  /** Customers that it holds. */
  held: number;
  inFlight: number;
  ok: number;
  failed: number;
}
