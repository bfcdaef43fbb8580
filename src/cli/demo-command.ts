import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Argv } from 'yargs';
import { writeList } from '../../fixtures/list.ts';
import { UsageError } from '../errors.ts';
import type { Builder, Handler } from './commands.ts';
import { startDemoEndpoint } from './demo-endpoint.ts';
import { runWith } from './do-run.ts';
import { type CommandSettings, loadCommandSettings } from './load-request.ts';
import { CONFIG_OPTION } from './options.ts';
import { OWN_OPTIONS } from './own-options.ts';

/** With `--faults`, so many customers meet one. */
const FAULT_RATE = 0.05;
const DEFAULT_CUSTOMERS = 1200;
const FOLDER = 'aggregate-demo';

interface DemoOptions {
  config: string | undefined;
  customers: number | undefined;
  latencyMs: number;
  hasFaults: boolean;
}

/** `aggregate demo`: the main job against an endpoint of its own, to see what it does. */
export const builder: Builder = (yargs: Argv) =>
  yargs
    .option('config', {
      ...CONFIG_OPTION,
      describe: 'A settings file of which all but the URL is taken; without it none is read',
    })
    .options(OWN_OPTIONS.demo);

export const handler: Handler = async (argv) => await demo(optionsOf(argv));

function optionsOf(argv: Readonly<Record<string, unknown>>): DemoOptions {
  const { config, customers, latencyMs, faults } = argv;
  return {
    config: typeof config === 'string' ? config : undefined,
    customers: customers === undefined ? undefined : wholeNumber('--customers', customers, 10_000_000),
    latencyMs: wholeNumber('--latency-ms', latencyMs, 60_000),
    hasFaults: faults === true,
  };
}

function wholeNumber(flag: string, given: unknown, max: number): number {
  const number = typeof given === 'string' && /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
  if (number >= 0 && number <= max) return number;
  throw new UsageError(`${flag}: expected a whole number from 0 to ${max}, got ${JSON.stringify(given)}`);
}

async function demo(options: DemoOptions): Promise<number> {
  const endpoint = await startDemoEndpoint({
    latencyMs: options.latencyMs,
    faultRate: options.hasFaults ? FAULT_RATE : 0,
  });
  try {
    const command = tellingNobody(await demoSettings(options, endpoint.template));
    say(`An endpoint of its own answers at ${endpoint.template}`);
    const { source_file, process_count } = command.settings;
    say(`$ aggregate run --source-file ${source_file} --process-count ${process_count} …`);
    const exitCode = await runWith(command, { isTalkative: true });
    if (exitCode !== 0) say('The endpoint of the demonstration is gone now: the command above is an example.');
    return exitCode;
  } finally {
    await endpoint.stop();
  }
}

/** A demonstration with a job's own settings is not that job. */
const tellingNobody = (command: CommandSettings): CommandSettings => ({
  ...command,
  settings: { ...command.settings, on_finish: null, ping_url: null, keep_runs: null },
});

/** The user's own settings file is used only where it is named: a demonstration must not write among real results. */
async function demoSettings({ config, customers }: DemoOptions, url: string): Promise<CommandSettings> {
  const given = { url };
  const named = config === undefined ? undefined : await loadCommandSettings({ flags: given, configPath: config });
  const folder = named?.settings.output_directory ?? resolve(FOLDER);
  await mkdir(folder, { recursive: true });
  if (named !== undefined && customers === undefined) return named;
  const list = join(folder, 'demo-customers.csv');
  await writeList(list, customers ?? DEFAULT_CUSTOMERS);
  const flags = { ...given, source_file: list };
  return config === undefined
    ? await loadCommandSettings({ flags: { ...flags, output_directory: folder }, searchFile: false })
    : await loadCommandSettings({ flags, configPath: config });
}

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
