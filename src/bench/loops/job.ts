import { createWriteStream, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a loop is told: `node LOOP.ts LIST URL FOLDER IN_FLIGHT`. */
const [, , list = '', url = '', folder = '', inFlight = '64'] = process.argv;

interface Reply {
  status: number;
  body: string;
}

interface Details {
  details: { id: number; relevanceScore: number; relevanceRank: number }[];
}

/**
 * The job as a short script does it, for the loops that differ in their client alone: the list in memory, as many loops as
 * requests may be in flight, three streams. No retry, no way to go on, nothing that holds a slow disk's output back.
 */
export async function runJob(get: (url: string) => Promise<Reply>): Promise<void> {
  const [results, failed, log] = ['results.txt', 'failed.txt', 'log.txt'].map((name) =>
    createWriteStream(join(folder, name)),
  );
  const say = (message: string) => log?.write(`${timeText(new Date())} - ${message}\n`);
  const customers = readFileSync(list, 'utf8').trimEnd().split('\n').slice(1);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < customers.length) {
      const customer = customers[next++] ?? '';
      say(`Requesting details for customer ${customer}`);
      try {
        const { status, body } = await get(url.replace('{0}', encodeURIComponent(customer)));
        if (status !== 200) throw new Error(`HTTP ${status}`);
        const { details }: Details = JSON.parse(body);
        const lines = details.map((it) => `${customer}, ${it.id}, ${it.relevanceScore}, ${it.relevanceRank}\n`);
        results?.write(lines.join(''));
        say(`Successfully retrieved ${details.length} details(s) for ${customer}`);
      } catch (error) {
        say(`EXCEPTION GETTING ${customer}! - ${error}`);
        failed?.write(`${customer}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, work));
  for (const file of [results, failed, log]) file?.end();
}

/** Requests in flight at the same time. */
export const connections = Number(inFlight);
/** Where the endpoint is. */
export const origin = new URL(url).origin;

const two = (n: number): string => String(n).padStart(2, '0');
const timeText = (t: Date): string =>
  `${t.getFullYear()}/${two(t.getMonth() + 1)}/${two(t.getDate())} ${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`;
