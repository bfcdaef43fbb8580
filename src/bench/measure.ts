import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { processesOf } from '../testing/process-group.ts';

/** What one run of a program took. */
export interface Measure {
  seconds: number;
  /** User and system time of all its processes. */
  cpuSeconds: number;
  /** The most resident memory of any of its processes. */
  largestMb: number;
  /** The same of the process that was started, and of the largest that it started itself. */
  parentMb: number;
  childMb: number;
  /** The most resident memory of all its processes at the same time; pages that they share count for each. */
  allMb: number;
}

const LOOK_EVERY_MS = 100;

/** A shell that waits for the program says what it and all that it waited for took (`times`, POSIX). */
const WRAPPER = '"$@"; code=$?; times >&3; exit $code';

/** Runs a command to its end and measures it. Throws where it does not end with 0. */
export async function measure(command: readonly string[], env: Record<string, string>): Promise<Measure> {
  const begunAtMs = performance.now();
  const child = spawn('sh', ['-c', WRAPPER, 'sh', ...command], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...env },
  });
  const memory = new MemoryWatch(child.pid ?? 0);
  const look = setInterval(() => memory.look(), LOOK_EVERY_MS);
  const said = [child.stderr, child.stdio[3]].map(async (stream) =>
    stream instanceof Readable ? await text(stream) : '',
  );
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(look);
  const seconds = (performance.now() - begunAtMs) / 1000;
  const [errors = '', taken = ''] = await Promise.all(said);
  if (exitCode !== 0) throw new Error(`${command.join(' ')} ended with ${exitCode}: ${errors}`);
  return { seconds, cpuSeconds: cpuSecondsIn(taken), ...memory.peaks };
}

/** Seconds in what `times` prints: its second line is that of the children: `0m1.230000s 0m0.120000s`. */
export function cpuSecondsIn(times: string): number {
  const [, children = ''] = times.split('\n');
  const spans = [...children.matchAll(/(\d+)m([\d.]+)s/g)];
  if (spans.length !== 2) throw new Error(`not what times prints: ${times}`);
  return spans.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

/** The memory of a process group, looked at now and then. */
class MemoryWatch {
  readonly #group: number;
  readonly peaks = { largestMb: 0, parentMb: 0, childMb: 0, allMb: 0 };

  constructor(group: number) {
    this.#group = group;
  }

  look(): void {
    const memory = processesOf(this.#group).map(memoryOf);
    for (const { peakMb, startedBy } of memory) {
      this.peaks.largestMb = Math.max(this.peaks.largestMb, peakMb);
      // The shell that waits leads the group.
      if (startedBy === this.#group) this.peaks.parentMb = Math.max(this.peaks.parentMb, peakMb);
      else if (startedBy !== process.pid) this.peaks.childMb = Math.max(this.peaks.childMb, peakMb);
    }
    this.peaks.allMb = Math.max(
      this.peaks.allMb,
      memory.reduce((sum, { nowMb }) => sum + nowMb, 0),
    );
  }
}

/** Resident memory of a process, at its most and now, from /proc (proc(5)). */
function memoryOf(pid: number): { peakMb: number; nowMb: number; startedBy: number } {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const numberOf = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    return { peakMb: numberOf('VmHWM') / 1000, nowMb: numberOf('VmRSS') / 1000, startedBy: numberOf('PPid') };
  } catch {
    return { peakMb: 0, nowMb: 0, startedBy: 0 }; // It is gone meanwhile.
  }
}
