import { describe, expect, it } from 'vitest';
import { type CommandWords, runFinishCommand } from './finish-command.ts';

async function run(command: CommandWords, { limitMs = 60_000, input = 'summary', env = {} } = {}) {
  const lines: string[] = [];
  const problem = await runFinishCommand({ command, input, env, limitMs, say: (line) => lines.push(line) });
  return { problem, lines };
}
const node = (script: string): string[] => [process.execPath, '-e', script];

describe('runFinishCommand', () => {
  it('gives a program its input and environment, and passes on the lines that it writes', async () => {
    const script = 'process.stdin.pipe(process.stdout); process.stderr.write(`${process.env.FACT}\\n`)';
    const { problem, lines } = await run(node(script), { input: 'a\nb\n', env: { FACT: '42' } });
    expect(problem).toBeUndefined();
    expect(lines.sort()).toEqual(['42', 'a', 'b']);
  });

  it('lets no shell see the arguments of a list, and lets one have a text', async () => {
    const words = ['$FACT; echo no', '`echo no`'];
    const { lines } = await run([...node('console.log(process.argv.slice(1).join())'), ...words]);
    expect(lines).toEqual([words.join()]);
    expect(await run('echo "$FACT" | tr 4 5', { env: { FACT: '42' } })).toEqual({ problem: undefined, lines: ['52'] });
  });

  it('says how it failed', async () => {
    expect((await run(['/no/such/program'])).problem).toMatch(/^could not be run: .*ENOENT/);
    expect((await run('exit 3')).problem).toBe('ended with exit code 3');
    expect((await run('kill -9 $$')).problem).toBe('was ended by SIGKILL');
    expect((await run('exit 0', { input: 'x'.repeat(1_000_000) })).problem).toBeUndefined();
  });

  it('says of what it writes no more than somebody reads, however much that is', async () => {
    const { problem, lines } = await run(node('for (let i = 1; i <= 1234; i += 1) console.log(i)'));
    expect(problem).toBeUndefined();
    expect([lines.length, lines[199], lines[200]]).toEqual([201, '200', '… and 1,034 more lines']);
    // Longer than a string may be.
    const endless = await run(
      node(
        'const b = Buffer.alloc(1 << 20, "x"); let n = 600; const w = () => n-- > 0 && process.stdout.write(b, w); w()',
      ),
    );
    expect(endless).toEqual({ problem: undefined, lines: [' …'] });
  });

  it('ends it at its limit, with what it has started', async () => {
    const { problem, lines } = await run('sleep 600 & echo $!; wait', { limitMs: 300 });
    expect(problem).toBe('was ended after 0.3 s, its time limit');
    await expect.poll(() => isThere(Number(lines[0]))).toBe(false);
  });

  it('does not wait for what it leaves running on purpose', async () => {
    const { problem, lines } = await run('sleep 600 & echo $!');
    expect(problem).toBeUndefined();
    process.kill(Number(lines[0]));
  });
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
