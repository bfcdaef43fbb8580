/** Answers above this, as sent or as unpacked, are given up on without being buffered: 10 MiB. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;
