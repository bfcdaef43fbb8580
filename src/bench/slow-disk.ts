import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkOutput, expectedOf } from './check-output.ts';
import { plainCustomers, writeBenchList } from './list.ts';
import { type Measure, measure } from './measure.ts';
import { atMost } from './report.ts';
import { rowOf } from './rows.ts';
import { startServer } from './server.ts';
import type { Trial } from './trials.ts';

/** Each write and each sync waits so long before it begins. */
const WRITE_MS = 20;
const SYNC_MS = 100;
const SLOWED = [
  ...['strace', '-f', '--seccomp-bpf', '-qq', '-o', '/dev/null', '-e', 'trace=pwrite64,fdatasync'],
  ...['-e', `inject=pwrite64:delay_enter=${WRITE_MS * 1000}`, '-e', `inject=fdatasync:delay_enter=${SYNC_MS * 1000}`],
];

/** A slow disk under a quick endpoint: slower, not larger. */
export const slowDisk: Trial = {
  name: 'slow-disk',
  needs: ['strace', '--version'],
  async run({ customers, inFlight }, folder) {
    const server = await startServer(0, folder);
    try {
      const list = join(folder, 'list.csv');
      await writeBenchList(list, customers);
      const expected = expectedOf(plainCustomers(customers), server.linesOf);
      const run = async (name: string, wrapper: readonly string[]): Promise<Measure> => {
        const output = join(folder, name);
        mkdirSync(output);
        const job = { list, url: server.url, folder: output, inFlight };
        const measured = await measure([...wrapper, ...rowOf('aggregate-undici').command(job)], {});
        await checkOutput(output, expected);
        return measured;
      };
      const quick = await run('quick', []);
      const slow = await run('slow', SLOWED);
      return {
        account: `Slow disk: with ${WRITE_MS} ms before each write and ${SYNC_MS} ms before each sync, ${customers} customers took ${slow.seconds.toFixed(1)} s in place of ${quick.seconds.toFixed(1)} s.`,
        ratios: [
          // The tracer stands between the shell and the program.
          atMost('slow disk: MB of the largest process to that on a quick disk', slow.largestMb / quick.largestMb, 1.1),
        ],
      };
    } finally {
      await server.close();
    }
  },
};
