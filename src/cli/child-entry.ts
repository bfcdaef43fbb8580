const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';

/** The file that a child runs: TypeScript where the parent is, JavaScript in the built program. */
export const CHILD_ENTRY = new URL(`../child/entry.${extension}`, import.meta.url);
