import { preloadClient } from '../http/create-client.ts';
import { ChildMain } from './child-main.ts';
import { growSlowly } from './grow-slowly.ts';

/*
 * Where a forked child starts. The parent conducts: a signal to the whole group (Ctrl-C, a scheduler's SIGTERM) reaches
 * the parent too, which then lets its children finish. When the parent is gone, so is everyone that could take what
 * this child has; it leaves at once, without waiting for the requests in flight.
 */
if (process.send === undefined) throw new Error('this file is run by aggregate itself, as a child process');
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

let isFree = false;
process.on('disconnect', () => {
  if (!isFree) process.exit(1);
});
new ChildMain({
  send: (message, callback) => process.send?.(message, undefined, undefined, callback) ?? false,
  on: (event, listener) => process.on(event, listener),
  disconnect: () => {
    isFree = true;
    process.disconnect?.();
  },
}).run();
// The parent says in an argument which one its requests will go by: it loads while the first messages are on their way.
void preloadClient(process.argv[2]).then(growSlowly);
