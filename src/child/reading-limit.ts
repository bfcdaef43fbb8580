/** Answers below this are read in less time than anyone is taken for hung in. */
const LARGE_BYTES = 256 * 1024;

/** 10 MiB made to be slow (a million records, or numbers that keep their digits) took 4 s on a busy machine: ten times that. */
const LIMIT_MS_PER_BYTE = 40_000 / (10 * 1024 * 1024);

/** Milliseconds that turning an answer of so many bytes into records may block a child; 0 for what is too small to matter. */
export const readingLimitMs = (bytes: number): number =>
  bytes < LARGE_BYTES ? 0 : Math.ceil(bytes * LIMIT_MS_PER_BYTE);
