/** The text of a summary such as a finished run leaves, for tests that only need one to be there. */
export const finishedSummary = (): string =>
  JSON.stringify({
    run: '20260101-020000',
    exit_code: 0,
    started_at: '2026-01-01T02:00:00.000Z',
    finished_at: '2026-01-01T02:00:01.000Z',
    duration_seconds: 1,
    customers: { total: 0, ok: 0, failed: 0 },
    failures: {},
    records: 0,
    requests: 0,
  });
