import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliCompressSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { isObject, object, type JsonObject } from '../../src/fhir/json.ts';
import { faultOf, type FaultId } from './fault.ts';

/** A text that stands in whatever a source sends that must not reach anyone. */
export const marker = 'SOURCES-OWN-TEXT';

/** What a source would have answered. */
export type Honest = { readonly status: number; readonly type: string; readonly body: Buffer };

/** One request to a source that has a fault. */
export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly honest: Honest;
  /** The source's own base URL. */
  readonly base: string;
  /** How often this source has met its fault before. */
  readonly times: number;
  /** How many other requests are under way at this source. */
  readonly underWay: number;
  /** The port of something on this machine that a source must not lead to. */
  readonly trapPort: number;
};

type Behaviour = (exchange: Exchange) => void | Promise<void>;

const fhir = 'application/fhir+json';
const pageOf = (request: IncomingMessage): number => Number(/[?&]fault-page=(\d+)/.exec(request.url ?? '')?.[1] ?? 0);

/** True where a request is what a fault fails at. */
export function meets(id: FaultId, request: IncomingMessage): boolean {
  const { at } = faultOf(id);
  const path = (request.url ?? '').split('?', 1)[0] ?? '';
  if (at === 'every') return true;
  if (at === 'capability') return path.endsWith('/metadata');
  return !path.endsWith('/metadata') && !path.endsWith('/Patient/_search') && !path.endsWith('/Patient');
}

function send({ response, honest }: Exchange, body: Buffer | string, headers: Record<string, string> = {}): void {
  response.writeHead(honest.status, { 'content-type': honest.type, ...headers }).end(body);
}

function fail({ response }: Exchange, status: number, headers: Record<string, string> = {}): void {
  const outcome = {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'exception', diagnostics: marker }],
  };
  response.writeHead(status, { 'content-type': fhir, ...headers }).end(JSON.stringify(outcome));
}

const jsonOf = ({ honest }: Exchange): JsonObject => object(JSON.parse(honest.body.toString())) ?? {};
const entriesOf = (bundle: JsonObject): readonly unknown[] => (Array.isArray(bundle['entry']) ? bundle['entry'] : []);

/** The honest answer with members changed. */
function changed(exchange: Exchange, change: (json: JsonObject) => JsonObject): void {
  send(exchange, JSON.stringify(change(jsonOf(exchange))));
}

/** The honest answer with entries before its own, as texts, since not all can be objects; what is no Bundle as it is. */
function withEntry(exchange: Exchange, ...entries: readonly (string | Buffer)[]): void {
  const { entry, ...rest } = jsonOf(exchange);
  if (!Array.isArray(entry)) return send(exchange, exchange.honest.body);
  const own = entry.map((one) => JSON.stringify(one));
  const listed = [...entries, ...own].flatMap((one, index) => [Buffer.from(index === 0 ? '' : ','), Buffer.from(one)]);
  const frame = JSON.stringify({ ...rest, entry: [] }).slice(0, -2);
  send(exchange, Buffer.concat([Buffer.from(frame), ...listed, Buffer.from(']}')]));
}

/** Made once: who measures what it costs to read it shares a thread with who sends it. */
const longText = Buffer.alloc(5_000_000, 'x');

/** A resource that claims to be about the person of the answer, or about another. */
function resourceText(exchange: Exchange, more: object, subject?: string): string {
  const patient = entriesOf(jsonOf(exchange))
    .map((entry) => object(object(entry)?.['resource']))
    .find((one) => one?.['resourceType'] === 'Patient' || isObject(one?.['subject']));
  const own =
    patient?.['resourceType'] === 'Patient'
      ? `Patient/${String(patient['id'])}`
      : String(object(patient?.['subject'])?.['reference']);
  return JSON.stringify({
    resource: {
      resourceType: 'Basic',
      id: 'fault',
      code: { text: marker },
      subject: { reference: subject ?? own },
      ...more,
    },
  });
}

/** Where in the honest answer's bytes some entries have come whole and others not. */
const halfOf = ({ honest }: Exchange): Buffer => honest.body.subarray(0, Math.floor(honest.body.length * 0.6));

/** The honest answer as far as its entries go, in a list that goes on; of an answer that is no Bundle, its beginning. */
function opened(exchange: Exchange): string {
  const { entry, ...rest } = jsonOf(exchange);
  if (!Array.isArray(entry)) return `${JSON.stringify(rest).slice(0, -1)},"x":[`;
  return `${JSON.stringify({ ...rest, entry }).slice(0, -2)},`;
}

const chunkBytes = 1024 * 1024;
const floodBytes = 500 * chunkBytes;

/** Writes a chunk over and over, at the pace of the reader, until it goes away. */
async function pour({ response }: Exchange, chunk: Buffer, bytes: number): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  for (let sent = 0; sent < bytes && !response.destroyed; sent += chunk.length)
    if (!response.write(chunk)) await once(response, 'drain', { signal: gone.signal }).catch(() => undefined);
  response.end();
}

const spaces = Buffer.alloc(chunkBytes, ' ');

/** Members of gzip one after the other are one text: 500 MB from half a megabyte. */
function gzipBomb(beginning: string): Buffer {
  const member = gzipSync(spaces);
  return Buffer.concat([gzipSync(beginning), ...Array.from({ length: floodBytes / chunkBytes }, () => member)]);
}

const toNext =
  (next: (exchange: Exchange) => string): Behaviour =>
  (exchange) =>
    changed(exchange, (bundle) => ({ ...bundle, link: [{ relation: 'next', url: next(exchange) }] }));

const ownPage = ({ base }: Exchange, page: number): string => `${base}/Condition?fault-page=${page}`;
const redirect =
  (status: number): Behaviour =>
  (exchange) =>
    fail(exchange, status, { location: `http://127.0.0.1:${exchange.trapPort}/` });
const status =
  (code: number, headers: Record<string, string> = {}): Behaviour =>
  (exchange) =>
    fail(exchange, code, headers);
const first =
  (behave: Behaviour): Behaviour =>
  (exchange) =>
    exchange.times === 0 ? behave(exchange) : send(exchange, exchange.honest.body);
const ofVersion =
  (fhirVersion: string): Behaviour =>
  (exchange) =>
    changed(exchange, (statement) => ({ ...statement, fhirVersion }));

/** Writes what no HTTP server would, and leaves the connection as it is. */
function raw({ response }: Exchange, ...texts: readonly (string | Buffer)[]): void {
  for (const one of texts) response.socket?.write(one);
}

const nobody = { nhsNumber: '9990000026', birthDate: '1950-05-05' };

/** The Patients of an answer turned into somebody else. */
function otherPerson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(otherPerson);
  if (!isObject(value)) return value;
  const inner = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, otherPerson(one)]));
  if (value['resourceType'] !== 'Patient') return inner;
  const system = 'https://fhir.nhs.uk/Id/nhs-number';
  return { ...inner, identifier: [{ system, value: nobody.nhsNumber }], birthDate: nobody.birthDate };
}

const page = `<!doctype html><title>Sign in</title><p>Your session has ended. ${marker}</p>`;
const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;

const behaviours: { readonly [id in FaultId]: Behaviour } = {
  off: ({ request }) => void request.socket.destroy(),
  hang: () => undefined,
  'hang-after-headers': ({ response, honest }) =>
    response.writeHead(200, { 'content-type': honest.type }).flushHeaders(),
  'hang-in-body': (exchange) => {
    exchange.response.writeHead(200, { 'content-type': exchange.honest.type }).write(halfOf(exchange));
  },
  'hang-between-pages': (exchange) => {
    if (pageOf(exchange.request) === 0) return toNext((one) => ownPage(one, 2))(exchange);
  },
  drip: ({ response, honest }) => {
    response.writeHead(200, { 'content-type': honest.type });
    let at = 0;
    const timer = setInterval(() => response.write(honest.body.subarray(at, (at += 1))), 1_000);
    response.once('close', () => clearInterval(timer));
  },
  'slow-under-load': (exchange) => {
    if (exchange.underWay === 0) setTimeout(() => send(exchange, exchange.honest.body), 50);
  },
  'reset-before': ({ request }) => void request.socket.resetAndDestroy(),
  reset: (exchange) => {
    const { response, honest, request } = exchange;
    response.writeHead(200, { 'content-type': honest.type, 'content-length': honest.body.length });
    // Later than the bytes: a reset takes with it what has not been read.
    response.write(halfOf(exchange), () => setTimeout(() => request.socket.resetAndDestroy(), 100));
  },
  'reset-once': first(({ request }) => void request.socket.resetAndDestroy()),
  'close-between': (exchange) => {
    exchange.response.once('finish', () => exchange.request.socket.destroySoon());
    send(exchange, exchange.honest.body);
  },
  html: (exchange) => send(exchange, page, { 'content-type': 'text/html; charset=utf-8' }),
  'html-as-json': (exchange) => send(exchange, page),
  outcome: (exchange) => fail(exchange, 200),
  'half-json': (exchange) => send(exchange, halfOf(exchange)),
  flood: async (exchange) => {
    exchange.response.writeHead(200, { 'content-type': exchange.honest.type }).write(`${opened(exchange)}"${marker}`);
    await pour(exchange, Buffer.alloc(chunkBytes, 'x'), floodBytes);
  },
  'gzip-bomb': (exchange) => send(exchange, gzipBomb(opened(exchange)), { 'content-encoding': 'gzip' }),
  'br-bomb': (exchange) => send(exchange, brotliCompressSync(spaces), { 'content-encoding': 'br' }),
  'zstd-bomb': (exchange) => send(exchange, zstdCompressSync(spaces), { 'content-encoding': 'zstd' }),
  'plain-as-gzip': (exchange) => send(exchange, exchange.honest.body, { 'content-encoding': 'gzip' }),
  'gzip-as-plain': (exchange) => send(exchange, gzipSync(exchange.honest.body)),
  deep: (exchange) => withEntry(exchange, resourceText(exchange, { x: 0 }).replace('"x":0', `"x":${nested(10_000)}`)),
  'deep-beside': (exchange) => {
    const text = exchange.honest.body.toString();
    send(exchange, `{"x":${nested(10_000)},${text.slice(1)}`);
  },
  proto: (exchange) => {
    const members = `"__proto__":{"polluted":"${marker}"},"\\u005f_proto__":{"polluted":"${marker}"},"constructor":{"prototype":{"polluted":true}}`;
    const text = exchange.honest.body.toString();
    if (text.includes('"entry":['))
      withEntry(exchange, resourceText(exchange, { code: { text: 'Proto' }, x: 0 }).replace('"x":0', members));
    else send(exchange, `{${members},${text.slice(1)}`);
  },
  'duplicate-ids': (exchange) =>
    withEntry(
      exchange,
      resourceText(exchange, { code: { text: 'One' } }),
      resourceText(exchange, { code: { text: 'Another' } }),
    ),
  'endless-next': (exchange) => toNext((one) => ownPage(one, pageOf(one.request) + 1))(exchange),
  'circular-next': (exchange) => toNext((one) => ownPage(one, pageOf(one.request) === 1 ? 2 : 1))(exchange),
  'next-other-host': toNext(() => `http://elsewhere.invalid/${marker}`),
  'next-other-path': toNext(({ base }) => new URL('/admin', base).href),
  'next-encoded-path': toNext(({ base }) => `${base}/..%2f..%2fadmin`),
  'next-file': toNext(() => 'file:///etc/passwd'),
  'next-loopback': toNext(({ trapPort }) => `http://127.0.0.1:${trapPort}/`),
  'next-metadata': toNext(() => 'http://169.254.169.254/latest/meta-data/'),
  'next-ipv6': toNext(({ trapPort }) => `http://[::1]:${trapPort}/`),
  'next-decimal': toNext(({ trapPort }) => `http://2130706433:${trapPort}/`),
  '301': redirect(301),
  '302': redirect(302),
  '303': redirect(303),
  '307': redirect(307),
  '308': redirect(308),
  'other-person': (exchange) => send(exchange, JSON.stringify(otherPerson(jsonOf(exchange)))),
  mixture: (exchange) => withEntry(exchange, resourceText(exchange, {}, 'Patient/someone-else')),
  'foreign-patient': (exchange) =>
    withEntry(
      exchange,
      JSON.stringify({
        resource: { resourceType: 'Patient', id: 'someone-else', name: [{ family: marker }], birthDate: '1950-05-05' },
      }),
    ),
  'wrong-type': (exchange) => send(exchange, exchange.honest.body, { 'content-type': 'text/plain' }),
  'no-type': ({ response, honest }) => void response.writeHead(200).end(honest.body),
  stu3: ofVersion('3.0.2'),
  dstu2: ofVersion('1.0.2'),
  'bad-utf8': (exchange) => {
    const [before = '', after = ''] = resourceText(exchange, { code: { text: `${marker}#` } }).split('#');
    withEntry(exchange, Buffer.concat([Buffer.from(before), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from(after)]));
  },
  bom: (exchange) => send(exchange, Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), exchange.honest.body])),
  clock: (exchange) => {
    const body = jsonOf(exchange);
    const meta = { ...object(body['meta']), lastUpdated: '2099-01-01T00:00:00Z' };
    send(exchange, JSON.stringify({ ...body, meta }), { date: 'Thu, 01 Jan 2099 00:00:00 GMT' });
  },
  '401': status(401),
  '403': status(403),
  '404': status(404),
  '429': status(429, { 'retry-after': '60' }),
  '500': status(500),
  '503': status(503),
  '503-once': first(status(503)),
  '429-once': first(status(429, { 'retry-after': '0' })),
  'empty-200': (exchange) => send(exchange, ''),
  '204': ({ response }) => void response.writeHead(204).end(),
  'total-alone': (exchange) => changed(exchange, ({ entry: _entry, ...bundle }) => ({ ...bundle, total: 7 })),
  'no-resources': (exchange) => withEntry(exchange, '{}', '7', '"x"', 'null', `{"resource":"${marker}"}`),
  'entry-errors': (exchange) =>
    withEntry(
      exchange,
      JSON.stringify({
        response: { status: '500', outcome: { resourceType: 'OperationOutcome', issue: [{ diagnostics: marker }] } },
      }),
    ),
  'tiny-entries': async (exchange) => {
    exchange.response.writeHead(200, { 'content-type': exchange.honest.type }).write(opened(exchange));
    await pour(exchange, Buffer.from('{},'.repeat(20_000)), 3_000_000);
  },
  'long-string': (exchange) => {
    const [before = '', after = ''] = resourceText(exchange, { code: { text: marker } }).split(marker);
    withEntry(exchange, Buffer.concat([Buffer.from(before), longText, Buffer.from(after)]));
  },
  'out-of-range': (exchange) =>
    withEntry(exchange, resourceText(exchange, { x: 0 }).replace('"x":0', '"x":{"value":1e999}')),
  nan: (exchange) => withEntry(exchange, resourceText(exchange, { x: 0 }).replace('"x":0', '"x":NaN')),
  'length-short': (exchange) => {
    const half = halfOf(exchange);
    raw(
      exchange,
      `HTTP/1.1 200 OK\r\ncontent-type: ${fhir}\r\ncontent-length: ${half.length}\r\n\r\n`,
      exchange.honest.body,
    );
  },
  'length-long': (exchange) => {
    const { honest, response } = exchange;
    raw(
      exchange,
      `HTTP/1.1 200 OK\r\ncontent-type: ${fhir}\r\ncontent-length: ${honest.body.length + 500}\r\n\r\n`,
      honest.body,
    );
    response.socket?.destroySoon();
  },
  'chunk-garbage': (exchange) => {
    raw(exchange, `HTTP/1.1 200 OK\r\ncontent-type: ${fhir}\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n${marker}`);
    exchange.response.socket?.destroySoon();
  },
  'http-1.0': (exchange) => {
    raw(exchange, `HTTP/1.0 200 OK\r\ncontent-type: ${fhir}\r\n\r\n`, exchange.honest.body);
    exchange.response.socket?.destroySoon();
  },
  'informational-flood': ({ response }) => {
    const timer = setInterval(() => response.socket?.write('HTTP/1.1 102 Processing\r\n\r\n'.repeat(50)), 5);
    response.once('close', () => clearInterval(timer));
  },
  'long-header': (exchange) => {
    raw(exchange, `HTTP/1.1 200 OK\r\ncontent-type: ${fhir}\r\nx-long: ${'x'.repeat(1024 * 1024)}\r\n\r\n`);
  },
};

/** Answers as a source does that has this fault; the caller has asked whether the request {@link meets} it. */
export async function misbehave(id: FaultId, exchange: Exchange): Promise<void> {
  await behaviours[id](exchange);
}
