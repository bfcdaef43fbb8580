import type { Evidence, Harm, Snapshot, StartEvidence } from './evidence.ts';

/** Endings of a start by a signal, as its exit code or, before it listens to signals, as the signal. */
const CODE_OF_SIGNAL: Partial<Record<NodeJS.Signals, number>> = { SIGINT: 130, SIGTERM: 143, SIGHUP: 143 };
const WITH_RESUME = new Set([3, 4, 70, 130, 143]);

/** I5, I6 and I12: how each start ended and what it said, that nothing is left, and that a finished run stays as it is. */
export function checkEndings(evidence: Evidence): string[] {
  const { starts, processesLeft } = evidence;
  const violations = starts.flatMap((start, index) =>
    checkStart(start, starts[index - 1]?.after, evidence).map((what) => `I5: start ${index + 1}: ${what}`),
  );
  const last = starts.at(-1)?.exitCode;
  if (last !== 0 && last !== 1) violations.push(`I5: the last start ended with ${last}`);
  if (processesLeft.length > 0) violations.push(`I6: processes left: ${processesLeft.join(', ')}`);
  return [...violations, ...checkRepeat(evidence, last)];
}

function checkStart(start: StartEvidence, before: Snapshot | undefined, { stamp }: Evidence): string[] {
  const { exitCode, signal, stderr, requested, harms } = start;
  const ending = signal ?? `exit code ${exitCode}`;
  const problems: string[] = [];
  if (!allowedEndings(start, before).has(signal ?? exitCode)) {
    const after = harms.map(tellHarm).join(', ') || 'no harm';
    problems.push(`${ending} after ${after}: ${stderr.trim().slice(0, 300)}`);
  }
  if (exitCode === null || exitCode === 0) return problems;
  if (!stderr.startsWith('aggregate: ')) problems.push(`${ending} without a sentence on standard error`);
  if (WITH_RESUME.has(exitCode) && requested.length > 0 && !stderr.includes(`aggregate resume ${stamp}`)) {
    problems.push(`${ending} without the command that goes on`);
  }
  return problems;
}

function allowedEndings({ harms, command, requested }: StartEvidence, before: Snapshot | undefined): Set<unknown> {
  const allowed = new Set<unknown>([0, 1]);
  for (const harm of harms) {
    if (harm.by === 'error') {
      allowed.add(4);
      if (requested.length === 0) allowed.add(2);
    } else if (harm.to !== 'child') {
      allowed.add(harm.signal).add(CODE_OF_SIGNAL[harm.signal]);
    }
  }
  // Nothing to go on from: the start before ended before it had a journal, and so before it had asked for anybody.
  if (command === 'resume' && before?.hasJournal === false && requested.length === 0) allowed.add(2);
  return allowed;
}

const tellHarm = (harm: Harm): string => (harm.by === 'error' ? harm.error : `${harm.signal} to the ${harm.to}`);

function checkRepeat({ repeat }: Evidence, last: number | null | undefined): string[] {
  const problems: string[] = [];
  if (repeat.exitCode !== last) problems.push(`ends with ${repeat.exitCode}, the run itself with ${last}`);
  if (repeat.requests > 0) problems.push(`asks for ${repeat.requests} customers`);
  if (repeat.changed.length > 0) problems.push(`changes ${repeat.changed.join(', ')}`);
  if (!repeat.stderr.includes('nothing to do')) problems.push('does not say that there is nothing to do');
  return problems.map((problem) => `I12: resuming the finished run ${problem}`);
}
