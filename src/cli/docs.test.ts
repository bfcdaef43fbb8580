import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { FAILURE_KINDS } from '../channel/protocol.ts';
import { COMMAND_NAMES } from './commands.ts';

const TOP = fileURLToPath(new URL('../../', import.meta.url));
const PAGES = [
  'README.md',
  ...readdirSync(join(TOP, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const read = (page: string): string => readFileSync(join(TOP, page), 'utf8');

/** Headings as GitHub makes anchors of them. */
const anchorsIn = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );

describe('the documents', () => {
  it('say of each exit code, and of each kind of failure, what it means and what to do', () => {
    const anchors = anchorsIn(read('docs/operating.md'));
    const codes = ['0', '1', '2', '3', '4', '70', '75'].map((code) => `exit-code-${code}`);
    expect(anchors).toEqual(expect.arrayContaining([...codes, 'exit-codes-130-and-143', ...FAILURE_KINDS]));
  });

  it('have no link that leads nowhere', () => {
    const broken = PAGES.flatMap((page) => {
      const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
      return links
        .filter((link) => !/^https?:/.test(link) && !leadsSomewhere(page, link))
        .map((link) => `${page}: ${link}`);
    });
    expect(broken).toEqual([]);
  });

  it('name no command that there is not', () => {
    const known = new Set<string | undefined>(COMMAND_NAMES);
    const inCode = PAGES.flatMap((page) => [...read(page).matchAll(/`aggregate ([a-z]+)/g)].map(([, name]) => name));
    expect(inCode.length).toBeGreaterThan(20);
    expect(inCode.filter((name) => !known.has(name))).toEqual([]);
  });

  it('show in the README what a terminal and a page about a run look like', () => {
    const pictures = [...read('README.md').matchAll(/^!\[.{20,}\]\((.*)\)$/gm)].map(([, path]) => path);
    expect(pictures).toEqual(['docs/terminal.svg', 'docs/report.png']);
  });

  it('leave the README under two screens', () => {
    expect(read('README.md').split('\n').length).toBeLessThan(115);
  });
});

function leadsSomewhere(page: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? page : join(dirname(page), file);
  if (!existsSync(join(TOP, target))) return false;
  return anchor === undefined || anchorsIn(read(target)).includes(anchor);
}
