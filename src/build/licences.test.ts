import { describe, expect, it } from 'vitest';
import { licencesOf, packageFolderOf } from './licences.ts';

const MODULES = new URL('../../node_modules/', import.meta.url).pathname;

describe('The terms of the libraries that are part of the program', () => {
  it('are those of the innermost package that a module belongs to', () => {
    expect(packageFolderOf('/p/node_modules/got/dist/source/index.js')).toBe('/p/node_modules/got');
    expect(packageFolderOf('/p/node_modules/cliui/node_modules/string-width/index.js')).toBe(
      '/p/node_modules/cliui/node_modules/string-width',
    );
    expect(packageFolderOf('/p/node_modules/@sindresorhus/is/distribution/index.js')).toBe(
      '/p/node_modules/@sindresorhus/is',
    );
    expect(packageFolderOf('/p/src/cli/main.ts')).toBeUndefined();
    expect(packageFolderOf('\0builtin:node:fs')).toBeUndefined();
  });

  it('name each package once, with its version and what its licence says', () => {
    const text = licencesOf([`${MODULES}zod/index.js`, `${MODULES}zod/v4/index.js`, '/p/src/errors.ts']);
    expect(text.match(/^zod \d+\.\d+\.\d+: MIT$/gm)).toHaveLength(1);
    expect(text).toContain('Permission is hereby granted');
    expect(text).not.toContain('errors');
  });
});
