import { existsSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FailureKind } from '../channel/protocol.ts';
import { failedHeadOf } from '../job/begin-run.ts';
import { openListAt } from '../job/open-source.ts';
import { decompressed } from '../output/compression.ts';
import { readExceptionLine } from '../output/exception-line.ts';
import { fileBlocks, fileLines } from '../output/file-lines.ts';
import { headOf } from '../records/format.ts';
import { exceptionText } from './expected-texts.ts';
import { readResults } from './read-results.ts';
import { lineReaderOf } from './result-line.ts';
import type { Balances, Subject } from './subject.ts';

/** What the results have to say. */
export interface ResultsFacts {
  records: number;
  /** Customers whose records stand together, a doubled one perhaps several times. */
  blocks: number;
}

/** Counts of the exceptions, by kind. */
export type ExceptionKinds = Partial<Record<FailureKind, number>>;

const FILES = ['results', 'failed', 'exceptions'] as const;

/**
 * Compares the files' lengths with the journal's; gives the bytes after its last checkpoint, for which nothing vouches. In
 * a complete run there may be none.
 */
export function auditLengths({ recovered, paths, findings }: Subject): number {
  let surplus = 0;
  for (const name of FILES) {
    const bytes = lengthOf(paths[name]);
    const expected = recovered.lengths[name];
    const isWrong = bytes < expected || (bytes > expected && recovered.end !== undefined);
    if (isWrong) findings.add('length', `${paths[name]} has ${bytes} bytes, the journal says ${expected}`);
    else surplus += bytes - expected;
  }
  return surplus;
}

const lengthOf = (path: string): number => (existsSync(path) ? statSync(path).size : 0);

/** As much of a file as is there of what the journal vouches for; all of it in a complete run; 0 where it is not there. */
const auditedLength = ({ paths, recovered }: Subject, name: (typeof FILES)[number]): number =>
  Math.min(lengthOf(paths[name]), recovered.end === undefined ? recovered.lengths[name] : Infinity);

/** Goes through the results: every line is whole. `take` gets the customer of each block. */
export async function auditResults(subject: Subject, take: (customer: string) => void): Promise<ResultsFacts> {
  const { paths, settings, findings } = subject;
  const facts: ResultsFacts = { records: 0, blocks: 0 };
  let previous: string | undefined;
  const bytes = fileBlocks(paths.results, auditedLength(subject, 'results'));
  const results = {
    blocks: decompressed(bytes, settings.output_compression),
    head: headOf(settings),
    lines: lineReaderOf(settings),
  };
  await readResults(results, {
    onRecord: (customer) => {
      facts.records += 1;
      if (customer === previous) return;
      previous = customer;
      facts.blocks += 1;
      take(customer);
    },
    onTorn: (line, flaw) => findings.add('torn', `${paths.results}: line ${line} ${flaw}`),
  });
  return facts;
}

/** Goes through the failed file: it begins as the list does. `take` gets each line after that, as Latin-1. */
export async function auditFailed(subject: Subject, take: (line: string) => void): Promise<void> {
  const { paths, recovered, settings, findings } = subject;
  const length = auditedLength(subject, 'failed');
  if (length === 0) return;
  const list = await openListAt(recovered.run.source.path, settings);
  await list.close();
  const head = Buffer.from(failedHeadOf(list));
  if (!(await readHead(paths.failed, head.length)).equals(head)) {
    findings.add('failed', `${paths.failed} does not begin with the header of the list`);
  }
  for await (const lines of fileLines(paths.failed, length, head.length)) {
    for (const line of lines) take(line.toString('latin1'));
  }
}

async function readHead(path: string, length: number): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Goes through the exceptions: every line is whole. `take` gets position and customer of each. */
export async function auditExceptions(subject: Subject, take: (text: string) => void): Promise<ExceptionKinds> {
  const { paths, findings } = subject;
  const kinds: ExceptionKinds = {};
  let number = 0;
  for await (const lines of fileLines(paths.exceptions, auditedLength(subject, 'exceptions'))) {
    for (const line of lines) {
      number += 1;
      const facts = line.at(-1) === 0x0a ? readExceptionLine(line) : undefined;
      if (facts === undefined) {
        findings.add('torn', `${paths.exceptions}: line ${number} is not a whole exception`);
        continue;
      }
      kinds[facts.kind] = (kinds[facts.kind] ?? 0) + 1;
      take(exceptionText(facts.position, facts.customer));
    }
  }
  return kinds;
}

/** Goes through all three files, for the balances; the failed file only where the list is the run's. */
export async function weighFiles(
  subject: Subject,
  balances: Balances,
  isListSame: boolean,
): Promise<{ results: ResultsFacts; kinds: ExceptionKinds }> {
  const results = await auditResults(subject, (customer) => balances.blocks.see(customer));
  if (isListSame) await auditFailed(subject, (line) => balances.failedLines.see(line));
  const kinds = await auditExceptions(subject, (text) => balances.exceptions.see(text));
  return { results, kinds };
}
