import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { type Answer, RequestError } from './client.ts';

/** What `unpack` understands, for the `accept-encoding` of a request. */
export const ACCEPT_ENCODING = 'gzip, deflate, br, zstd';
/** Each layer of packing may multiply the size of an answer a thousandfold; nobody packs more than twice. */
const MAX_LAYERS = 2;

type Unpacker = (body: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

const gunzip: Unpacker = promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(zlib.gunzip);
const inflate: Unpacker = promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(zlib.inflate);
const inflateRaw: Unpacker = promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(zlib.inflateRaw);
const UNPACKERS: ReadonlyMap<string, Unpacker> = new Map([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  // Servers send it with and without the zlib header (RFC 9110, section 8.4.1.2); its first byte tells them apart.
  ['deflate', (body, options) => ((body[0] ?? 0) % 16 === 8 ? inflate(body, options) : inflateRaw(body, options))],
  ['br', promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(zlib.brotliDecompress)],
  ['zstd', promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(zlib.zstdDecompress)],
]);

/**
 * A body without its packing (`Content-Encoding`, applied in order, so taken off from the last). Rejects with a
 * `RequestError` where the body would exceed `maxBytes`, is damaged, or is packed in an unknown way.
 */
async function unpack(body: Uint8Array, contentEncoding: string, maxBytes: number): Promise<Uint8Array> {
  const layers = layersOf(contentEncoding);
  if (layers.length > MAX_LAYERS) throw bad('ENCODING', `answer is packed ${layers.length} times`);
  let unpacked = body;
  for (const layer of layers.reverse()) {
    const unpacker = UNPACKERS.get(layer);
    if (unpacker === undefined) throw bad('ENCODING', 'answer is packed in a way that was not asked for');
    if (unpacked.length > 0) unpacked = await unpackLayer(unpacker, layer, unpacked, maxBytes);
  }
  return unpacked;
}

/** An answer with its body unpacked, up to so many bytes; most are not packed. Rejects with a `RequestError`. */
export function unpackAnswer(answer: Answer, maxBodyBytes: number): Answer | Promise<Answer> {
  const contentEncoding = answer.headers['content-encoding'];
  return isPacked(contentEncoding) ? unpackBody(answer, contentEncoding, maxBodyBytes) : answer;
}

async function unpackBody(answer: Answer, contentEncoding: string, maxBodyBytes: number): Promise<Answer> {
  try {
    return { ...answer, body: await unpack(answer.body, contentEncoding, maxBodyBytes) };
  } catch (error) {
    if (error instanceof RequestError) error.status = answer.status;
    throw error;
  }
}

/** Whether there is anything to take off. */
const isPacked = (contentEncoding: string | undefined): contentEncoding is string =>
  contentEncoding !== undefined && layersOf(contentEncoding).length > 0;

const layersOf = (contentEncoding: string): string[] =>
  contentEncoding
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');

async function unpackLayer(unpacker: Unpacker, name: string, body: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  try {
    return await unpacker(body, { maxOutputLength: maxBytes });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'ENCODING';
    throw code === 'ERR_BUFFER_TOO_LARGE'
      ? tooLarge(maxBytes)
      : bad(code, `answer is damaged: its ${name} cannot be unpacked`);
  }
}

/** The error for a body beyond the limit. */
export const tooLarge = (maxBytes: number): RequestError =>
  bad('TOO_LARGE', `answer is larger than ${Math.round((maxBytes / 1024 / 1024) * 100) / 100} MiB`);

const bad = (code: string, words: string): RequestError => new RequestError('bad_answer', code, words);
