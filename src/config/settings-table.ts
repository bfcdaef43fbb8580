import { factsOf, flagOf, SETTING_NAMES, type SettingName } from './schema.ts';

const BEGIN = '<!-- settings:begin -->';
const END = '<!-- settings:end -->';

/** The settings as a Markdown table: setting, flag, default, meaning. */
export function settingsTable(): string {
  const head = ['| setting | flag | default | meaning |', '|---|---|---|---|'];
  return [...head, ...SETTING_NAMES.map(tableRow)].join('\n');
}

/** A Markdown text with the table between its two markers. Throws where the markers are not there, in this order, once. */
export function withSettingsTable(markdown: string): string {
  const [before, rest, ...more] = markdown.split(BEGIN);
  const [stale, after, ...further] = rest?.split(END) ?? [];
  if (before === undefined || stale === undefined || after === undefined || more.length + further.length > 0) {
    throw new Error(`expected ${BEGIN} and ${END}, each once`);
  }
  return `${before}${BEGIN}\n${settingsTable()}\n${END}${after}`;
}

function tableRow(name: SettingName): string {
  const { description, range, isLive } = factsOf(name);
  const meaning = range === undefined ? description : `${description.replace(/\.$/, '')} (${range}).`;
  const cells = [
    `\`${name}\`${isLive === true ? ' *' : ''}`,
    `\`${flagInTable(name)}\``,
    defaultInTable(name),
    meaning,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function flagInTable(name: SettingName): string {
  const { kind, metavar, default: fallback } = factsOf(name);
  if (kind === 'boolean') return fallback === true ? `--no-${flagOf(name).slice(2)}` : flagOf(name);
  return `${flagOf(name)} ${metavar}`;
}

function defaultInTable(name: SettingName): string {
  const { default: fallback, defaultWords } = factsOf(name);
  if (defaultWords !== undefined) return defaultWords;
  if (fallback === undefined) return 'required';
  return `\`${typeof fallback === 'string' ? fallback : JSON.stringify(fallback)}\``;
}
