import { randomUUID } from 'node:crypto';
import { importJWK, SignJWT, type JWK } from 'jose';
import { lookup, number, object, text } from '../../../src/fhir/json.ts';
import { assertionKey } from '../../config/source-credentials.ts';
import type { Http } from '../http.ts';
import { SourceError } from '../source-error.ts';

/** What is asked of a token endpoint, and by what we are known there. */
export type TokenRequest = {
  readonly tokenUrl: string;
  readonly clientId: string;
  /** Absent where the other side gives what the client is registered for. */
  readonly scope?: string;
  readonly keys: readonly JWK[];
  /** That the other side takes; of these the first that we have a key of. */
  readonly algorithms: readonly string[];
  readonly keyId: string | undefined;
};

/** Less than the five minutes that are allowed, so that a clock behind ours does not find it too long. */
const assertionSeconds = 240;
const longestMs = 3_600_000;
/** Where the other side does not say how long a token counts. */
const unsaidMs = 60_000;

/** The errors of OAuth 2 (RFC 6749 §5.2), which alone go into the log: the other side's own words do not. */
const oauthErrors: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'invalid_request',
    'invalid_client',
    'invalid_grant',
    'unauthorized_client',
    'unsupported_grant_type',
    'invalid_scope',
  ].map((code) => [code, code]),
);

/**
 * A client assertion (RFC 7523; SMART App Launch 2.2, "Client Authentication: Asymmetric").
 * @throws {SourceError} `credentials` where there is no key for it
 */
async function assertion({ tokenUrl, clientId, keys, algorithms, keyId }: TokenRequest): Promise<string> {
  const jwk = assertionKey(keys, algorithms, keyId);
  if (jwk?.alg === undefined || jwk.kid === undefined)
    throw new SourceError(
      'credentials',
      `no key to sign with: ${algorithms.join(' or ')}${keyId === undefined ? '' : `, kid ${keyId}`}`,
    );
  return new SignJWT()
    .setProtectedHeader({ alg: jwk.alg, kid: jwk.kid, typ: 'JWT' })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(tokenUrl)
    .setJti(randomUUID())
    .setExpirationTime(Math.floor(Date.now() / 1000) + assertionSeconds)
    .sign(await importJWK(jwk, jwk.alg));
}

/** Seconds as a number, or as digits, which is how the API platform's gateway writes them. */
function secondsOf(value: unknown): number | undefined {
  return number(value) ?? (/^\d{1,9}$/.test(text(value) ?? '') ? Number(value) : undefined);
}

/**
 * Asks for an access token by client credentials. It is good for as long as `keepMs` says, which ends shortly before
 * its own end.
 * @returns the value of `Authorization`
 * @throws {SourceError} `credentials` where we are refused or what is given is no bearer token
 */
export async function requestToken(
  http: Http,
  request: TokenRequest,
  signal: AbortSignal,
): Promise<{ readonly value: string; readonly keepMs: number }> {
  const { tokenUrl, scope } = request;
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await assertion(request),
    ...(scope === undefined ? {} : { scope }),
  });
  const { status, body } = await http.request({
    address: tokenUrl,
    method: 'POST',
    url: tokenUrl,
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
    signal,
  });
  const answer = object(body);
  if (status >= 300) {
    const why = lookup(oauthErrors, text(answer?.['error'])) ?? 'without a reason that is known';
    throw new SourceError('credentials', `the token endpoint refused us: status ${status}, ${why}`);
  }
  const token = text(answer?.['access_token']);
  if (token === undefined || !/^[\x21-\x7e]+$/.test(token) || text(answer?.['token_type'])?.toLowerCase() !== 'bearer')
    throw new SourceError('credentials', 'the token endpoint gave no bearer token');
  const seconds = secondsOf(answer?.['expires_in']);
  const lifeMs = seconds === undefined ? unsaidMs : Math.min(seconds * 1000, longestMs);
  return { value: `Bearer ${token}`, keepMs: lifeMs - Math.min(30_000, lifeMs / 5) };
}
