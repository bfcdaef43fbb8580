import { escapeLine } from '../channel/escape.ts';
import { excerpt } from '../records/excerpt.ts';
import type { ChildLife } from './child-life.ts';
import { compact, type SampleLimits } from './compact.ts';
import { boundEvents, type EventKind, type RunEvent } from './run-event.ts';
import type { Sample } from './sample.ts';
import { type AttemptCounts, type Reading, Sampler } from './sampler.ts';
import { SamplesFile } from './samples-file.ts';
import {
  childLine,
  emptyMeasured,
  eventLine,
  linesOf,
  type Measured,
  type ShownSettings,
  sampleLine,
  settingsLine,
} from './samples-lines.ts';

/** A sample is taken so often. */
export const SAMPLE_MS = 1000;
/** Two minutes second by second, and what was before in at most so many spans. */
const LIMITS: SampleLimits = { recent: 120, older: 480 };
/** The file is written anew when so many samples were added to those: every four minutes. */
const MAX_SAMPLES = LIMITS.recent + LIMITS.older + 240;
const MAX_EVENTS = 500;
const MAX_CHILDREN = 300;
/** Events and children beyond these bounds wait in the file until so many are too many. */
const SLACK = 100;
const TEXT_LENGTH = 300;

export interface RecorderParts {
  /** The samples file. */
  path: string;
  /** What the run has come to. */
  read(): Reading;
  redact(text: string): string;
  /** Called once, where the file can no longer be written: the run goes on without it. */
  onLost(error: unknown): void;
}

/** Keeps what a run measures of itself: in memory for who looks at it now, in a file for who looks later; both bounded. */
export class Recorder {
  readonly #parts: RecorderParts;
  /** Undefined until it has begun to measure. */
  #sampler: Sampler | undefined;
  #measured: Measured = emptyMeasured();
  #settings: ShownSettings = {};
  #childDeaths = 0;
  #file: SamplesFile | undefined;
  /** `over` once nothing is written any more. */
  #state: 'writing' | 'over' = 'writing';
  #lines: string[] = [];
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: RecorderParts) {
    this.#parts = parts;
  }

  /** All that was measured so far, over all starts of the run. */
  get measured(): Readonly<Measured> {
    return this.#measured;
  }

  get shownSettings(): ShownSettings {
    return this.#settings;
  }

  /** Children that died in this start of the run. */
  get childDeaths(): number {
    return this.#childDeaths;
  }

  /** Begins to measure; what an earlier start has left is gone on with. Does not throw. */
  async start(): Promise<void> {
    this.#sampler = new Sampler(this.#parts.read());
    try {
      const { file, content } = await SamplesFile.open(this.#parts.path);
      this.#file = file;
      // What happened before the file was open.
      const { events } = this.#measured;
      const { settings: _, ...measured } = content;
      this.#measured = { ...measured, events: [...measured.events, ...events] };
      this.#flush();
    } catch (error) {
      await this.#lose(error);
    }
    this.#timer = setInterval(() => this.#takeSample(), SAMPLE_MS);
    this.#timer.unref();
  }

  /** The settings that are in force from now on. */
  settings(shown: ShownSettings): void {
    this.#settings = Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, this.#tidy(value)]));
    this.#put(settingsLine(this.#settings));
  }

  event(kind: EventKind, text: string, at = Date.now()): void {
    if (kind === 'child_died') this.#childDeaths += 1;
    const event: RunEvent = { at, kind, text: this.#tidy(text) };
    this.#measured.events.push(event);
    this.#put(eventLine(event));
  }

  child(life: ChildLife): void {
    const tidy = { ...life, end: this.#tidy(life.end) };
    this.#measured.children.push(tidy);
    this.#put(childLine(tidy));
  }

  /** Attempts ended, and so many requests are in flight now. */
  attempts(counts: AttemptCounts, inFlight: number): void {
    this.#sampler?.count(counts);
    this.#sampler?.fly(Date.now(), inFlight);
  }

  /** Takes the last sample and closes the file; does not throw. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    this.#takeSample();
    this.#state = 'over';
    await this.#writing;
    await this.#file?.close().catch((error: unknown) => this.#parts.onLost(error));
  }

  #takeSample(): void {
    const sample = this.#sampler?.sample(this.#parts.read());
    if (sample === undefined || isEmpty(sample)) return;
    this.#measured.samples.push(sample);
    this.#put(sampleLine(sample));
    if (this.#isTooLong()) this.#shorten();
  }

  #isTooLong(): boolean {
    const { samples, events, children } = this.#measured;
    return samples.length > MAX_SAMPLES || events.length > MAX_EVENTS + SLACK || children.length > MAX_CHILDREN + SLACK;
  }

  #shorten(): void {
    const { samples, events, children } = this.#measured;
    this.#measured = {
      samples: compact(samples, LIMITS, SAMPLE_MS),
      events: boundEvents(events, MAX_EVENTS),
      children: children.slice(-MAX_CHILDREN),
    };
    this.#write(async (file) => {
      this.#lines = [];
      await file.replace(linesOf({ ...this.#measured, settings: this.#settings }));
    });
  }

  /** What comes while something is being written waits, and goes out together. */
  #put(line: string): void {
    if (this.#state === 'over') return;
    this.#lines.push(line);
    if (this.#lines.length === 1) this.#flush();
  }

  #flush(): void {
    this.#write((file) => file.append(this.#lines.splice(0).join('')));
  }

  /** One at a time, in order; after the first error there is no file any more. */
  #write(step: (file: SamplesFile) => Promise<void>): void {
    this.#writing = this.#writing
      .then(async () => {
        if (this.#file !== undefined) await step(this.#file);
      })
      .catch((error: unknown) => this.#lose(error));
  }

  async #lose(error: unknown): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    this.#state = 'over';
    this.#lines = [];
    await file?.close().catch(() => {}); // It is lost already, and said to be.
    this.#parts.onLost(error);
  }

  #tidy(text: string): string {
    return escapeLine(excerpt(this.#parts.redact(text), TEXT_LENGTH));
  }
}

/** No time has passed, and nothing was done. */
const isEmpty = ({ activeMs, ok, failures, requests }: Sample): boolean =>
  activeMs + ok + requests + Object.keys(failures).length === 0;
