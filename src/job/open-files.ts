import { readFileSync } from 'node:fs';

/** What a process has open beside its connections or children: files, pipes, the event loop's own (some 25 measured), and spare. */
const RESERVED = 40;
/** A child costs its parent a channel, the pipe of its standard error, and room while one is replaced. */
const PER_CHILD = 4;

export interface Appetite {
  processCount: number;
  requestsPerProcess: number;
}

/** How many files a process may have open here; undefined where the system does not say (only Linux does). */
export function openFilesLimit(): number | undefined {
  try {
    const limit = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return limit === undefined ? undefined : Number(limit);
  } catch {
    return undefined;
  }
}

/** As many processes and requests as fit into the limit, and at least one of each: no customer must fail for it. */
export function fitToOpenFiles(wanted: Appetite, limit: number | undefined): Appetite {
  if (limit === undefined) return wanted;
  const room = Math.max(0, limit - RESERVED);
  return {
    processCount: Math.max(1, Math.min(wanted.processCount, Math.floor(room / PER_CHILD))),
    requestsPerProcess: Math.max(1, Math.min(wanted.requestsPerProcess, room)),
  };
}

/** What to say where less fits than was wanted; undefined where all does. */
export function tellFit(wanted: Appetite, fitted: Appetite, limit: number | undefined): string | undefined {
  const isSame = wanted.processCount === fitted.processCount && wanted.requestsPerProcess === fitted.requestsPerProcess;
  if (isSame) return undefined;
  const { processCount, requestsPerProcess } = fitted;
  return (
    `only ${limit} open files are allowed here (ulimit -n): ` +
    `going on with process_count ${processCount} and requests_per_process ${requestsPerProcess}`
  );
}
