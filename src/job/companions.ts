import { listenAddress } from '../config/address-rule.ts';
import type { Settings } from '../config/schema.ts';
import type { RunPaths } from '../output/claim-files.ts';
import type { RunStatus } from '../status/run-status.ts';
import type { DeadlineWatch } from './deadline.ts';
import { type Ending, exitCodeFor, tellError } from './exit-code.ts';
import { LiveSettings } from './live-settings.ts';
import { readSummary } from './read-summary.ts';
import type { Run } from './run.ts';
import { runOptionsOf } from './run-options.ts';
import type { JobSurroundings } from './surroundings.ts';

export interface CompanionParts {
  run: Run;
  paths: RunPaths;
  settings: Settings;
  secrets: string[];
  surroundings: JobSurroundings;
  deadline: DeadlineWatch;
}

/** What goes along with a run, and cannot change how it ends: live settings, its status for others, the page at its end. */
export class Companions {
  readonly #parts: CompanionParts;
  readonly #live: LiveSettings | undefined;
  #status: RunStatus | undefined;

  constructor(parts: CompanionParts) {
    this.#parts = parts;
    this.#live = followSettings(parts);
  }

  /** What goes wrong with that is told, and changes nothing about the run. */
  async start(): Promise<void> {
    try {
      this.#live?.start();
      this.#status = await showStatus(this.#parts);
    } catch (error) {
      this.#parts.surroundings.warn(`nobody can follow this run: ${tellError(error)}`);
    }
  }

  /** Once the run has come to its end. */
  async end(ending: Ending): Promise<void> {
    const { settings, paths, surroundings } = this.#parts;
    this.stop();
    await this.#status?.end({ exitCode: exitCodeFor(ending), at: surroundings.now().getTime() });
    if (settings.report) await writePage(paths, ending, surroundings.warn);
  }

  stop(): void {
    this.#live?.stop();
  }
}

/** Lets an edit of the settings file take effect while the run is on. */
function followSettings({ run, settings, secrets, surroundings, deadline }: CompanionParts): LiveSettings | undefined {
  const { settingsSource: source } = surroundings;
  if (source === undefined) return undefined;
  const apply = (changed: Settings) => {
    run.change(runOptionsOf(changed, secrets, surroundings));
    deadline.set(changed);
  };
  return new LiveSettings({ source, settings, apply, event: (...what) => run.event(...what) });
}

/** Shows how the run is doing where the settings say so; what that needs is loaded only then. */
async function showStatus({ run, paths, settings, surroundings }: CompanionParts): Promise<RunStatus | undefined> {
  const { status_address, metrics_textfile } = settings;
  if (status_address === null && metrics_textfile === null) return undefined;
  const { RunStatus } = await import('../status/run-status.ts');
  const { FailureGroups } = await import('../report/failure-groups.ts');
  const groups = new FailureGroups(paths.exceptions);
  const status = new RunStatus({
    address: status_address === null ? undefined : listenAddress(status_address),
    metricsFile: metrics_textfile ?? undefined,
    facts: () => ({ ...run.view(), groups: groups.groups }),
    view: async () => {
      await groups.readOn();
      return { ...run.view(), groups: groups.groups };
    },
    note: (message) => run.note('info', message),
    warn: surroundings.warn,
  });
  status.start();
  return status;
}

/** Writes the page about a run; what goes wrong with that is told, and changes nothing about the run. */
async function writePage(paths: RunPaths, ending: Ending, warn: (message: string) => void): Promise<void> {
  try {
    const { writeReport } = await import('../report/write-report.ts');
    const summary = await readSummary(paths.summary);
    const run = { paths, summary: summary === 'damaged' ? undefined : summary };
    await writeReport(run, ending.is === 'complete' ? 'finished' : 'interrupted');
  } catch (error) {
    warn(`the page about the run could not be written: ${tellError(error)}`);
  }
}
