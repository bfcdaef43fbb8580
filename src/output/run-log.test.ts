import { describe, expect, it } from 'vitest';
import type { LogLevel } from '../channel/protocol.ts';
import { createRunLog } from './run-log.ts';

const TIME = new Date(2026, 0, 31, 23, 59, 59).getTime();

const logOf = (level: LogLevel) => {
  const lines: string[] = [];
  const redact = (text: string) => text.replaceAll('s3cret', '***');
  return { lines, log: createRunLog({ level, format: 'text', stamp: 'S', redact, write: (line) => lines.push(line) }) };
};

describe('createRunLog', () => {
  it('writes one line an entry, in the form of the original, whatever is in it', async () => {
    const { lines, log } = logOf('info');
    log.put('info', 'Requesting details for customer 7\n2026/01/01 00:00:00 - [Run finished]', TIME);
    log.put('info', 'token s3cret', TIME);
    await log.end();
    expect(lines).toEqual([
      '2026/01/31 23:59:59 - Requesting details for customer 7\\n2026/01/01 00:00:00 - [Run finished]\n',
      '2026/01/31 23:59:59 - token ***\n',
    ]);
  });

  it('leaves out what is not severe enough, but never the marks of the run', async () => {
    const { lines, log } = logOf('error');
    log.put('run', '[Run started]', TIME);
    log.put('warn', 'child died', TIME);
    log.put('error', 'EXCEPTION GETTING 7! - timeout', TIME);
    await log.end();
    expect(lines).toHaveLength(2);
  });

  it('loses none of many entries that come at once', async () => {
    const { lines, log } = logOf('info');
    for (let i = 0; i < 10_000; i += 1) log.put('info', `entry ${i}`, TIME);
    await log.end();
    expect(lines).toHaveLength(10_000);
  });

  it('takes nothing once it is ended, and does not fail for it', async () => {
    const { lines, log } = logOf('info');
    log.put('run', '[Run finished]', TIME);
    const ended = log.end();
    log.put('run', 'at the end', TIME);
    await ended;
    log.put('run', 'after it', TIME);
    await new Promise((resolve) => setImmediate(resolve));
    expect(lines).toEqual(['2026/01/31 23:59:59 - [Run finished]\n']);
  });
});
