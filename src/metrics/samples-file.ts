import { existsSync, statSync } from 'node:fs';
import { fileLines } from '../output/file-lines.ts';
import { OutputFile } from '../output/output-file.ts';
import { replaceByNew, writeNew } from '../output/replace-file.ts';
import { emptyMeasured, type SamplesContent, takeLine } from './samples-lines.ts';

const NEWLINE = 0x0a;

/** What a samples file says; a line that is not one of ours is passed over. Nothing where there is none. */
export async function readSamples(path: string): Promise<SamplesContent> {
  return (await scan(path)).content;
}

/** What the file says, and how long it is up to its last whole line. */
async function scan(path: string): Promise<{ content: SamplesContent; wholeBytes: number }> {
  const content: SamplesContent = { ...emptyMeasured(), settings: {} };
  let wholeBytes = 0;
  if (!existsSync(path)) return { content, wholeBytes };
  for await (const lines of fileLines(path, statSync(path).size)) {
    for (const line of lines) {
      if (line.at(-1) !== NEWLINE) continue;
      wholeBytes += line.length;
      takeLine(content, line);
    }
  }
  return { content, wholeBytes };
}

/**
 * The file beside the journal in which a run keeps what it measured of itself. It is history, not output: it is written
 * as it comes and not synced, a line that a crash has cut is dropped, and nothing is read from it that a result depends on.
 */
export class SamplesFile {
  readonly #path: string;
  #file: OutputFile;

  private constructor(path: string, file: OutputFile) {
    this.#path = path;
    this.#file = file;
  }

  /** Opens the file to go on with it, or begins one; with what it holds. Throws an OutputError. */
  static async open(path: string): Promise<{ file: SamplesFile; content: SamplesContent }> {
    const { content, wholeBytes } = await scan(path);
    const file = existsSync(path) ? await OutputFile.reopen(path, wholeBytes) : await OutputFile.create(path);
    return { file: new SamplesFile(path, file), content };
  }

  async append(lines: string): Promise<void> {
    await this.#file.append(Buffer.from(lines));
  }

  /** Puts other lines in the place of all; at any moment the file is there whole, the old or the new one. */
  async replace(lines: string): Promise<void> {
    await this.#file.close();
    const length = await writeNew(this.#path, (file) => file.append(Buffer.from(lines)));
    await replaceByNew(this.#path);
    this.#file = await OutputFile.reopen(this.#path, length);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}
