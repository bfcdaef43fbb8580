import { type SettingName, settingsSchema } from '../config/schema.ts';
import { secretsOfUrl } from '../config/secrets.ts';

/** Asks a person one thing; gives the answer without blanks around it, `''` where there was none. */
export type Ask = (question: string) => Promise<string>;

export interface AskedFacts {
  ask: Ask;
  /** Says why an answer was not taken. */
  say(line: string): void;
  /** The names of a list's columns, or a sentence on why it cannot be read. */
  columnsOf(list: string): Promise<readonly string[] | string>;
  isDirectory(path: string): boolean;
}

/**
 * Asks for what a job cannot do without and was not given, and for what most jobs need; gives settings as flags would.
 * `given` are those that are known.
 */
export async function askForSettings(
  { ask, say, columnsOf, isDirectory }: AskedFacts,
  given: Readonly<Record<string, unknown>>,
): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = { ...given };
  let columns: readonly string[] = [];
  const askFor = async (name: SettingName, question: string, check = async (_: string) => wrongIn(name, _)) => {
    while (found[name] === undefined) {
      const answer = await ask(question);
      const problem = answer === '' ? 'this one is needed' : await check(answer);
      if (problem === undefined) found[name] = answer;
      else say(`  ${problem}`);
    }
  };
  const readList = async (path: string) => {
    const read = await columnsOf(path);
    if (typeof read === 'string') return read;
    columns = read;
    return undefined;
  };
  await askFor('source_file', 'The list of customers, a CSV file: ', readList);
  if (columns.length > 1 && found.source_column === undefined) {
    const column = await askForColumn({ ask, say }, columns);
    if (column !== columns[0]) found.source_column = column;
  }
  const isElsewhere = [given.query, given.headers, given.body].some((each) => each !== undefined);
  const checkUrl = async (url: string) =>
    wrongIn('url', url) ?? (isElsewhere || url.includes('{0}') ? undefined : 'expected {0} where the customer belongs');
  if (found.url === undefined) {
    await askFor('url', 'The URL to ask, with {0} where the customer belongs: ', checkUrl);
    if (secretsOfUrl(String(found.url)).length > 0) say(`  ${OPEN_SECRET}`);
  }
  if (found.headers === undefined) {
    const variable = await askForVariable({ ask, say });
    if (variable !== '') found.headers = `authorization: Bearer \${${variable}}`;
  }
  if (found.output_directory === undefined) {
    const directory = await askForDirectory({ ask, say, isDirectory });
    if (directory !== '') found.output_directory = directory;
  }
  return found;
}

type Asking = Pick<AskedFacts, 'ask' | 'say'>;

async function askForColumn({ ask, say }: Asking, columns: readonly string[]): Promise<string> {
  for (;;) {
    const answer = await ask(`Its columns are ${columns.join(', ')}. Which holds the customer? [${columns[0]}]: `);
    if (answer === '') return columns[0] ?? '';
    if (columns.includes(answer)) return answer;
    say('  there is no such column');
  }
}

/** Its name, not its value: a token in a settings file would be read by whoever reads that. */
async function askForVariable({ ask, say }: Asking): Promise<string> {
  for (;;) {
    const answer = await ask(
      'The environment variable that holds a bearer token, where the endpoint wants one [none]: ',
    );
    if (answer === '' || /^[A-Za-z_][A-Za-z0-9_]*$/.test(answer)) return answer;
    say('  the name of a variable, such as API_TOKEN, not the token itself');
  }
}

/** Directories are not made: one that is missing is often a disk that is not there. */
async function askForDirectory({ ask, say, isDirectory }: Asking & Pick<AskedFacts, 'isDirectory'>): Promise<string> {
  for (;;) {
    const answer = await ask('Where the results go, a directory that exists [beside the settings file]: ');
    if (answer === '' || isDirectory(answer)) return answer;
    say('  there is no such directory');
  }
}

const OPEN_SECRET =
  'its secret stands open in the settings file: write ${NAME} for it there, to have it taken from the environment';

/** What is wrong with an answer, as the schema has it; undefined where nothing is. */
function wrongIn(name: SettingName, answer: string): string | undefined {
  const expected = settingsSchema.shape[name].safeParse(answer).error?.issues[0]?.message;
  return expected === undefined ? undefined : `expected ${expected}`;
}
