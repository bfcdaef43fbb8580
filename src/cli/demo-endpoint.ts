import { fork } from 'node:child_process';
import { once } from 'node:events';

/** The endpoint of the demonstration, a process of its own. */
export interface DemoEndpoint {
  /** URL with the placeholder for the customer. */
  template: string;
  stop(): Promise<void>;
}

export interface DemoEndpointOptions {
  latencyMs: number;
  /** Share of the customers for whom it misbehaves, 0 to 1. */
  faultRate: number;
}

const ROUTE = '/rest-service/endpoint/{0}';

/** Starts the endpoint on a free port of the loopback interface; resolves when it listens. */
export async function startDemoEndpoint({ latencyMs, faultRate }: DemoEndpointOptions): Promise<DemoEndpoint> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const entry = new URL(`../../fixtures/endpoint.${extension}`, import.meta.url);
  const faults = faultRate > 0 ? ['--faults', String(faultRate)] : [];
  const child = fork(entry, ['--latency-ms', String(latencyMs), ...faults], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // It must answer until the run has finished what is in flight, also after Ctrl-C, which goes to the whole group.
    detached: true,
  });
  const port = await Promise.race([portOf(child), diedOf(child)]);
  return {
    template: `http://127.0.0.1:${port}${ROUTE}`,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      await closed;
    },
  };
}

type Child = ReturnType<typeof fork>;

async function portOf(child: Child): Promise<number> {
  const [message]: unknown[] = await once(child, 'message');
  if (typeof message === 'object' && message !== null && 'port' in message) return Number(message.port);
  throw new Error('the endpoint of the demonstration did not say where it listens');
}

async function diedOf(child: Child): Promise<never> {
  const [code] = await once(child, 'exit');
  throw new Error(`the endpoint of the demonstration could not be started (exit code ${code})`);
}
