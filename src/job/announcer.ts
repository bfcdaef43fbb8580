import type { ConnectionSettings } from '../channel/protocol.ts';
import type { Settings } from '../config/schema.ts';
import { FinishedError, OverlapError } from '../errors.ts';
import { runFinishCommand } from '../notify/finish-command.ts';
import { Pinger } from '../notify/pinger.ts';
import { type Ending, tellError } from './exit-code.ts';
import { type FinishFacts, finishFactsOf } from './finish-facts.ts';
import type { JobSurroundings, RunReport } from './surroundings.ts';

/** Tells the world outside what becomes of a run: `ping_url` and `on_finish`. Neither can change what became of it. */
export interface Announcer {
  /** The run has its files. */
  begun(): void;
  /** Resolves when everybody was told, or had time enough. */
  ended(report: RunReport): Promise<void>;
}

const MAX_ANSWER_BYTES = 64 * 1024;
const PING_TIMEOUT_MS = 10_000;

/** The surroundings are told what went wrong with it, and what the command writes. */
export function createAnnouncer(settings: Settings, surroundings: JobSurroundings): Announcer {
  const { ping_url: url } = settings;
  const { redact, connection } = surroundings;
  const warn = (message: string) => surroundings.warn(redact(message));
  const pinger = url === null ? undefined : new Pinger({ url, connect: () => connect(url, connection), warn });
  return {
    begun: () => pinger?.begun(),
    ended: async (report) => {
      if (isOthers(report.ending) || (pinger === undefined && settings.on_finish === null)) return;
      try {
        const facts = await finishFactsOf(report, redact);
        const kind = facts.exitCode === 0 ? 'success' : 'fail';
        const isStopped = report.ending.is === 'interrupted';
        await Promise.all([pinger?.ended(kind, facts.line, isStopped), runCommand(settings, facts, warn)]);
      } catch (error) {
        warn(`the end of the run could not be told: ${tellError(error)}`);
      }
    },
  };
}

/** Another run has the outputs then, or was at its end before, and tells of itself. */
const isOthers = (ending: Ending): boolean =>
  ending.is === 'error' && (ending.error instanceof OverlapError || ending.error instanceof FinishedError);

async function runCommand(settings: Settings, facts: FinishFacts, warn: (message: string) => void): Promise<void> {
  const { on_finish: command, on_finish_timeout_seconds: limitSeconds } = settings;
  if (command === null) return;
  const { summary: input, env } = facts;
  const say = (line: string) => warn(`on_finish: ${line}`);
  const problem = await runFinishCommand({ command, input, env, limitMs: limitSeconds * 1000, say });
  if (problem !== undefined) warn(`on_finish ${problem}`);
}

/** By the proxy and the authorities of the run, but with no header and no certificate for the endpoint: the switch is another's. */
async function connect(url: string, { tls: { ca, isVerified }, proxies }: ConnectionSettings) {
  const { createClient } = await import('../http/create-client.ts');
  const limits = { timeoutMs: PING_TIMEOUT_MS, connectTimeoutMs: PING_TIMEOUT_MS };
  const purpose = { url, headers: {}, maxSockets: 1, maxBodyBytes: MAX_ANSWER_BYTES };
  return createClient({ ...limits, tls: { ca, isVerified }, proxies }, purpose);
}
