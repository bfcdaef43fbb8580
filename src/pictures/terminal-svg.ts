import { type Span, STYLES } from './frames.ts';

const CHAR = 8.4;
const LINE = 20;
const PADDING = 16;
const PLAIN = '#e6edf3';

/** Lines of a terminal as an SVG; each character has its place, whatever fixed-width font there is. */
export function terminalSvg(lines: readonly (readonly Span[])[], columns: number, title: string): string {
  const width = columns * CHAR + 2 * PADDING;
  const height = lines.length * LINE + 2 * PADDING;
  const texts = lines.flatMap((line, row) => textsOf(line, PADDING + (row + 0.75) * LINE));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${xml(title)}" font-family="ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">`,
    `  <rect width="${width}" height="${height}" rx="8" fill="#0d1622"/>`,
    ...texts.map((text) => `  ${text}`),
    '</svg>',
    '',
  ].join('\n');
}

function textsOf(line: readonly Span[], y: number): string[] {
  const texts: string[] = [];
  let column = 0;
  for (const { text, style } of line) {
    const x = PADDING + column * CHAR;
    const fill = STYLES.get(style) ?? PLAIN;
    const length = text.length * CHAR;
    if (text.trim() !== '') {
      texts.push(
        `<text x="${x}" y="${y}" fill="${fill}" textLength="${length}" xml:space="preserve">${xml(text)}</text>`,
      );
    }
    column += text.length;
  }
  return texts;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const xml = (text: string): string => text.replace(/[&<>"]/g, (char) => ENTITIES[char] ?? char);
