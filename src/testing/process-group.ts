import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** Process ids of a process group, from /proc (proc(5)); what has ended and is not waited for yet does not count. */
export function processesOf(group: number): number[] {
  return readdirSync('/proc').flatMap((entry) => {
    if (!/^\d+$/.test(entry)) return [];
    const { state, processGroup } = statOf(entry);
    return processGroup === group && state !== 'Z' && state !== 'X' ? [Number(entry)] : [];
  });
}

function statOf(pid: string): { state?: string | undefined; processGroup?: number } {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, , processGroup] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state, processGroup: Number(processGroup) };
  } catch {
    return {}; // It is gone meanwhile.
  }
}

/** Waits until a group has no process any more; gives those that are left after the limit. */
export async function processesLeftOf(group: number, limitMs: number): Promise<number[]> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const left = processesOf(group);
    if (left.length === 0 || performance.now() > endMs) return left;
    await sleep(10);
  }
}
