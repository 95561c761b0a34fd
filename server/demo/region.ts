import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { meets, misbehave, type Exchange } from '../faults/behaviour.ts';
import type { FaultId } from '../faults/fault.ts';
import { calendarOf } from './calendar.ts';
import { people } from './people.ts';
import { demoRecords } from './records.ts';
import { r4Server } from './serve/fhir-r4.ts';
import { gpConnectServer } from './serve/gp-connect.ts';
import { pdsServer } from './serve/pds.ts';
import { written, type Asked, type Reply } from './serve/reply.ts';
import { readSwitches, switchesPage, type Switch, type Switches } from './serve/switches.ts';
import { stories } from './stories/stories.ts';
import { r4Systems, systems } from './systems.ts';

export type { Switch, Switches } from './serve/switches.ts';

/** One request that a source system was asked. `nhsNumber` where it was about a person that it could name. */
export type SourceLogEntry = {
  /** ISO instant. */
  readonly at: string;
  readonly system: string;
  readonly method: string;
  readonly path: string;
  readonly nhsNumber?: string;
};

/** The source systems of the demo region, as one node HTTP handler. */
export type Region = {
  /**
   * Answers every path below the systems' own, `/switches`, `/switches.json` and `/log.json`.
   * @returns false where the path is none of these: nothing was written, the caller answers
   */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly switches: () => Switches;
  readonly log: () => readonly SourceLogEntry[];
};

const maxBody = 1_000_000;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBody) throw new Error('too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** `now` is the day that all data is relative to; the clock of the log and of tokens runs on from it. */
export function createRegion(options: { readonly now: Date; readonly log: (entry: SourceLogEntry) => void }): Region {
  const started = performance.now();
  const clock = (): number => options.now.getTime() + (performance.now() - started);
  const calendar = calendarOf(options.now);
  const records = demoRecords(calendar);
  const demographics = new Map(
    stories.flatMap((one) => (one.demographic === undefined ? [] : [[one.key, one.demographic]])),
  );
  const pds = pdsServer(people, demographics, calendar);
  const gp = gpConnectServer({ find: records.practice }, calendar, () => Math.floor(clock() / 1000));
  const r4 = new Map(r4Systems.map((system) => [system.id as string, r4Server(system, records.r4(system.id), clock)]));
  const mixedUp = new Map(
    r4Systems.map((system) => {
      const own = records.r4(system.id);
      const swap = (nhsNumber: string | undefined): ReturnType<typeof own.byNhsNumber> =>
        nhsNumber === undefined ? undefined : own.byNhsNumber(records.otherAt(system.id, nhsNumber)?.nhsNumber ?? '');
      const id: string = system.id;
      return [
        id,
        // The search finds the right person; what is then read under their id is somebody else's.
        r4Server(system, { ...own, byPatientId: (id) => swap(own.byPatientId(id)?.person.nhsNumber) }, clock),
      ];
    }),
  );

  let switches: Switches = {};
  const put = (next: Switches): void => {
    switches = next;
    meetings.clear();
  };
  /** How often a system has met its fault since it was switched, and how many requests are under way in it. */
  const meetings = new Map<string, { times: number; underWay: number }>();
  const entries: SourceLogEntry[] = [];

  const answer = async (system: (typeof systems)[number], asked: Asked, mixed: boolean): Promise<Reply> => {
    if (system.kind === 'pds') {
      const other = mixed ? records.otherAt('pds', asked.path[1] ?? '') : undefined;
      return other === undefined ? pds(asked) : pds(asked, other);
    }
    if (system.kind === 'gp-connect') {
      if (!mixed) return gp(asked);
      const other = people.find((one) => one.practice === asked.path[0] && !asked.body.includes(one.nhsNumber));
      return other === undefined ? gp(asked) : gp(asked, other.nhsNumber);
    }
    const server = (mixed ? mixedUp : r4).get(system.id);
    return server === undefined ? { status: 404, body: { resourceType: 'OperationOutcome' } } : server(asked);
  };

  /** Answers as a system does that has this fault. */
  const fail = async (
    id: string,
    fault: FaultId,
    exchange: Pick<Exchange, 'request' | 'response' | 'honest' | 'base'>,
  ): Promise<void> => {
    const met = meetings.get(id) ?? { times: 0, underWay: 0 };
    meetings.set(id, met);
    const { times, underWay } = met;
    met.times += 1;
    met.underWay += 1;
    exchange.response.once('close', () => (met.underWay -= 1));
    await misbehave(fault, { ...exchange, times, underWay, trapPort: exchange.request.socket.localPort ?? 0 });
  };

  const serve = async (
    system: (typeof systems)[number],
    url: URL,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    const arrived = new Date(clock()).toISOString();
    const { mode, ms }: Switch = switches[system.id] ?? { mode: 'on' };
    const method = request.method ?? 'GET';
    const body = await bodyOf(request);
    const query = new URLSearchParams(url.search);
    if ((request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded'))
      for (const [name, value] of new URLSearchParams(body)) query.append(name, value);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
    );
    const asked: Asked = {
      method,
      path: decodeURIComponent(url.pathname.slice(system.path.length))
        .split('/')
        .filter((part) => part !== ''),
      query,
      headers,
      body,
      base: `http://${request.headers.host ?? '127.0.0.1'}${system.path}`,
      url: `${url.pathname}${url.search}`,
    };
    const reply = await answer(system, asked, mode === 'other-person');
    const entry: SourceLogEntry = {
      at: arrived,
      system: system.id,
      method,
      path: asked.url,
      ...(reply.nhsNumber === undefined ? {} : { nhsNumber: reply.nhsNumber }),
    };
    entries.push(entry);
    options.log(entry);

    await wait(mode === 'slow' ? (ms ?? 5000) : system.latencyMs);
    if (response.destroyed) return;
    const id = request.headers['x-request-id'];
    if (typeof id === 'string') response.setHeader('x-request-id', id);
    const { bytes, type } = written(reply);
    // Who is mixed up with whom is settled above: that is more than another answer.
    if (mode !== 'on' && mode !== 'slow' && mode !== 'other-person' && meets(mode, request)) {
      await fail(system.id, mode, {
        request,
        response,
        honest: { status: reply.status, type, body: bytes },
        base: asked.base,
      });
      return;
    }
    response.writeHead(reply.status, {
      'content-type': type,
      'content-length': bytes.length,
      'cache-control': 'no-store',
      ...reply.headers,
    });
    response.end(bytes);
  };

  const json = (response: ServerResponse, status: number, value: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(value));
  };

  const setSwitches = (form: URLSearchParams): void => {
    const id = form.get('system') ?? '';
    const set = readSwitches({ [id]: { mode: form.get('mode'), ms: Number(form.get('ms')) } });
    put(id === 'all' ? {} : { ...switches, ...set });
  };

  const control = async (path: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const method = request.method ?? 'GET';
    if (path === '/log.json') {
      if (method === 'DELETE') entries.length = 0;
      json(response, 200, entries);
      return;
    }
    if (path === '/switches.json') {
      if (method === 'DELETE') put({});
      if (method === 'POST') {
        const read = readSwitches(parsed(await bodyOf(request)));
        if (read === undefined) {
          json(response, 400, { error: 'Expected { "<system>": { "mode": "…", "ms": 0 } }' });
          return;
        }
        put({ ...switches, ...read });
      }
      json(response, 200, Object.fromEntries(systems.map(({ id }) => [id, switches[id] ?? { mode: 'on' }])));
      return;
    }
    if (method === 'POST') {
      setSwitches(new URLSearchParams(await bodyOf(request)));
      response.writeHead(303, { location: '/switches' }).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    response.end(switchesPage(switches));
  };

  return {
    handle: (request, response) => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      const failed = (): void => {
        if (!response.headersSent) response.writeHead(400);
        response.end();
      };
      if (['/switches', '/switches.json', '/log.json'].includes(url.pathname)) {
        control(url.pathname, request, response).catch(failed);
        return true;
      }
      const system = systems.find((one) => url.pathname.startsWith(`${one.path}/`));
      if (system === undefined) return false;
      serve(system, url, request, response).catch(failed);
      return true;
    },
    switches: () => switches,
    log: () => entries,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
