import { mergeSamples, type Sample } from './sample.ts';

/** How many samples are kept. */
export interface SampleLimits {
  /** The newest stay as they are: what happens now is seen second by second. */
  recent: number;
  /** So many older ones at most, once they are merged. */
  older: number;
}

/**
 * The samples, fewer of them: the older ones merged with their neighbours into spans of equal length, the shortest power
 * of two of `intervalMs` with which they are few enough. A run of any length has so many, and no sum is changed.
 */
export function compact(samples: readonly Sample[], { recent, older }: SampleLimits, intervalMs: number): Sample[] {
  const at = Math.max(0, samples.length - recent);
  let merged = samples.slice(0, at);
  for (let spanMs = 2 * intervalMs; merged.length > older; spanMs *= 2) merged = mergeUpTo(merged, spanMs);
  return [...merged, ...samples.slice(at)];
}

/** Neighbours merged as long as they span no more than `spanMs`, the time between two starts included. */
export function mergeUpTo(samples: readonly Sample[], spanMs: number): Sample[] {
  const merged: Sample[] = [];
  for (const sample of samples) {
    const last = merged.at(-1);
    if (last !== undefined && sample.to - last.from <= spanMs) merged[merged.length - 1] = mergeSamples(last, sample);
    else merged.push(sample);
  }
  return merged;
}
