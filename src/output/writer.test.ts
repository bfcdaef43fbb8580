import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OutputError } from '../errors.ts';
import { type DurableFile, Journal } from '../journal/journal.ts';
import { readJournalLine } from '../journal/journal-line.ts';
import type { JournalRecord } from '../journal/journal-records.ts';
import { readJournal } from '../journal/read-journal.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { LateFile } from './late-file.ts';
import { OutputFile } from './output-file.ts';
import { emptyTally } from './tally.ts';
import { type FailedRow, type ResultsFile, type WriteBatch, Writer, type WriterFiles } from './writer.ts';

const FAILED: FailedRow = {
  position: 16,
  customer: '1000017',
  raw: '1000017,Zoë',
  kind: 'http_5xx',
  status: 503,
  attempts: 3,
  elapsedMs: 1840,
  reason: 'HTTP 503 Service Unavailable',
};

const RUN: JournalRecord = {
  type: 'run',
  version: 1,
  run_id: 'r',
  stamp: 'S',
  started_at: '',
  source: { path: '/l.csv', bytes: 1, sha256: '' },
  settings: {},
  files: { results: '', log: '', failed: '', exceptions: '' },
};

let position = 0;
/** Lines and failures as a batch; each call settles another position as well. */
const batchOf = (text: string, failed: FailedRow[] = []): WriteBatch => {
  position += 1;
  return { text, ok: [1000 + position], empty: [], failed, records: 1, requests: 1 };
};

async function writerIn(
  folder: string,
  { logPath, checkpointMs = 60_000 }: { logPath?: string; checkpointMs?: number } = {},
) {
  const lost: OutputError[] = [];
  const log = logPath === undefined ? OutputFile.create(join(folder, 'log')) : OutputFile.openDevice(logPath);
  const files = {
    results: await OutputFile.create(join(folder, 'results')),
    log: await log,
    failed: new LateFile(join(folder, 'failed'), Buffer.from('customer,name\r\n')),
    exceptions: new LateFile(join(folder, 'exceptions'), Buffer.of()),
    journal: new Journal(await OutputFile.create(join(folder, 'journal')), { intervalMs: checkpointMs }),
  };
  await files.journal.record(RUN);
  const tally = emptyTally();
  const onLogLost = (error: OutputError) => lost.push(error);
  const writer = new Writer(files, { eol: '\r\n', tally, onLogLost });
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  const checkpoints = async () => {
    const records: JournalRecord[] = [];
    await readJournal(join(folder, 'journal'), (record) => records.push(record));
    return records.filter(({ type }) => type === 'checkpoint');
  };
  return { writer, lost, read, tally, checkpoints };
}

describe('Writer', () => {
  it('writes what it took in the order in which it came, and says when it is written', async () => {
    const { writer, read } = await writerIn(temporaryFolder());
    const first = writer.settle(batchOf('a, 1\na, 2\n'));
    const second = writer.settle(batchOf('b, 1\n'));
    writer.logLine('x\n');
    await Promise.all([first, second]);
    expect(read('results')).toBe('a, 1\na, 2\nb, 1\n');
    await writer.close(undefined);
    expect(read('log')).toBe('x\n');
  });

  it('makes the failed file only when a row fails: the header, then the row as it was, with its line break', async () => {
    const folder = temporaryFolder();
    const { writer, read } = await writerIn(folder);
    await writer.settle(batchOf('a, 1\n'));
    expect(existsSync(join(folder, 'failed'))).toBe(false);
    await writer.settle(batchOf('', [FAILED]));
    await writer.close(undefined);
    expect(read('failed')).toBe('customer,name\r\n1000017,Zoë\r\n');
  });

  it('writes an object a line for each failure, as its documentation shows', async () => {
    const { writer, read } = await writerIn(temporaryFolder());
    await writer.settle(batchOf('', [FAILED, { ...FAILED, customer: 'a\n"b', position: 17 }]));
    await writer.close(undefined);
    const source = readFileSync(new URL('./exception-line.ts', import.meta.url), 'utf8');
    const example = /Example: `(\{.*\})`/.exec(source)?.[1];
    const [line, hostile, end] = read('exceptions').split('\n');
    expect(line).toBe(example);
    expect(JSON.parse(hostile ?? '')).toMatchObject({ customer: 'a\n"b', position: 17 });
    expect(end).toBe('');
  });

  it('keeps bytes that are no text as they were', async () => {
    const folder = temporaryFolder();
    const { writer } = await writerIn(folder);
    await writer.settle(batchOf('', [{ ...FAILED, raw: new Uint8Array([0xff, 0x41]) }]));
    await writer.close(undefined);
    expect([...readFileSync(join(folder, 'failed'))].slice(-4)).toEqual([0xff, 0x41, 0x0d, 0x0a]);
  });

  it.runIf(existsSync('/dev/full'))('D3: goes on without a log that cannot be written, and says so once', async () => {
    const { writer, lost, read } = await writerIn(temporaryFolder(), { logPath: '/dev/full' });
    for (const letter of ['a', 'b', 'c']) {
      writer.logLine(`${letter}\n`);
      await writer.settle(batchOf(`${letter}\n`));
    }
    await writer.close(undefined);
    expect(read('results')).toBe('a\nb\nc\n');
    expect(lost.map(({ message }) => message)).toEqual([expect.stringContaining('ENOSPC')]);
  });

  it('D1: rejects everybody who waits when an output cannot be written, and writes nothing more', async () => {
    const folder = temporaryFolder();
    const { writer, read } = await writerIn(folder);
    const failed = join(folder, 'failed');
    writeFileSync(failed, '');
    const lost = writer.settle(batchOf('a\n', [FAILED]));
    const late = writer.settle(batchOf('b\n'));
    await expect(lost).rejects.toThrow(OutputError);
    await expect(late).rejects.toThrow(failed);
    await expect(writer.settle(batchOf('c\n'))).rejects.toThrow(OutputError);
    await expect(writer.close(undefined)).rejects.toThrow(failed);
    expect(read('results')).not.toContain('c');
  });

  it('stops where its results or its journal are moved or removed, soon, and names them', async () => {
    for (const name of ['results', 'journal']) {
      const folder = temporaryFolder();
      const { writer, checkpoints } = await writerIn(folder, { checkpointMs: 10 });
      await writer.settle(batchOf('a, 1\n'));
      await expect.poll(checkpoints).toHaveLength(1);
      renameSync(join(folder, name), join(folder, 'elsewhere'));
      const settle = () => writer.settle(batchOf('b, 1\n')).catch((error: OutputError) => error.message);
      const path = join(folder, name);
      await expect.poll(settle).toBe(`cannot write ${path}: it was moved or removed while the run was on`);
      await expect(writer.close(undefined)).rejects.toThrow(path);
    }
  });

  it('tells how far the journal vouches for it once an output cannot be written, not how far it was written', async () => {
    const folder = temporaryFolder();
    const { writer, tally, checkpoints } = await writerIn(folder, { checkpointMs: 10 });
    tally.read = 7;
    tally.open = 7;
    await writer.settle({ text: 'a, 1\n', ok: [0, 1, 2], empty: [1], failed: [], records: 1, requests: 3 });
    await expect.poll(checkpoints).toHaveLength(1);
    writeFileSync(join(folder, 'failed'), '');
    const written = writer.settle({ text: 'b, 1\n', ok: [3, 4], empty: [], failed: [], records: 2, requests: 2 });
    const lost = writer.settle({ text: '', ok: [], empty: [], failed: [FAILED], records: 0, requests: 1 });
    await Promise.allSettled([written, lost]);
    await expect(writer.close(undefined)).rejects.toThrow(OutputError);
    expect(writer.vouched).toEqual({ ...emptyTally(), read: 7, ok: 3, records: 1, requests: 3, open: 4 });
  });

  it('D9: whenever power is lost, whatever of the journal is kept vouches for no byte that was not synced', async () => {
    const folder = temporaryFolder();
    const losses: { journal: string; resultsBytes: number }[] = [];
    const [results, book] = [{ bytes: 0, synced: 0 }, { text: '' }];
    // What was appended to the journal may be kept though it is not synced; of the results only what is.
    const lose = () => losses.push({ journal: book.text, resultsBytes: results.synced });
    const slowly = () => new Promise((resolve) => setImmediate(resolve));
    const journal: DurableFile = {
      append: async (bytes) => {
        book.text += Buffer.from(bytes).toString();
        lose();
      },
      sync: slowly as () => Promise<void>,
      close: async () => {},
    };
    const resultsFile: ResultsFile = {
      get bytesWritten() {
        return results.bytes;
      },
      append: async (bytes) => {
        results.bytes += bytes.length;
        lose();
      },
      sync: async () => {
        const { bytes } = results;
        await slowly();
        results.synced = bytes;
        lose();
      },
      close: async () => {},
    };
    const files: WriterFiles = {
      results: resultsFile,
      log: undefined,
      failed: new LateFile(join(folder, 'failed'), Buffer.of()),
      exceptions: new LateFile(join(folder, 'exceptions'), Buffer.of()),
      journal: new Journal(journal, { intervalMs: 0 }),
    };
    const writer = new Writer(files, { eol: '\n', tally: emptyTally(), onLogLost: () => {} });
    for (let i = 0; i < 20; i += 1)
      await Promise.all([writer.settle(batchOf('a, 1\n')), writer.settle(batchOf('b\n'))]);
    await writer.close(undefined);
    const vouched = losses.map(({ journal, resultsBytes }) => {
      const line = journal.trimEnd().split('\n').at(-1) ?? '';
      return { bytes: line === '' ? 0 : Object(readJournalLine(line)).lengths.results, resultsBytes };
    });
    expect(vouched.filter(({ bytes, resultsBytes }) => bytes > resultsBytes)).toEqual([]);
    expect(vouched.at(-1)).toEqual({ bytes: 140, resultsBytes: 140 });
  });

  it('makes its last checkpoint once, and nothing after the end, though a slow disk takes longer for it than the time between two', async () => {
    const folder = temporaryFolder();
    const records: string[] = [];
    const slowly = () => new Promise<void>((resolve) => setTimeout(resolve, 50));
    const nowhere = { bytesWritten: 0, append: async () => {}, sync: slowly, close: slowly };
    const journal: DurableFile = {
      append: async (bytes) => void records.push(Object(readJournalLine(Buffer.from(bytes).toString().trimEnd())).type),
      sync: async () => {},
      close: async () => {},
    };
    const files: WriterFiles = {
      results: nowhere,
      log: undefined,
      failed: new LateFile(join(folder, 'failed'), Buffer.of()),
      exceptions: new LateFile(join(folder, 'exceptions'), Buffer.of()),
      journal: new Journal(journal, { intervalMs: 10 }),
    };
    const writer = new Writer(files, { eol: '\n', tally: emptyTally(), onLogLost: () => {} });
    await writer.settle(batchOf('a, 1\n'));
    await writer.close({ type: 'end', rows: 1, at: '' });
    expect(records).toEqual(['checkpoint', 'end']);
  });

  it('makes a checkpoint of what is written, without anything more having to come', async () => {
    const { writer, checkpoints, read } = await writerIn(temporaryFolder(), { checkpointMs: 10 });
    await writer.settle({ text: 'a, 1\n', ok: [0, 1, 2], empty: [1], failed: [FAILED], records: 1, requests: 7 });
    await expect.poll(checkpoints).toHaveLength(1);
    expect(await checkpoints()).toMatchObject([
      {
        ok: '0-2',
        empty: '1',
        failed: '16',
        lengths: { results: 5, failed: Buffer.byteLength(read('failed')), exceptions: read('exceptions').length },
        totals: { ok: 3, records: 1, requests: 7, failures: { http_5xx: 1 } },
      },
    ]);
    await writer.close({ type: 'end', rows: 4, at: '' });
    expect(read('journal')).toContain('"type":"end","rows":4');
  });
});
