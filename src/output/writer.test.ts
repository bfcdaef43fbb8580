import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OutputError } from '../errors.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { LateFile } from './late-file.ts';
import { OutputFile } from './output-file.ts';
import { type FailedRow, Writer } from './writer.ts';

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

async function writerIn(folder: string, logPath?: string) {
  const lost: OutputError[] = [];
  const log = logPath === undefined ? OutputFile.create(join(folder, 'log')) : OutputFile.openDevice(logPath);
  const files = {
    results: await OutputFile.create(join(folder, 'results')),
    log: await log,
    failed: new LateFile(join(folder, 'failed'), Buffer.from('customer,name\r\n')),
    exceptions: new LateFile(join(folder, 'exceptions')),
  };
  const writer = new Writer(files, '\r\n', (error) => lost.push(error));
  const read = (name: string) => readFileSync(join(folder, name), 'utf8');
  return { writer, lost, read };
}

describe('Writer', () => {
  it('writes what it took in the order in which it came, and says when it is written', async () => {
    const { writer, read } = await writerIn(temporaryFolder());
    const first = writer.settle('a, 1\na, 2\n', []);
    const second = writer.settle('b, 1\n', []);
    writer.logLine('x\n');
    await Promise.all([first, second]);
    expect(read('results')).toBe('a, 1\na, 2\nb, 1\n');
    await writer.close();
    expect(read('log')).toBe('x\n');
  });

  it('makes the failed file only when a row fails: the header, then the row as it was, with its line break', async () => {
    const folder = temporaryFolder();
    const { writer, read } = await writerIn(folder);
    await writer.settle('a, 1\n', []);
    expect(existsSync(join(folder, 'failed'))).toBe(false);
    await writer.settle('', [FAILED]);
    await writer.close();
    expect(read('failed')).toBe('customer,name\r\n1000017,Zoë\r\n');
  });

  it('writes an object a line for each failure, as its documentation shows', async () => {
    const { writer, read } = await writerIn(temporaryFolder());
    await writer.settle('', [FAILED, { ...FAILED, customer: 'a\n"b', position: 17 }]);
    await writer.close();
    const source = readFileSync(new URL('./writer.ts', import.meta.url), 'utf8');
    const example = /Example: `(\{.*\})`/.exec(source)?.[1];
    const [line, hostile, end] = read('exceptions').split('\n');
    expect(line).toBe(example);
    expect(JSON.parse(hostile ?? '')).toMatchObject({ customer: 'a\n"b', position: 17 });
    expect(end).toBe('');
  });

  it('keeps bytes that are no text as they were', async () => {
    const folder = temporaryFolder();
    const { writer } = await writerIn(folder);
    await writer.settle('', [{ ...FAILED, raw: new Uint8Array([0xff, 0x41]) }]);
    await writer.close();
    expect([...readFileSync(join(folder, 'failed'))].slice(-4)).toEqual([0xff, 0x41, 0x0d, 0x0a]);
  });

  it.runIf(existsSync('/dev/full'))('goes on without a log that cannot be written, and says so once', async () => {
    const { writer, lost, read } = await writerIn(temporaryFolder(), '/dev/full');
    for (const letter of ['a', 'b', 'c']) {
      writer.logLine(`${letter}\n`);
      await writer.settle(`${letter}\n`, []);
    }
    await writer.close();
    expect(read('results')).toBe('a\nb\nc\n');
    expect(lost.map(({ message }) => message)).toEqual([expect.stringContaining('ENOSPC')]);
  });

  it('rejects everybody who waits when an output cannot be written, and writes nothing more', async () => {
    const folder = temporaryFolder();
    const { writer, read } = await writerIn(folder);
    const { failed } = { failed: join(folder, 'failed') };
    await OutputFile.create(failed);
    const lost = writer.settle('a\n', [FAILED]);
    const late = writer.settle('b\n', []);
    await expect(lost).rejects.toThrow(OutputError);
    await expect(late).rejects.toThrow(failed);
    await expect(writer.settle('c\n', [])).rejects.toThrow(OutputError);
    await writer.close();
    expect(read('results')).not.toContain('c');
  });
});
