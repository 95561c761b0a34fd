import { Agent } from 'undici';
import type { ClientTls } from '../config/client-certificate.ts';
import { budgetSchema } from '../config/schema.ts';
import { Allowance } from './allowance.ts';
import { discard, readBody } from './body.ts';
import { passesInMs, retries } from './retry.ts';
import { SourceError } from './source-error.ts';
import { openStream, type SourceStream } from './source-stream.ts';
import { transportFault } from './transport-fault.ts';

/** One request to a source. `address` is the base URL that stands for it: it has a pool of its own. */
export type SourceRequest = {
  readonly address: string;
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The certificate to show. A new one makes new connections; what is under way on the old ends there. */
  readonly tls?: ClientTls;
  /** Ends the request; its reason tells a deadline (a `TimeoutError`) from a caller who went away. */
  readonly signal: AbortSignal;
  /** What the asking that this request is part of may still take; absent: the request stands alone. */
  readonly allowance?: Allowance;
  /** True where a Bundle that breaks off is of use as far as it came: it is then answered with `cut`. */
  readonly part?: boolean;
};

/** What came back: 2xx or 4xx with the JSON in it. `body` is undefined where a 4xx brought no JSON. */
export type SourceResponse = {
  readonly status: number;
  readonly body: unknown;
  /** Of a request for a `part`: what kept the rest of the Bundle away. */
  readonly cut?: SourceError;
};

export type Http = {
  /** @throws {SourceError} for everything but a 2xx with JSON or a 4xx that is not 429 */
  readonly request: (request: SourceRequest) => Promise<SourceResponse>;
  /** Begins to read a document, as {@link openStream} does. */
  readonly open: (request: SourceRequest) => Promise<SourceStream>;
  readonly close: () => Promise<void>;
};

export type PooledHttp = Http & {
  /** Forgets an address: its pool closes when what runs on it has ended. */
  readonly forget: (address: string) => void;
};

/** The same HTTP for one asking: all its requests share one allowance. */
export function within(http: Http, allowance: Allowance): Http {
  return { ...http, request: (request) => http.request({ ...request, allowance }) };
}

/** What a request that is no part of an asking may take: one resource, in a few seconds. */
const aloneMs = 10_000;
const alone = (): Allowance => new Allowance(budgetSchema.parse({ bytes: 8 * 1024 * 1024 }), aloneMs);

async function attempt(
  agent: Agent,
  request: SourceRequest,
  allowance: Allowance,
): Promise<SourceResponse | SourceError> {
  const { signal } = request;
  try {
    signal.throwIfAborted();
    const url = new URL(request.url);
    const response = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: request.method,
      headers: { accept: 'application/fhir+json', 'accept-encoding': 'gzip', ...request.headers },
      body: request.body ?? null,
      signal,
    });
    const status = response.statusCode;
    if (status >= 300 && status < 400) {
      discard(response);
      return new SourceError('status', 'a redirect', { status });
    }
    if (status < 300) {
      const { body, cut } = await readBody(response, allowance, signal);
      if (cut === undefined) return { status, body };
      return request.part === true ? { status, body, cut } : cut;
    }
    const retryAfter = response.headers['retry-after'];
    const body = await readBody(response, allowance, signal).then(
      (read) => read.body,
      // The status says enough, unless nobody waits for it any more.
      () => signal.throwIfAborted(),
    );
    if (status < 500 && status !== 429) return { status, body };
    const passes = passesInMs(status, typeof retryAfter === 'string' ? retryAfter : undefined, Date.now());
    return new SourceError('status', `status ${status}`, { status, body, passesInMs: passes });
  } catch (error) {
    return transportFault(error, signal);
  }
}

/** Every request here only reads, so what failed by a fault that may be gone in a moment is asked once more. */
async function withRetry(agent: Agent, request: SourceRequest): Promise<SourceResponse> {
  const allowance = request.allowance ?? alone();
  let outcome = await attempt(agent, request, allowance);
  const fault = outcome instanceof SourceError ? outcome : outcome.cut;
  if (fault !== undefined && (await retries(fault, allowance.leftMs, request.signal))) {
    const second = await attempt(agent, request, allowance);
    // A part that came the first time is better than nothing.
    if (outcome instanceof SourceError || !(second instanceof SourceError)) outcome = second;
  }
  if (outcome instanceof SourceError) throw outcome;
  return outcome;
}

async function openWithRetry(agent: Agent, request: SourceRequest): Promise<SourceStream> {
  try {
    return await openStream(agent, request);
  } catch (error) {
    if (error instanceof SourceError && (await retries(error, aloneMs, request.signal)))
      return openStream(agent, request);
    throw error;
  }
}

type Pool = { readonly agent: Agent; readonly tls: ClientTls | undefined; underWay: number };

/**
 * Pooled HTTP to the sources. It follows no redirect, takes JSON alone and no more than its allowance, and keeps a pool
 * for each address, so that what a hanging source holds never holds up another on the same host: `connections` at once,
 * `waiting` more in line, and whoever comes then is turned away.
 */
export function createHttp(options: { readonly connections?: number; readonly waiting?: number } = {}): PooledHttp {
  const { connections = 32, waiting = 512 } = options;
  const pools = new Map<string, Pool>();
  const poolOf = ({ address, tls }: SourceRequest): Pool => {
    const known = pools.get(address);
    if (known !== undefined && known.tls === tls) return known;
    void known?.agent.close();
    // The deadline of the request is the one clock: it covers headers and body, whatever their pace.
    const agent = new Agent({
      connections,
      pipelining: 1,
      connect: { timeout: 5_000, ...tls },
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    const made = { agent, tls, underWay: 0 };
    pools.set(address, made);
    return made;
  };

  /** Runs while no more are under way at an address than may be. */
  const pooled = async <Answer>(request: SourceRequest, ask: (agent: Agent) => Promise<Answer>): Promise<Answer> => {
    const pool = poolOf(request);
    if (pool.underWay >= connections + waiting) throw new SourceError('busy', 'too many wait for it already');
    pool.underWay += 1;
    try {
      return await ask(pool.agent);
    } finally {
      pool.underWay -= 1;
    }
  };

  return {
    request: (request) => pooled(request, (agent) => withRetry(agent, request)),
    open: (request) => pooled(request, (agent) => openWithRetry(agent, request)),
    forget: (address) => {
      const known = pools.get(address);
      pools.delete(address);
      void known?.agent.close();
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.agent.destroy()));
      pools.clear();
    },
  };
}
