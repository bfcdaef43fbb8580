/** How long the requests in flight may take once the run is to stop: a little less than the 30 s that schedulers often allow. */
export const STOP_LIMIT_MS = 25_000;
