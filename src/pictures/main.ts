import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startEndpoint } from '../../fixtures/endpoint.ts';
import { writeList } from '../../fixtures/list.ts';
import { chromiumFor } from '../testing/requirements.ts';
import { framesIn, type Span } from './frames.ts';
import { reportPicture } from './report-picture.ts';
import { terminalSvg } from './terminal-svg.ts';

/*
 * Makes docs/terminal.svg, what a real run draws on a terminal of 100 columns, in its middle and at its end, and docs/report.png,
 * the page about that run. `npm run build && npm run pictures`; it needs script(1) of util-linux, and Chromium for the page.
 */
const COLUMNS = 100;
const CUSTOMERS = 12_000;
const SHOWN_AS = '/srv/profiles';

const folder = await mkdtemp(join(tmpdir(), 'aggregate-picture-'));
const endpoint = await startEndpoint({ latencyMs: 20, faults: { rate: 0.004, seed: 1, kinds: ['500', '404'] } });
try {
  await writeList(join(folder, 'customers.csv'), CUSTOMERS);
  const settings = {
    source_file: 'customers.csv',
    url: endpoint.template,
    process_count: 4,
    requests_per_process: 8,
    report: true,
  };
  await writeFile(join(folder, 'aggregate.config.json'), JSON.stringify(settings));
  const sent = (await runOnTerminal(folder)).replaceAll(folder, SHOWN_AS);
  const { frames, rest } = framesIn(sent);
  const middle = frames.filter((lines) => lines.length > 2).at(Math.floor(frames.length * 0.6)) ?? [];
  const prompt: Span[] = [{ text: '$ aggregate run', style: 0 }];
  const lines = [prompt, ...middle, [], ...rest.filter((line) => line.length > 0)].map(cut);
  await writeFile(
    pathInDocs('terminal.svg'),
    terminalSvg(lines, COLUMNS, 'A run on a terminal: what it draws while it is on, and its account at the end'),
  );
  const report = (await readdir(folder)).find((name) => name.endsWith('.html')) ?? '';
  const chromium = chromiumFor('the picture of the page about a run');
  if (chromium !== undefined) await reportPicture(join(folder, report), pathInDocs('report.png'), chromium);
} finally {
  await endpoint.close();
  await rm(folder, { recursive: true });
}

function pathInDocs(name: string): string {
  return fileURLToPath(new URL(`../../docs/${name}`, import.meta.url));
}

/** What the program sends to a terminal while it does the job of this folder. */
async function runOnTerminal(cwd: string): Promise<string> {
  const bin = fileURLToPath(new URL('../../bin/aggregate.js', import.meta.url));
  const command = `stty cols ${COLUMNS} rows 30; exec '${process.execPath}' '${bin}' run`;
  const terminal = spawn('script', ['-qec', command, '/dev/null'], {
    cwd,
    env: { PATH: process.env.PATH, TERM: 'xterm-256color' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let sent = '';
  terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
    sent += text;
  });
  await once(terminal, 'close');
  return sent;
}

/** As a terminal would have it, but without the next line for what does not fit. */
function cut(line: readonly Span[]): Span[] {
  let left = COLUMNS;
  return line.map(({ text, style }) => {
    const shown = text.length > left ? `${text.slice(0, Math.max(0, left - 1))}…` : text;
    left -= shown.length;
    return { text: shown, style };
  });
}
