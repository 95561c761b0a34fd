import type { ServerMetadata } from 'openid-client';
import { z } from 'zod';
import { isLoopback } from '../../config/environment.ts';
import { undecided } from '../../fault.ts';
import { faultOfAnswer } from '../openid/answer-fault.ts';
import type { Fetch } from '../openid/relying-party.ts';
import { refuse } from '../page/refusal.ts';

const url = z.string().min(1).max(2_000);
const algorithms = z.array(z.string()).optional().catch(undefined);

/** What is read of `smart-configuration`. What only adds is dropped where it is not as it should be. */
const smartSchema = z.object({
  authorization_endpoint: url,
  token_endpoint: url,
  revocation_endpoint: url.optional(),
  issuer: url.optional(),
  jwks_uri: url.optional(),
  token_endpoint_auth_signing_alg_values_supported: algorithms,
  authorization_response_iss_parameter_supported: z.boolean().optional().catch(undefined),
});

/** What is read of the issuer's own `openid-configuration`. */
const openIdSchema = z.object({
  issuer: z.string(),
  jwks_uri: url,
  authorization_response_iss_parameter_supported: z.boolean().optional().catch(undefined),
});

/**
 * Algorithms of an id token, whatever the host lists: its signature is checked with the host's public keys each time, so
 * that `none` and shared secrets prove nothing.
 */
const idTokenAlgorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** The base of a FHIR server, without a slash at its end. */
export function fhirBaseOf(iss: string): string {
  return iss.replace(/\/+$/, '');
}

/** True for every way to write an address of this machine. */
function pointsHere({ hostname, href }: URL): boolean {
  return (
    isLoopback(href) || /^(localhost\.|.*\.localhost\.?|0\.0\.0\.0|\[::\]|\[::ffff:(7f|0+:|0\.).*\])$/.test(hostname)
  );
}

/**
 * An address that a host names, made absolute against its base. It must be https; only a host on loopback may name one
 * that is not, or one on loopback: nobody else's metadata leads this server to itself (SSRF).
 */
function addressOf(said: string, iss: string, name: string): string {
  const base = `${fhirBaseOf(iss)}/`;
  const parsed = URL.canParse(said, base) ? new URL(said, base) : undefined;
  if (parsed === undefined || parsed.username !== '' || parsed.password !== '' || parsed.hash !== '')
    throw refuse('host-answer', `${name} is no address`);
  const here = pointsHere(parsed);
  const fit = here ? isLoopback(iss) && /^https?:$/.test(parsed.protocol) : parsed.protocol === 'https:';
  if (!fit) throw refuse('host-answer', `${name} is not https, or leads to this server`);
  return parsed.href;
}

/** The JSON at an address; undefined where it answers that there is none. */
async function json(fetchIt: Fetch, address: string): Promise<unknown> {
  try {
    const answer = await fetchIt(address, { headers: { accept: 'application/json' } });
    if (answer.status >= 500) throw undecided(`discovery: status ${answer.status}`);
    return answer.ok ? ((await answer.json()) as unknown) : undefined;
  } catch (error) {
    throw faultOfAnswer(error);
  }
}

/** Reads a document by its schema. */
function read<Document>(schema: z.ZodType<Document>, document: unknown, name: string): Document {
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => issue.path.join('.'));
  throw refuse('host-answer', `${name}: ${wrong.join(', ').slice(0, 200)}`);
}

/**
 * What a SMART host says of itself, every address absolute and fit to be asked. The issuer of its id tokens says for
 * itself where its keys are; a host that repeats them in `smart-configuration` needs no document of the issuer's.
 * @param iss the host's FHIR base, as it is registered
 * @throws {Fault} `host-answer`; `undecided` where it cannot be asked
 */
export async function discoverHost(iss: string, fetchIt: Fetch): Promise<ServerMetadata> {
  const base = fhirBaseOf(iss);
  const smart = read(
    smartSchema,
    await json(fetchIt, `${base}/.well-known/smart-configuration`),
    'smart-configuration',
  );
  const issuer = smart.issuer ?? iss;
  // Compared as it is written, asked only where it may be.
  const asked = fhirBaseOf(addressOf(issuer, iss, 'issuer'));
  const found = await json(fetchIt, `${asked}/.well-known/openid-configuration`).catch((error: unknown) => {
    if (smart.jwks_uri === undefined) throw error;
    return undefined;
  });
  const openId =
    found === undefined && smart.jwks_uri !== undefined ? undefined : read(openIdSchema, found, 'openid-configuration');
  if (openId !== undefined && openId.issuer !== issuer)
    throw refuse('host-answer', 'openid-configuration is another issuer’s');
  const keys = openId?.jwks_uri ?? smart.jwks_uri ?? '';
  const namesItself =
    smart.authorization_response_iss_parameter_supported ?? openId?.authorization_response_iss_parameter_supported;
  return {
    issuer,
    authorization_endpoint: addressOf(smart.authorization_endpoint, iss, 'authorization_endpoint'),
    token_endpoint: addressOf(smart.token_endpoint, iss, 'token_endpoint'),
    jwks_uri: addressOf(keys, iss, 'jwks_uri'),
    id_token_signing_alg_values_supported: idTokenAlgorithms,
    ...(smart.revocation_endpoint === undefined
      ? {}
      : { revocation_endpoint: addressOf(smart.revocation_endpoint, iss, 'revocation_endpoint') }),
    ...(smart.token_endpoint_auth_signing_alg_values_supported === undefined
      ? {}
      : {
          token_endpoint_auth_signing_alg_values_supported: smart.token_endpoint_auth_signing_alg_values_supported,
        }),
    ...(namesItself === undefined ? {} : { authorization_response_iss_parameter_supported: namesItself }),
  };
}
