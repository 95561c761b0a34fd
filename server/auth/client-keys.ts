import { object, objects, text, type JsonObject } from '../../src/fhir/json.ts';
import { isLoopback } from '../config/environment.ts';
import { causeOf } from '../launch/cause.ts';
import { guardedFetch, type Fetch } from '../launch/openid/relying-party.ts';
import type { Logger } from '../log.ts';

/** A public key of a client, as its key set has it. */
export type ClientKey = { readonly kty: string; readonly kid: string; readonly [member: string]: unknown };

/** Reads the key set that a client publishes. Empty where it cannot be read: then none of its assertions is believed. */
export type ClientKeys = (jwksUri: string) => Promise<readonly ClientKey[]>;

const patienceMs = 2_500;
/** How long a set is kept whose answer does not say, and how long a failure is. */
const unsaidSeconds = 60;
const failureSeconds = 5;
const longestSeconds = 3_600;

/**
 * How long an answer may be kept, in seconds: never longer than it says, since a key that its owner took back has to go
 * (SMART 2.2, "Client Authentication: Asymmetric").
 */
function keptSeconds(headers: Headers): number {
  const control = headers.get('cache-control') ?? '';
  if (/\bno-(store|cache)\b/i.test(control)) return 0;
  const maxAge = /(?:^|[\s,])max-age=(\d{1,9})/i.exec(control)?.[1];
  const said = maxAge === undefined ? unsaidSeconds : Number(maxAge) - Number(headers.get('age') ?? 0);
  return Math.min(Math.max(said, 0), longestSeconds);
}

/** The keys that can be told apart: each with a `kid` that no other has. A set with a private key is nobody's. */
function usable(set: unknown): readonly ClientKey[] {
  const keys = objects(object(set)?.['keys']);
  if (keys.some((key) => key['d'] !== undefined)) return [];
  const kids = keys.map((key) => text(key['kid']));
  return keys.filter(
    (key: JsonObject, at): key is ClientKey =>
      ['RSA', 'EC'].includes(text(key['kty']) ?? '') &&
      kids[at] !== undefined &&
      kids.indexOf(kids[at]) === at &&
      kids.lastIndexOf(kids[at]) === at,
  );
}

/** Key sets by their registered address: fetched over TLS without credentials, kept as long as their owner lets them. */
export function createClientKeys(log: Logger, fetchIt?: Fetch): ClientKeys {
  const guarded = guardedFetch(fetchIt);
  type Kept = { readonly keys: readonly ClientKey[]; readonly until: number };
  const kept = new Map<string, Promise<Kept>>();

  async function read(jwksUri: string): Promise<Kept> {
    const now = Date.now();
    try {
      if (!jwksUri.startsWith('https:') && !isLoopback(jwksUri)) throw new Error('a key set is read over https alone');
      const answer = await guarded(jwksUri, {
        headers: { accept: 'application/json' },
        credentials: 'omit',
        signal: AbortSignal.timeout(patienceMs),
      });
      if (!answer.ok) throw new Error(`the key set answered ${answer.status}`);
      const keys = usable(await answer.json());
      return { keys, until: now + keptSeconds(answer.headers) * 1000 };
    } catch (error) {
      log.warn({ jwksUri, cause: causeOf(error) }, 'the key set of a client could not be read');
      return { keys: [], until: now + failureSeconds * 1000 };
    }
  }

  return async (jwksUri) => {
    const before = kept.get(jwksUri);
    const known = await before;
    if (known !== undefined && known.until > Date.now()) return known.keys;
    // Of those who find it stale at once, one reads it again for all.
    const during = kept.get(jwksUri);
    const fetched = during === undefined || during === before ? read(jwksUri) : during;
    kept.set(jwksUri, fetched);
    return (await fetched).keys;
  };
}
