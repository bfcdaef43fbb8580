import cliProgress from 'cli-progress';
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
  stop(): void;
}

const REDRAW_MS = 250;
/** Weight of the newest measurement in the smoothed rate: about ten redraws of memory, so that the time left does not jump. */
const SMOOTHING = 0.1;

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

/** A progress line on a terminal, drawn again in place until it is stopped. */
export function showProgress(stream: NodeJS.WriteStream, tally: Tally, list: () => ListProgress): Progress {
  const bar = new cliProgress.SingleBar({
    stream,
    format: '{bar} {done} of {expected} | {rate}/s | {failures} failed | {left}',
    barCompleteChar: '#',
    barIncompleteChar: '.',
    barsize: 20,
    hideCursor: true,
    clearOnComplete: true,
    linewrap: false,
    // Signals are the run's own business; it stops the bar itself.
    gracefulExit: false,
  });
  let rate: number | undefined;
  let doneBefore = 0;
  let drawnAt = performance.now();
  const draw = () => {
    const now = performance.now();
    const done = tally.ok + tally.failed;
    rate = smoothedRate(rate, done - doneBefore, now - drawnAt);
    doneBefore = done;
    drawnAt = now;
    const progress = list();
    const total = expectedTotal(tally.read, progress);
    bar.setTotal(total ?? Math.max(1, tally.read));
    bar.update(done, payload(done, total, progress.isAtEnd, rate, tally.failed));
  };
  bar.start(1, 0, payload(0, undefined, false, 0, 0));
  const timer = setInterval(draw, REDRAW_MS);
  return {
    stop: () => {
      clearInterval(timer);
      bar.stop();
    },
  };
}

function payload(done: number, total: number | undefined, isKnown: boolean, rate: number, failed: number) {
  const left =
    total === undefined || rate < 0.01 ? 'time left unknown' : `${durationText(((total - done) / rate) * 1000)} left`;
  const expected = total === undefined ? '?' : `${isKnown ? '' : '~'}${total.toLocaleString('en-US')}`;
  return {
    done: done.toLocaleString('en-US'),
    expected,
    rate: rate.toFixed(rate < 10 ? 1 : 0),
    failures: failed.toLocaleString('en-US'),
    left,
  };
}
