import { execFileSync, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { readLimited } from './read-limited.ts';

let path = '';
beforeEach(() => {
  path = join(temporaryFolder(), 'some');
});
const textIn = (maxBytes = 100_000): string => {
  const content = readLimited(path, maxBytes);
  return 'bytes' in content ? content.bytes.toString() : content.problem;
};

describe('readLimited, of a file', () => {
  it.each([0, 1, 16_384, 16_385, 100_000])('reads %i bytes', (size) => {
    writeFileSync(path, 'x'.repeat(size));
    expect(textIn()).toBe('x'.repeat(size));
  });

  it('reads no more than it may, however much there is', () => {
    writeFileSync(path, 'x'.repeat(101));
    expect([textIn(101), textIn(100)]).toEqual(['x'.repeat(101), 'it is too large']);
    path = '/dev/zero';
    expect(textIn()).toBe('it is too large');
  });
});

describe.skipIf(process.platform === 'win32')('readLimited, of a pipe', () => {
  const write = (command: string) => spawn('sh', ['-c', command], { env: { ...process.env, FIFO: path } });
  beforeEach(() => void execFileSync('mkfifo', [path]));

  it('reads to its end what comes late and in pieces', () => {
    write('sleep 0.05; (printf s3; sleep 0.05; printf cret) > "$FIFO"');
    expect(textIn()).toBe('s3cret');
  });

  it('gives again what it gave before, without waiting, until something new comes', () => {
    write('printf s3cret > "$FIFO"');
    expect(textIn()).toBe('s3cret');
    expect(readLimited(path, 100, 3_600_000)).toEqual({ bytes: Buffer.from('s3cret') });
  });

  it('gives up a pipe that nobody writes to, or closes', () => {
    const problem = 'it did not come to its end within 0.2 s';
    expect(readLimited(path, 100, 200)).toEqual({ problem });
    const writer = write('exec 3> "$FIFO"; printf s3cret >&3; exec sleep 60');
    expect(readLimited(path, 100, 200)).toEqual({ problem });
    writer.kill();
  });

  it('reads no more than it may', () => {
    const writer = write('yes > "$FIFO"');
    expect(textIn(1000)).toBe('it is too large');
    writer.kill();
  });
});
