import { isBuiltin } from 'node:module';
import type { Plugin } from 'rolldown';

/*
 * What a library does when it is loaded, in case it is needed, and seldom is: done when it is needed. Each of these was
 * found in a profile of a run on one customer; the last two, which got does for each request, in one of a child.
 */

const BUILTIN = '\0builtin:';

/**
 * Modules of Node's own are loaded when something of theirs is first used: `https`, `http2` and `zlib` take 10 ms each, and
 * are needed by few jobs. An import would even read all that a module has: the WebSocket of `http` is undici's, 26 ms and 9 MB.
 */
const builtins: Plugin = {
  name: 'late-builtins',
  // The bundler's own code imports `node:module`.
  resolveId: (id) => (isBuiltin(id) && id !== 'node:module' ? BUILTIN + id : null),
  load: (id) => (id.startsWith(BUILTIN) ? lateModule(id.slice(BUILTIN.length)) : null),
};

/** What stands in the program as it is, since libraries look at it when they are loaded: the numbers and names of a protocol. */
const FIXED: ReadonlySet<string> = new Set(['node:http2.constants']);
/** Whose functions are there before the module is: libraries ask at once whether they exist, or wrap them. */
const FORWARDED: ReadonlySet<string> = new Set(['node:tls', 'node:zlib']);

/** A module (CommonJS) with the members of one of Node's, each there from its first use on. */
function lateModule(id: string): string {
  const module = `process.getBuiltinModule(${JSON.stringify(id)})`;
  const found: unknown = process.getBuiltinModule(id);
  if (typeof found === 'function') return `module.exports = ${module};`;
  const members = Object.entries(Object(found)).map(([name, value]) => {
    if (FIXED.has(`${id}.${name}`)) return `exports.${name} = ${JSON.stringify(value)};`;
    const isForwarded = FORWARDED.has(id) && typeof value === 'function' && /^[a-z]/.test(name);
    if (isForwarded) return `exports.${name} = (...args) => ${module}.${name}(...args);`;
    return `late(${JSON.stringify(name)});`;
  });
  return `function late(name) {
  const become = (value) => Object.defineProperty(exports, name, { value, writable: true, enumerable: true, configurable: true });
  const get = () => (become(${module}[name]), exports[name]);
  Object.defineProperty(exports, name, { get, set: become, enumerable: true, configurable: true });
}
${members.join('\n')}`;
}

const PLAIN_WIDTH = '\0plain-width';

/**
 * yargs lays out a help that nobody asked for, and to know how wide its texts are loads regular expressions and a
 * segmenter that take 20 ms. Ours are plain: their width is their length.
 */
const plainWidths: Plugin = {
  name: 'plain-widths',
  resolveId: (id) => (id === 'string-width' ? PLAIN_WIDTH : null),
  load: (id) =>
    id === PLAIN_WIDTH
      ? `import { stripVTControlCharacters } from 'node:util';
export default (text) => stripVTControlCharacters(text).length;`
      : null,
};

/** Texts in the code of libraries, and what stands in their place. */
const REPLACED: readonly { file: string; text: RegExp; by: string }[] = [
  // What got checks its options with makes the formatters of its error messages when it is loaded: 13 ms.
  {
    file: '/@sindresorhus/is/distribution/index.js',
    text: /new (Intl\.ListFormat\([^)]*\))/g,
    by: '{ format: (list) => new $1.format(list) }',
  },
  // Each of got's requests has a name for who listens to its diagnostics: a random one takes 10 ms to load.
  {
    file: '/got/dist/source/core/diagnostics-channel.js',
    text: /export function generateRequestId\(\) \{\s*return randomUUID\(\);/g,
    by: 'let requests = 0;\nexport function generateRequestId() {\n    requests += 1;\n    return String(requests);',
  },
  // For each request got takes its address apart and puts it together nine times, to be rid of a sign-in that is not in it.
  {
    file: '/got/dist/source/core/utils/strip-url-auth.js',
    text: /(const sanitized = new URL\(url\);)/g,
    by: "if (url instanceof URL && url.username === '' && url.password === '') return url.href;\n    $1",
  },
  // And copies some thirty options of TLS by way of lists of their names and values.
  {
    file: '/got/dist/source/core/options.js',
    text: /Object\.fromEntries\(Object\.entries\(https\)\.map\(\(\[key, value\]\) => \[key, (Array\.isArray\(value\) \? value\.map\(.*?\)) : value\]\)\);/g,
    by: 'Object.keys(https).reduce((copy, key) => {\n    const value = copy[key];\n    copy[key] = $1 : value;\n    return copy;\n}, { ...https });',
  },
];

/** Throws where a library has another text by now. */
const replacements: Plugin = {
  name: 'late-in-libraries',
  transform: (code, id) => {
    const found = REPLACED.find(({ file }) => id.endsWith(file));
    if (found === undefined) return null;
    const changed = code.replaceAll(found.text, found.by);
    if (changed === code) throw new Error(`${id}: what is to be replaced is not there any more: ${found.text}`);
    return changed;
  },
};

export const LATE: Plugin[] = [builtins, plainWidths, replacements];
