#!/usr/bin/env node
// Plain JavaScript that any Node can parse: the check must run before anything that an old one does not know.
var wanted = '22.19';
var parts = process.versions.node.split('.').map(Number);
if (parts[0] < 22 || parts[0] === 23 || (parts[0] === 22 && parts[1] < 19)) {
  console.error(
    'aggregate needs Node ' +
      wanted +
      ' or later (22, 24 and up); this is ' +
      process.version +
      ' at ' +
      process.execPath,
  );
  process.exitCode = 2;
} else {
  import('node:module')
    .then((module) => module.enableCompileCache())
    .then(() => import('../dist/src/cli/main.js'))
    .then((program) => program.main())
    .catch((error) => {
      // What `main` meets it tells itself. To a scheduler 1, as Node would have it, is a run that is complete.
      console.error('aggregate: it cannot be loaded; install it anew (in a clone: npm run build)\n%s', error.stack);
      process.exitCode = 70;
    });
}
