import { rolldown } from 'rolldown';
import { LATE } from './late.ts';

/** The files that are started by name, each where its source is: others look for them there. */
const ENTRIES = ['src/cli/main', 'src/child/entry', 'fixtures/endpoint'];

/** Loaded late and seldom, or found by the path of one of their files: these stay where they were installed. */
const LEFT_OUT = ['@jmespath-community/jmespath', 'prom-client', 'uplot'];

/** What nearly every command needs, and children do: small, and quicker to load as one file. */
const GROUPS = [
  { name: 'builtins', test: /^\0builtin:/ },
  {
    name: 'common',
    test: /[\\/]src[\\/](?:channel[\\/]|errors\.ts|config[\\/](?:redactor|secrets|placeholder-text)\.ts)/,
  },
];

/** Writes the program into a folder; gives the ids of all modules that are in it, the libraries' too. */
export async function bundle(topLevel: string, folder: string): Promise<string[]> {
  const build = await rolldown({
    cwd: topLevel,
    input: Object.fromEntries(ENTRIES.map((name) => [name, `${name}.ts`])),
    platform: 'node',
    external: LEFT_OUT,
    // What libraries show their own developers (winston's: colours, 5 % of the parent's start) is left out.
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    plugins: LATE,
  });
  const { output } = await build.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].js',
    // As deep as the rooms are: what is found by its path from a source is found from here, too.
    chunkFileNames: 'src/chunks/[name].js',
    codeSplitting: { groups: GROUPS },
  });
  await build.close();
  return output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
}
