import type { StartEvidence } from './evidence.ts';
import type { RoundReport } from './round.ts';

/** One line: the round's seed and settings, what was done to each start and how it ended, and the verdict. */
export function tellRound({ plan, evidence, verdict }: RoundReport): string {
  const { seed, rows, processCount, requestsPerProcess, chunkSize, checkpointSeconds, latencyMs, faults } = plan;
  const { shape, answers } = plan;
  const settings = [
    `${rows} rows`,
    `${processCount} × ${requestsPerProcess} requests`,
    `chunk ${chunkSize}`,
    `checkpoint ${checkpointSeconds} s`,
    `latency ${latencyMs} ms`,
    `faults ${Math.round(faults.rate * 100)} %`,
    ...(answers.pages === undefined ? [] : [`${answers.pages.count} pages by ${answers.pages.style}`]),
    ...(answers.isVerified ? ['verified'] : []),
    `${shape.outputFormat}, ${shape.outputOrder} order, ${shape.outputCompression}`,
  ];
  const { recovered } = verdict.classes;
  const again = verdict.again.length === 0 ? '' : `; asked again ${verdict.again.join(' ')} (${recovered} recovered)`;
  const judgement = verdict.violations.length === 0 ? 'ok' : 'FAILED';
  return `seed ${seed}: ${settings.join(', ')}: ${evidence.starts.map(tellStart).join(' → ')}${again}: ${judgement}`;
}

/** `SIGKILL child, SIGTERM parent: 143`. */
function tellStart({ harms, exitCode, signal }: StartEvidence): string {
  const done = harms.map((harm) => (harm.by === 'error' ? harm.error : `${harm.signal} ${harm.to}`));
  return [...(done.length === 0 ? [] : [done.join(' + ')]), signal ?? exitCode].join(': ');
}
