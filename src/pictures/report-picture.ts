import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const WIDTH = 1000;
const HEIGHT = 860;

/** A picture (PNG) of the beginning of a page, as Chromium shows it on a screen of many dots. */
export async function reportPicture(page: string, picture: string, executablePath: string): Promise<void> {
  // Whoever is root has no sandbox of Chromium's; the page is our own.
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const viewport = { width: WIDTH, height: HEIGHT };
    const shown = await browser.newPage({ viewport, deviceScaleFactor: 1.5, colorScheme: 'light' });
    await shown.goto(pathToFileURL(page).href);
    await shown.screenshot({ path: picture });
  } finally {
    await browser.close();
  }
}
