/**
 * Milliseconds on the machine's clock that only goes forward (CLOCK_MONOTONIC and its like): the same for all processes of
 * the machine, so that one can tell another when; no step of the time of day shortens or prolongs anything.
 */
export const machineMs = (): number => Number(process.hrtime.bigint()) / 1e6;
