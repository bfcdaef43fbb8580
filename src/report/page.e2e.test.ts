import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { runFolder } from '../testing/finished-run.ts';
import { chromiumFor } from '../testing/requirements.ts';
import { runView } from '../testing/run-view.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { reportPage } from './page.ts';

const executablePath = chromiumFor('pages about runs, as a browser shows them');
const AXE = readFileSync(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** What customers and servers would do to a page if they could. */
const HOSTILE = [
  '<script>hacked = 1</script>',
  '</script><script>hacked = 1</script>',
  '</style><img src="http://decoy.invalid/x" onerror="hacked = 1">',
  '"><svg onload=hacked=1>',
  "' onfocus='hacked=1' autofocus x='",
  '<!--',
  '\u202edlrow \u0000\u0007\r\n\u2028',
  '${hacked = 1}',
  '&lt;b&gt;&#60;script&#62;',
  'x'.repeat(1_000_000),
];

describe.skipIf(executablePath === undefined)('a page about a run', () => {
  let browser: Browser;
  beforeAll(async () => {
    // Whoever is root has no sandbox of Chromium's; the pages are our own.
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
  });
  afterAll(async () => await browser?.close());

  /** The page in a browser that notes what it asks for and what goes wrong. */
  async function open(path: string, options: Parameters<Browser['newPage']>[0] = {}) {
    const page = await browser.newPage(options);
    onTestFinished(() => page.close());
    const noticed: string[] = [];
    const own = pathToFileURL(path).href;
    page.on('request', (request) => request.url() === own || noticed.push(`asked for ${request.url()}`));
    page.on('console', (message) => noticed.push(message.text()));
    page.on('pageerror', (error) => noticed.push(String(error)));
    await page.goto(own);
    return { page, noticed };
  }

  function pageFile(text: string): string {
    const path = join(temporaryFolder(), 'report.html');
    writeFileSync(path, text);
    return path;
  }

  /** Bytes of each chart that are not empty. */
  const inkOf = async (page: Page) =>
    await page.evaluate<number[]>(`
    [...document.querySelectorAll('.plot canvas')].map((canvas) =>
      canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.filter((byte) => byte > 0).length)`);

  it('shows the figures of the summary, draws its charts, and asks for nothing', async () => {
    const { list, folder, aggregate, file } = await runFolder(300, {
      latencyMs: 5,
      faults: { rate: 0.1, seed: 1, kinds: ['404', '500'] },
    });
    const hostile = HOSTILE.slice(0, 5).map((text) => `"${text.replaceAll('"', '""')}"`);
    writeFileSync(list, `${readFileSync(list, 'utf8')}${hostile.join('\n')}\n`);
    expect((await aggregate(['run'], '--report')).exitCode).toBe(1);
    const summary = JSON.parse(readFileSync(file('summary'), 'utf8'));
    const { page, noticed } = await open(file('report'));
    const figure = async (name: string) =>
      Number((await page.locator(`[data-figure="${name}"]`).innerText()).replaceAll(',', ''));
    expect(await figure('total')).toBe(summary.customers.total);
    expect(await figure('ok')).toBe(summary.customers.ok);
    expect(await figure('failed')).toBe(summary.customers.failed);
    expect(await figure('records')).toBe(summary.records);
    expect(await figure('requests')).toBe(summary.requests);
    for (const [kind, count] of Object.entries(summary.failures)) {
      expect(await page.locator(`[data-kind="${kind}"] b`).innerText()).toBe(String(count));
    }
    const grouped = await page.locator('[aria-label="Failures that are alike"] tbody td:first-child').allInnerTexts();
    expect(grouped.reduce((sum, text) => sum + Number(text), 0)).toBe(summary.customers.failed);
    expect(await page.locator('pre.answer').first().innerText()).toMatch(/^\{"error":"status (404|500) for /);
    expect((await inkOf(page)).every((ink) => ink > 1000)).toBe(true);
    expect(noticed).toEqual([]);
    expect((await aggregate(['report'])).stdout).toBe(`${file('report')}\n`);
    expect(folder).toBeTruthy();
  });

  it('takes whatever customers and servers say for text', async () => {
    const all = HOSTILE.join(' ');
    const text = reportPage(
      runView({
        outcome: all,
        groups: HOSTILE.map((message) => ({
          kind: message.slice(0, 40),
          status: 500,
          message: message.slice(0, 200),
          count: 1,
          customers: [message.slice(0, 60)],
          answer: message.slice(0, 300),
        })),
        settings: { url: all },
        files: HOSTILE,
        measured: {
          ...runView().measured,
          events: HOSTILE.map((said) => ({ at: runView().startedAt, kind: 'child_died', text: said.slice(0, 1000) })),
        },
      }),
    );
    const { page, noticed } = await open(pageFile(text));
    expect(await page.evaluate('typeof hacked')).toBe('undefined');
    expect(await page.locator('script').count()).toBe(3);
    expect(await page.locator('img, svg, iframe, link, object').count()).toBe(0);
    expect(await page.locator('[onerror], [onload], [onfocus]').count()).toBe(0);
    expect(await page.locator('pre.answer').first().innerText()).toBe('<script>hacked = 1</script>');
    expect(noticed).toEqual([]);
  });

  it('can be walked through by keyboard, and says what it shows to who does not see it', async () => {
    const { page } = await open(pageFile(reportPage(runView())));
    await page.locator('#throughput .plot').focus();
    for (const key of ['Home', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    expect(await page.locator('#throughput output').innerText()).toMatch(
      /^\d\d:00:02: customers 40, attempts 45 a second$/,
    );
    await page.evaluate(AXE);
    const found = await page.evaluate(
      'axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))',
    );
    expect(found).toEqual([]);
  });

  it('is there in light and dark, on a narrow screen, on paper, and without scripts', async () => {
    const path = pageFile(reportPage(runView()));
    const ground = async (page: Page) => await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    const light = await open(path, { colorScheme: 'light' });
    const dark = await open(path, { colorScheme: 'dark', viewport: { width: 360, height: 700 } });
    expect(await ground(light.page)).toBe('rgb(255, 255, 255)');
    expect(await ground(dark.page)).toBe('rgb(13, 17, 23)');
    expect(await dark.page.evaluate('document.documentElement.scrollWidth')).toBe(360);
    // These can be read there without moving them.
    for (const name of ['What happened', 'Failures that are alike']) {
      expect(
        await dark.page.evaluate(`document.querySelector('[aria-label="${name}"]').scrollWidth`),
      ).toBeLessThanOrEqual(320);
    }
    for (const width of [375, 900, 1200]) {
      await light.page.setViewportSize({ width, height: 700 });
      const rows = await light.page.evaluate<number[]>(
        "Object.values(Object.groupBy(document.querySelectorAll('.tile'), (tile) => tile.offsetTop)).map((row) => row.length)",
      );
      expect(rows.every((tiles) => tiles === 6 / rows.length)).toBe(true);
    }
    await light.page.emulateMedia({ media: 'print' });
    expect(
      await light.page.evaluate("innerWidth - document.querySelector('.tile.rate').getBoundingClientRect().right"),
    ).toBeGreaterThanOrEqual(1);
    expect((await light.page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000);
    const still = await open(path, { javaScriptEnabled: false });
    expect(await still.page.locator('noscript').innerText()).toContain('table below');
    expect(await still.page.locator('details table tbody tr').count()).toBe(30);
  });
});
