import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { Client } from '../config/schema.ts';
import type { WayIn } from './testing.ts';

/** A client that proves itself by a key, of the test. */
export type KeyedClient = Awaited<ReturnType<typeof keyedClient>>;

/** Makes a key, and what signs with it the assertions of one client. */
export async function keyedClient(clientId: string, kid: string, alg: 'RS384' | 'ES384' = 'ES384') {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const exported = await exportJWK(publicKey);
  const jwk = { ...exported, kty: exported.kty ?? '', kid, alg, use: 'sig' };

  /** Claims and header as they should be, with some of them otherwise; one given as undefined is left out. */
  async function sign(
    aud: string,
    claims: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
  ): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const all = { iss: clientId, sub: clientId, aud, exp: now + 240, jti: randomUUID(), ...claims };
    const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
    return new SignJWT(given).setProtectedHeader({ alg, kid, typ: 'JWT', ...header }).sign(privateKey);
  }
  return { clientId, jwk, privateKey, sign };
}

/** A client assertion as form fields. */
export function assertionForm(assertion: string): Record<string, string> {
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  };
}

/** The header by which a client with a secret proves itself. */
export function basic(clientId: string, secret: string): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}` };
}

/** A registration of the test's, of an app at `https://apps.example/`. */
export function appClient(more: Partial<Client> & Pick<Client, 'clientId'>): Client {
  return {
    name: 'An app',
    redirectUris: ['https://apps.example/'],
    launchUri: 'https://apps.example/launch',
    scope: 'openid fhirUser launch launch/patient online_access offline_access patient/*.rs user/Practitioner.r',
    clientAuth: 'none',
    owner: 'Apps Ltd',
    purpose: 'a test',
    ...more,
  };
}

/** The authorization request of an app in place of the viewer's. */
export function asApp(clientId: string): Record<string, string> {
  return { client_id: clientId, redirect_uri: 'https://apps.example/' };
}

/** A code for an app, launched by the host, and all that the exchange of it takes besides the client's proof. */
export async function codeFor(
  way: WayIn,
  clientId: string,
  more: Record<string, string | undefined> = {},
  claims: Record<string, unknown> = {},
): Promise<Record<string, string>> {
  const handle = await way.handle({ client: clientId, ...claims });
  const { to, verifier } = await way.authorize(handle, { ...asApp(clientId), ...more });
  const code = to.get('code');
  if (code === null) throw new Error(`authorize: ${to.toString()}`);
  return {
    grant_type: 'authorization_code',
    code,
    redirect_uri: 'https://apps.example/',
    code_verifier: verifier,
  };
}
