/** Answers above this, as sent or as unpacked, are given up on without being buffered: 10 MiB. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** All pages of one customer together: 64 MiB. */
export const MAX_PAGES_BYTES = 64 * 1024 * 1024;
