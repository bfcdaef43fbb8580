import type { ListenAddress } from '../config/address-rule.ts';
import { reportPage } from '../report/page.ts';
import type { RunView } from '../report/run-view.ts';
import { lastSuccessIn, replaceMetricsFile } from './metrics-file.ts';
import { CONTENT_TYPE, metricsText, type RunEnd } from './metrics-text.ts';
import { statusJson } from './status-json.ts';
import { type Resource, StatusServer } from './status-server.ts';

export interface RunStatusParts {
  /** Where to listen; undefined for nowhere. */
  address: ListenAddress | undefined;
  /** The file for node_exporter's textfile collector; undefined for none. */
  metricsFile: string | undefined;
  /** What is known without reading a file. */
  facts(): RunView;
  view(): Promise<RunView>;
  note(message: string): void;
  /** What keeps people from looking, which does not keep the run from going on. */
  warn(message: string): void;
}

/** The metrics file is written so often: more often it is not collected. */
const METRICS_MS = 60_000;

/** Shows a run to whoever looks at it from outside while it is on. Nothing here can change the run, or end it. */
export class RunStatus {
  readonly #parts: RunStatusParts;
  readonly #lastSuccessAt: number | undefined;
  #server: StatusServer | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isFileLost = false;

  constructor(parts: RunStatusParts) {
    this.#parts = parts;
    this.#lastSuccessAt = parts.metricsFile === undefined ? undefined : lastSuccessIn(parts.metricsFile);
  }

  /** Does not wait until somebody can look: a name may take its time to be found. */
  start(): void {
    void this.#listen();
    if (this.#parts.metricsFile === undefined) return;
    this.#writeFile(undefined);
    this.#timer = setInterval(() => this.#writeFile(undefined), METRICS_MS).unref();
  }

  /** Writes the last figures; nobody is served any more. */
  async end(end: RunEnd): Promise<void> {
    clearInterval(this.#timer);
    await this.#server?.close();
    if (this.#parts.metricsFile !== undefined) this.#writeFile(end);
    await this.#writing;
  }

  async #listen(): Promise<void> {
    const { address, facts, view, note, warn } = this.#parts;
    if (address === undefined) return;
    const resources = new Map<string, Resource>([
      ['/', { contentType: 'text/html; charset=utf-8', make: async () => reportPage(await view()) }],
      ['/metrics', { contentType: CONTENT_TYPE, make: async () => await this.#metrics(undefined) }],
      ['/status.json', { contentType: 'application/json', make: async () => statusJson(facts()) }],
      ['/healthz', { contentType: 'text/plain; charset=utf-8', make: async () => 'ok\n' }],
    ]);
    this.#server = new StatusServer(resources);
    try {
      note(`Status at ${await this.#server.listen(address)}`);
    } catch (error) {
      warn(`no status is served: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async #metrics(end: RunEnd | undefined): Promise<string> {
    const lastSuccessAt = end?.exitCode === 0 ? end.at : this.#lastSuccessAt;
    return await metricsText(this.#parts.facts(), end, lastSuccessAt);
  }

  /** One at a time, so that the last is the last; what goes wrong is told once. */
  #writeFile(end: RunEnd | undefined): void {
    const { metricsFile, warn } = this.#parts;
    this.#writing = this.#writing.then(async () => {
      try {
        await replaceMetricsFile(metricsFile ?? '', await this.#metrics(end));
      } catch (error) {
        if (!this.#isFileLost)
          warn(`no metrics are written: ${error instanceof Error ? error.message : String(error)}`);
        this.#isFileLost = true;
      }
    });
  }
}
