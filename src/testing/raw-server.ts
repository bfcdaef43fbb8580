import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A server on raw sockets that answers as a test says, byte by byte. */
export interface RawServer {
  /** `http://127.0.0.1:PORT`. */
  origin: string;
  /** Requests as they came, in order. */
  requests: string[];
  /** Connections that were opened so far. */
  connections: Socket[];
}

/** Listens on a free port until the test is over; `answer` gets each request, `index` counts them from 0. */
export async function rawServer(answer: (socket: Socket, index: number, request: string) => void): Promise<RawServer> {
  const requests: string[] = [];
  const connections: Socket[] = [];
  const server: Server = createServer((socket) => {
    connections.push(socket);
    socket.on('error', () => {}); // What a client does to its connection is what the test looks at from the other side.
    socket.on('data', (data) => answer(socket, requests.push(data.toString('latin1')) - 1, requests.at(-1) ?? ''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of connections) socket.destroy();
    server.close();
  });
  return { origin: `http://127.0.0.1:${portOf(server)}`, requests, connections };
}

const portOf = (server: Server): number => {
  const address: AddressInfo | string | null = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the server does not listen');
  return address.port;
};

/** A whole answer as bytes; the length is the body's unless the headers say another. */
export function rawAnswer(body: string | Uint8Array, head: { status?: string; headers?: string[] } = {}): Buffer {
  const bytes = Buffer.from(body);
  const { status = '200 OK', headers = [] } = head;
  const hasLength = headers.some((header) => /^(?:content-length|transfer-encoding):/i.test(header));
  const lines = [`HTTP/1.1 ${status}`, ...headers, ...(hasLength ? [] : [`Content-Length: ${bytes.length}`]), '', ''];
  return Buffer.concat([Buffer.from(lines.join('\r\n'), 'latin1'), bytes]);
}
