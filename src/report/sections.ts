import { durationText } from '../job/account.ts';
import { mergeUpTo } from '../metrics/compact.ts';
import { mergeSamples, type Sample } from '../metrics/sample.ts';
import { type Chart, perSecond, quantile, sumOf } from './chart-data.ts';
import { count, figure, share, timeText } from './format.ts';
import { Html, html } from './html.ts';
import type { RunView } from './run-view.ts';

const NOTHING = new Html('');

/** `number` is set to the right, `short` is never broken; all else is text. */
interface TableColumn {
  title: string;
  is?: 'number' | 'short';
}

/** A table that scrolls by itself where it is too wide; `name` says to a screen reader what it is. */
function table(name: string, columns: readonly TableColumn[], rows: readonly (readonly (Html | string)[])[]): Html {
  const heads = columns.map(({ title, is = 'text' }) => html`<th scope="col" class="${is}">${title}</th>`);
  const cell = (value: Html | string, i: number) => html`<td class="${columns[i]?.is ?? 'text'}">${value}</td>`;
  return html`<div class="scroll" role="group" aria-label="${name}" tabindex="0"><table>
<thead><tr>${heads}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${row.map(cell)}</tr>\n`)}</tbody>
</table></div>`;
}

const section = (id: string, title: string, content: Html): Html =>
  html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${content}
</section>\n`;

/** Stamp, what became of it, and when. */
export function headSection({ stamp, outcome, state, startedAt, endedAt }: RunView): Html {
  const until = state === 'running' ? 'so far' : timeText(endedAt);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return html`<header>
<h1>Run ${stamp}</h1>
<p class="outcome ${state}">${outcome}</p>
<p class="when">${timeText(startedAt)} – ${until} (${durationText(endedAt - startedAt)}), times in ${zone}</p>
</header>\n`;
}

/** The figures that people look at first. */
export function totalsSection({ total, expected, ok, failed, records, requests, measured }: RunView): Html {
  const settled = ok + failed;
  const work = measured.samples.length === 0 ? undefined : measured.samples.reduce(mergeSamples);
  const rate = work === undefined ? null : perSecond(work.ok + sumOf(work.failures), work);
  const tiles: [string, string, string, string][] = [
    [
      'total',
      'Customers',
      expected === null ? '?' : `${total === null ? '~' : ''}${count(expected)}`,
      expected === settled || expected === null ? '' : `${count(Math.max(0, expected - settled))} open`,
    ],
    ['ok', 'In the results', count(ok), share(ok, settled)],
    ['failed', 'Failed', count(failed), share(failed, settled)],
    ['records', 'Records', count(records), ok === 0 ? '' : `${figure(records / ok)} a customer`],
    ['requests', 'Requests', count(requests), settled === 0 ? '' : `${figure(requests / settled)} a customer`],
    ['rate', 'Customers/s', figure(rate), 'on average'],
  ];
  const list = tiles.map(
    ([id, title, value, note]) =>
      html`<div class="tile ${id}"><dt>${title}</dt><dd><b data-figure="${id}">${value}</b> <small>${note}</small></dd></div>\n`,
  );
  return section('totals', 'Totals', html`<dl class="tiles">\n${list}</dl>`);
}

/** The places of the charts, what they show in a sentence, and their figures as a table. */
export function chartsSection({ measured: { samples } }: RunView, charts: readonly Chart[]): Html {
  if (charts.length === 0) return section('time', 'Over time', html`<p>Nothing was measured.</p>`);
  const figures = charts.map(chartFigure);
  return section(
    'time',
    'Over time',
    html`<noscript><p class="note">The charts need scripts; their figures stand in the table below.</p></noscript>
${figures}<p class="note keys">Arrow keys move through a chart that has the focus; drag to look closer, double click or Escape to look at all again.</p>
<details><summary>The figures of the charts as a table</summary>
${figuresTable(samples)}
</details>`,
  );
}

function chartFigure({ id, title, unit, series }: Chart): Html {
  const values = series.flatMap((each) => each.values.filter((value) => value !== null));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const range = values.length === 0 ? 'nothing was measured' : `${figure(low)} to ${figure(high)}`;
  return html`<figure id="${id}">
<figcaption><b>${title}</b>${unit === '' ? '' : `, ${unit}`} <span class="range">(${range})</span></figcaption>
<div class="plot" tabindex="0" role="img" aria-label="${title}: ${series.map(({ label }) => label).join(', ')}; ${range} ${unit}"></div>
<p class="legend"></p>
<output class="sr"></output>
</figure>\n`;
}

/** So many rows can be read. */
const MAX_FIGURES = 120;

function figuresTable(samples: readonly Sample[]): Html {
  let merged = [...samples];
  for (let spanMs = 2000; merged.length > MAX_FIGURES; spanMs *= 2) merged = mergeUpTo(merged, spanMs);
  const rows = merged.map((sample) => [
    timeText(sample.from),
    figure(sample.activeMs / 1000),
    count(sample.ok),
    count(sumOf(sample.failures)),
    figure(perSecond(sample.ok + sumOf(sample.failures), sample)),
    figure(sample.inFlightMs / Math.max(1, sample.activeMs)),
    ...[0.5, 0.9, 0.99].map((q) => figure(quantile(sample.latency, q))),
    Object.entries(sample.failures)
      .map(([kind, n]) => `${kind} ${count(n)}`)
      .join(', '),
  ]);
  const numbers = ['seconds', 'ok', 'failed', 'customers/s', 'in flight', 'p50 ms', 'p90 ms', 'p99 ms'];
  return table(
    'Figures over time',
    [
      { title: 'from', is: 'short' },
      ...numbers.map((title): TableColumn => ({ title, is: 'number' })),
      { title: 'failures by kind' },
    ],
    rows,
  );
}

/** What happened; the numbers stand in the charts, too. */
export function eventsSection({ measured: { events } }: RunView): Html {
  if (events.length === 0) return NOTHING;
  const rows = events.map(({ at, kind, text }, i) => [String(i + 1), timeText(at), kind.replaceAll('_', ' '), text]);
  return section(
    'events',
    'What happened',
    table(
      'What happened',
      [{ title: '#', is: 'number' }, { title: 'when', is: 'short' }, { title: 'what', is: 'short' }, { title: 'more' }],
      rows,
    ),
  );
}

/** Failures that are alike, the most frequent first. */
export function failuresSection({ failed, failures, groups }: RunView): Html {
  if (failed === 0) return section('failed', 'Failures', html`<p>No customer failed.</p>`);
  const kinds = Object.entries(failures).sort(([, a], [, b]) => b - a);
  const list = kinds.map(([kind, n]) => html`<li data-kind="${kind}"><b>${count(n)}</b> ${kind}</li>\n`);
  const rows = groups.map(({ kind, status, message, count: n, customers, answer }) => [
    count(n),
    status === null ? kind : `${kind} · ${status}`,
    html`${message}${answer === undefined ? '' : html`<pre class="answer">${answer}</pre>`}`,
    customers.join(' · '),
  ]);
  const columns: TableColumn[] = [
    { title: 'count', is: 'number' },
    { title: 'kind', is: 'short' },
    { title: 'what came, and how the first answer began' },
    { title: 'examples' },
  ];
  return section(
    'failed',
    'Failures',
    html`<ul class="kinds">\n${list}</ul>\n${table('Failures that are alike', columns, rows)}`,
  );
}

/** The children that are there, and those that are gone. */
export function childrenSection({ children, measured }: RunView): Html {
  const live = children.map(({ pid, state, ok, failed, held, inFlight }) => [
    String(pid ?? '–'),
    `${state}, holds ${count(held)}, ${count(inFlight)} in flight`,
    '',
    '',
    count(ok),
    count(failed),
  ]);
  const gone = measured.children.map(({ pid, from, to, ok, failed, end }) => [
    String(pid),
    end,
    timeText(from),
    durationText(to - from),
    count(ok),
    count(failed),
  ]);
  if (live.length + gone.length === 0) return NOTHING;
  const columns: TableColumn[] = [
    { title: 'pid', is: 'number' },
    { title: 'state' },
    { title: 'from', is: 'short' },
    { title: 'for', is: 'short' },
    { title: 'ok', is: 'number' },
    { title: 'failed', is: 'number' },
  ];
  return section('children', 'Child processes', table('Child processes', columns, [...live, ...gone.reverse()]));
}

export function settingsSection({ settings, files }: RunView): Html {
  const rows = Object.entries(settings).map(([name, value]) => [
    html`<code>${name}</code>`,
    html`<code>${value}</code>`,
  ]);
  const shown =
    rows.length === 0 ? NOTHING : table('Settings', [{ title: 'setting', is: 'short' }, { title: 'value' }], rows);
  const list = files.map((path) => html`<li><code>${path}</code></li>\n`);
  return html`${section('settings', 'Settings', shown)}${section('files', 'Files', html`<ul class="files">\n${list}</ul>`)}`;
}
