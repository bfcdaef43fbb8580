import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { VERSION } from '../config/version.ts';
import { type ChartData, chartData } from './chart-data.ts';
import { Html, html, scriptJson } from './html.ts';
import type { RunView } from './run-view.ts';
import {
  chartsSection,
  childrenSection,
  eventsSection,
  failuresSection,
  headSection,
  settingsSection,
  totalsSection,
} from './sections.ts';

const require = createRequire(import.meta.url);

/** Printed pages have more dots than a screen: what is drawn is to be sharp there, too. The library asks when it is loaded. */
const SHARPER = "if (devicePixelRatio < 2) Object.defineProperty(window, 'devicePixelRatio', { get: () => 2 });";

/** What stands in every page as it is: read when the first page is made. */
interface Assets {
  style: string;
  chartLibrary: string;
  script: string;
  /** Of the chart library, whose terms want it kept. */
  licence: string;
  /** What the page may do: run these scripts, take these styles, and nothing from anywhere. */
  policy: string;
}

let assets: Assets | undefined;

function loadAssets(): Assets {
  // From this room, wherever the build puts this code.
  const own = (name: string) => readFileSync(new URL(`../report/page/${name}`, import.meta.url), 'utf8');
  const uplot = (name: string) => readFileSync(require.resolve(`uplot/${name}`), 'utf8');
  const style = `${uplot('dist/uPlot.min.css')}\n${own('page.css')}`;
  const chartLibrary = `${SHARPER}\n${uplot('dist/uPlot.iife.min.js')}`;
  const script = own('page.js');
  const policy = [
    "default-src 'none'",
    `script-src ${hashOf(chartLibrary)} ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return { style, chartLibrary, script, licence: uplot('LICENSE'), policy };
}

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** What a page's script needs of the run. */
const dataOf = ({ startedAt, endedAt, measured }: RunView, { times, charts }: ChartData) => ({
  from: startedAt / 1000,
  to: endedAt / 1000,
  timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  times,
  charts,
  events: measured.events.map(({ at }) => at / 1000),
});

/**
 * A page about a run: one file that refers to nothing outside it. Whatever customers and servers put into it is text, and
 * its policy lets nothing run but the two scripts that belong to it, and nothing be fetched at all. Without scripts, all
 * but the charts is there.
 */
export function reportPage(view: RunView): string {
  assets ??= loadAssets();
  const { style, chartLibrary, script, licence, policy } = assets;
  const data = chartData(view.measured.samples);
  const isLive = view.state === 'running';
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${new Html(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>Run ${view.stamp}: ${view.outcome}</title>
<style>${new Html(style)}</style>
</head>
<body>
<main>
${headSection(view)}${isLive ? LIVE_CONTROL : ''}${totalsSection(view)}${chartsSection(view, data.charts)}${eventsSection(view)}${failuresSection(view)}${childrenSection(view)}${settingsSection(view)}</main>
<footer><p>Made by aggregate ${VERSION}. Charts by uPlot.</p></footer>
<script type="application/json" id="data">${scriptJson(dataOf(view, data))}</script>
<!--
uPlot
${licence}
-->
<script>${new Html(chartLibrary)}</script>
<script>${new Html(script)}</script>
</body>
</html>
`.text;
}

const LIVE_CONTROL = html`<p class="live"><label><input type="checkbox" id="live" checked> look again every 5 seconds</label></p>\n`;
