import { compactVerify, decodeJwt, decodeProtectedHeader, errors, type JWK } from 'jose';
import type { Config } from '../../config/config.ts';
import type { SignedContextHost } from '../../config/schema.ts';
import { Fault } from '../../fault.ts';
import type { Database } from '../../store/store.ts';
import { knownOf, type Attempt, type ProvedContext } from '../attempt.ts';
import { checkNhsNumber, checkTimeAndAudience, clockSkewSeconds, readClaims, type Claims } from './claims.ts';
import { registeredClient } from '../client.ts';
import { viewerOf } from '../../config/config.ts';
import type { HostKeys } from './host-keys.ts';
import { isJwe, openJwe } from './jwe.ts';
import type { Once } from '../once.ts';
import type { LaunchRate } from '../rate.ts';
import { readRegistration } from '../registration/registration-body.ts';
import { refuse } from '../page/refusal.ts';

const algorithms = ['RS256', 'RS384', 'ES256', 'ES384', 'PS256', 'EdDSA'];
/** Far above what the claims can need, far below what is dear to verify. */
const longestToken = 16_384;

/** What the door needs. */
export type SignedContextDoor = {
  readonly config: Config;
  readonly baseUrl: string;
  readonly db: Database;
  readonly idKey: Buffer;
  readonly keysOf: HostKeys;
  /** Private JWKS that contexts are encrypted for; its content may change while the server runs. */
  readonly launchKeys: readonly JWK[];
  readonly rate: LaunchRate;
};

/**
 * A compact JWS that asks for nothing beyond what this door does. Headers that bring a key of their own are not read.
 * @throws {Fault} `context-malformed`
 */
export function checkForm(token: string): void {
  if (token.length > longestToken) throw refuse('context-malformed', 'longer than any context');
  let header;
  try {
    header = decodeProtectedHeader(token);
  } catch (error) {
    throw refuse('context-malformed', 'not a compact JWS with a JSON header', error);
  }
  // RFC 7515 §4.1.11 and RFC 7797: no extension is understood here, and an unencoded payload is one.
  if (header.crit !== undefined || header['b64'] !== undefined)
    throw refuse('context-malformed', 'a JWS with crit or b64');
}

/**
 * The host that the token says it comes from. Nothing else of an unproved token is looked at.
 * @throws {Fault} `context-malformed`, `context-issuer`
 */
export function claimedHost(config: Config, token: string): SignedContextHost {
  let issuer: unknown;
  try {
    issuer = decodeJwt(token).iss;
  } catch (error) {
    throw refuse('context-malformed', 'not a compact JWS with JSON claims', error);
  }
  const host = config.hosts.find(
    (one): one is SignedContextHost => one.door === 'signed-context' && one.issuer === issuer,
  );
  if (host === undefined) throw refuse('context-issuer', 'iss is not a registered host');
  return host;
}

/**
 * What a host has signed, as its reader understands it.
 * @throws {Fault} `context-signature`, and what the reader throws
 */
export async function verified<T>(
  token: string,
  host: SignedContextHost,
  keysOf: HostKeys,
  readPayload: (payload: unknown) => T,
): Promise<T> {
  try {
    const { payload, protectedHeader } = await compactVerify(token, keysOf(host), { algorithms });
    if (protectedHeader.kid === undefined) throw refuse('context-signature', 'no kid');
    return readPayload(JSON.parse(new TextDecoder().decode(payload)));
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw refuse('context-signature', error instanceof errors.JOSEError ? error.code : 'could not be verified', error);
  }
}

/**
 * Takes what a host has signed, for this server and for now, once. A good signature holds for any number of copies:
 * until this one is taken, it is counted with what is not proved.
 * @param take true for the first to take it
 * @throws {Fault} `context-audience`, `context-expired`, `context-replayed`
 */
export async function takeStatement(
  baseUrl: string,
  host: SignedContextHost,
  claims: Pick<Claims, 'aud' | 'iat' | 'exp' | 'nbf' | 'jti'>,
  attempt: Attempt,
  take: (once: Once) => Promise<boolean>,
): Promise<void> {
  attempt.repeatable = true;
  checkTimeAndAudience(claims, { audience: baseUrl, nowSeconds: Math.floor(Date.now() / 1000) });
  const until = new Date((claims.exp + clockSkewSeconds) * 1000);
  if (!(await take({ what: ['context-jti', host.issuer, claims.jti], until })))
    throw refuse('context-replayed', 'jti was used');
  attempt.repeatable = false;
}

/**
 * The signed-context door: who asks, and about whom, proved by a registered host's signature. The checks stand in the
 * order of DESIGN.md, "Contract: the doors", the same for a context that came encrypted; the birth date is checked by
 * the step that asks the demographics service.
 * @throws {Fault} one code for each check; `too-many` where the host has had its launches for this minute
 */
export async function readSignedContext(
  { config, baseUrl, keysOf, launchKeys, rate }: SignedContextDoor,
  given: string,
  attempt: Attempt,
): Promise<ProvedContext> {
  const token = isJwe(given) ? await openJwe(given, launchKeys) : given;
  checkForm(token);
  const host = claimedHost(config, token);
  attempt.known = { detail: { claimedHost: host.id } };
  const claims = await verified(token, host, keysOf, readClaims);
  const user = { id: claims.sub, name: claims.name };
  attempt.known = { user: { host: host.id, ...user } };
  await takeStatement(baseUrl, host, claims, attempt, (once) => rate.admitOnce(host, once));
  const context = contextOf(claims, host, { config, baseUrl });
  attempt.known = knownOf(context);
  if (claims.role !== undefined && !host.roles.includes(claims.role))
    throw refuse('context-role', 'role is not one of the host');
  return context;
}

/** What the claims say, in this server's words. */
function contextOf(
  claims: Claims,
  host: SignedContextHost,
  { config, baseUrl }: Pick<SignedContextDoor, 'config' | 'baseUrl'>,
): ProvedContext {
  if (claims.organisation !== host.organisation)
    throw refuse('context-malformed', 'organisation is not the one that the host is registered for');
  const client = registeredClient(config, baseUrl, claims.client ?? viewerOf(config).clientId, Date.now());
  if (client === undefined) throw refuse('context-client', 'client is not registered, or has ended');
  const nhsNumber = claims.patient === undefined ? undefined : checkNhsNumber(claims.patient.nhsNumber);
  const registration = readRegistration(claims.registration);
  return {
    host: host.id,
    user: { id: claims.sub, name: claims.name, ...(registration === undefined ? {} : { registration }) },
    organisation: { ods: host.organisation, name: host.organisationName ?? host.name },
    ...(claims.role === undefined ? {} : { role: claims.role }),
    ...(claims.patient === undefined || nhsNumber === undefined
      ? {}
      : { patient: { nhsNumber, birthDate: claims.patient.birthDate } }),
    ...(claims.encounter === undefined ? {} : { encounter: claims.encounter }),
    ...(claims.intent === undefined ? {} : { intent: claims.intent }),
    clientId: client.clientId,
  };
}
