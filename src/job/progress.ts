import { clearLine, cursorTo } from 'node:readline';
import type { Tally } from '../output/tally.ts';
import { durationText } from './account.ts';

/** How far the list is read; `totalBytes` is undefined for standard input. */
export interface ListProgress {
  bytesRead: number;
  totalBytes: number | undefined;
  isAtEnd: boolean;
}

/** Shows how far a run is. */
export interface Progress {
  /** Makes room for a line of other text; the progress is drawn again below it. */
  clear(): void;
  stop(): void;
}

/** For where there is nobody to look at it. */
export const NO_PROGRESS: Progress = { clear: () => {}, stop: () => {} };

const REDRAW_MS = 250;
/** Weight of the newest measurement in the smoothed rate: about ten redraws of memory, so that the time left does not jump. */
const SMOOTHING = 0.1;
const BAR_WIDTH = 20;
/** For a terminal that does not say how wide it is. */
const DEFAULT_COLUMNS = 80;

/**
 * Customers in the list: known at its end, before that estimated from the bytes read; undefined where nothing can be said.
 */
export function expectedTotal(read: number, list: ListProgress): number | undefined {
  if (list.isAtEnd) return read;
  if (list.totalBytes === undefined || list.bytesRead === 0 || read === 0) return undefined;
  return Math.max(read, Math.round((read * list.totalBytes) / list.bytesRead));
}

/** The rate, smoothed: customers a second. */
export function smoothedRate(before: number | undefined, done: number, elapsedMs: number): number {
  const now = (done * 1000) / Math.max(1, elapsedMs);
  return before === undefined ? now : before + SMOOTHING * (now - before);
}

/** The progress as one line: `########............ 412,907 of ~1,000,000 | 2131/s | 212 failed | 4 min 36 s left`. */
export function progressLine(tally: Tally, list: ListProgress, rate: number): string {
  const done = tally.ok + tally.failed;
  const expected = expectedTotal(tally.read, list);
  // Of a run that was taken up again more may be settled than the rows read so far let expect.
  const total = expected === undefined ? undefined : Math.max(done, expected);
  const parts = [
    `${count(done)} of ${total === undefined ? '?' : `${list.isAtEnd ? '' : '~'}${count(total)}`}`,
    `${rate.toFixed(rate < 10 ? 1 : 0)}/s`,
    `${count(tally.failed)} failed`,
  ];
  if (total !== undefined && rate >= 0.01) parts.push(`${durationText(((total - done) / rate) * 1000)} left`);
  const full = total === undefined || total === 0 ? 0 : Math.floor((BAR_WIDTH * done) / total);
  return `${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)} ${parts.join(' | ')}`;
}

/** A progress line on a terminal, drawn again in place until it is stopped; cut where the terminal is too narrow. */
export function showProgress(stream: NodeJS.WriteStream, tally: Tally, list: () => ListProgress): Progress {
  let rate: number | undefined;
  let doneBefore = tally.ok + tally.failed;
  let drawnAt = performance.now();
  const clear = () => {
    cursorTo(stream, 0);
    clearLine(stream, 0);
  };
  const draw = () => {
    const now = performance.now();
    const done = tally.ok + tally.failed;
    rate = smoothedRate(rate, done - doneBefore, now - drawnAt);
    doneBefore = done;
    drawnAt = now;
    clear();
    stream.write(progressLine(tally, list(), rate).slice(0, (stream.columns || DEFAULT_COLUMNS) - 1));
  };
  const timer = setInterval(draw, REDRAW_MS);
  return {
    clear,
    stop: () => {
      clearInterval(timer);
      clear();
    },
  };
}

const count = (n: number): string => n.toLocaleString('en-US');
