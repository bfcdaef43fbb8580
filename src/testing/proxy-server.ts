import { createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A proxy that brings everything to one port of this machine, whatever host is asked for. */
export interface ProxyServer {
  /** `http://127.0.0.1:PORT`. */
  origin: string;
  /** What it was asked, in order: `GET http://server.test/c/7`, `CONNECT server.test:443`. */
  requests: string[];
  headers: IncomingHttpHeaders[];
  /** How many connections were made to it. */
  connections: number;
}

export interface ProxyOptions {
  /** Where everything goes. */
  targetPort: number;
  /** Refuses tunnels with this status; 0 never answers. */
  refuses?: number;
}

/** Listens on a free port until the test is over. */
export async function proxyServer({ targetPort, refuses }: ProxyOptions): Promise<ProxyServer> {
  const seen: ProxyServer = { origin: '', requests: [], headers: [], connections: 0 };
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket.on('error', () => {})); // How a connection ends is for its other end to tell.
    return socket;
  };
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    seen.requests.push(`${method} ${url}`);
    seen.headers.push(headers);
    const { pathname, search } = new URL(url);
    const on = { port: targetPort, host: '127.0.0.1', method, path: pathname + search, headers, agent: false } as const;
    const onward = httpRequest(on, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward.on('error', () => response.destroy()));
  });
  server.on('connect', (request, socket: Socket) => {
    keep(socket);
    seen.requests.push(`CONNECT ${request.url}`);
    seen.headers.push(request.headers);
    if (refuses === 0) return;
    if (refuses !== undefined) {
      socket.end(`HTTP/1.1 ${refuses} No\r\n\r\n`);
      return;
    }
    const onward = keep(
      connect(targetPort, '127.0.0.1', () => socket.write('HTTP/1.1 200 Connection established\r\n\r\n')),
    );
    socket.pipe(onward).pipe(socket);
  });
  server.on('connection', (socket) => {
    seen.connections += 1;
    keep(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  seen.origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return seen;
}
