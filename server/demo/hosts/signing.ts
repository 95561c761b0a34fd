import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, SignJWT, type JWK } from 'jose';
import { isObject } from '../../../src/fhir/json.ts';
import type { HostPerson, HostSystem, HostUser, SigningHostId } from './host.ts';

/** How long a context is good for: it is signed at the click and posted at once. */
const lifeSeconds = 120;

/** The keys of one host: it signs with the private one and publishes the other. */
export type HostKeys = {
  readonly jwks: { readonly keys: readonly JWK[] };
  readonly sign: (claims: Readonly<Record<string, unknown>>, issuedAt: number) => Promise<string>;
};

async function newKey(host: SigningHostId): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  // The thumbprint keeps a new key apart from an old one that the server may still hold under the same name.
  return { ...jwk, kid: `demo-${host}-${(await calculateJwkThumbprint(jwk)).slice(0, 8)}`, alg: 'ES256', use: 'sig' };
}

/** What a host does with its key. */
export async function keysOf(privateJwk: JWK): Promise<HostKeys> {
  const key = await importJWK(privateJwk, 'ES256');
  const { d: _private, ...publicJwk } = privateJwk;
  return {
    jwks: { keys: [publicJwk] },
    sign: (claims, issuedAt) =>
      new SignJWT({ ...claims, iat: issuedAt, exp: issuedAt + lifeSeconds })
        .setProtectedHeader({ alg: 'ES256', kid: privateJwk.kid ?? '', typ: 'JWT' })
        .sign(key),
  };
}

/**
 * The keys of both hosts, made at the first start and kept in `file` (mode 0600), so that what a browser still shows
 * after a restart goes on working; without a file they live as long as this process.
 */
export async function hostKeys(file?: string): Promise<Readonly<Record<SigningHostId, HostKeys>>> {
  const kept: unknown = file === undefined ? undefined : await readFile(file, 'utf8').then(JSON.parse, () => undefined);
  const jwkOf = async (host: SigningHostId): Promise<JWK> => {
    const found = isObject(kept) ? kept[host] : undefined;
    return isObject(found) && found['kty'] === 'EC' ? found : newKey(host);
  };
  const keys = { millbrook: await jwkOf('millbrook'), trentside: await jwkOf('trentside') };
  if (file !== undefined) {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, JSON.stringify(keys), { mode: 0o600 });
  }
  return { millbrook: await keysOf(keys.millbrook), trentside: await keysOf(keys.trentside) };
}

/** The claims of a signed context (DESIGN.md, "Contract: the doors"), all but the times. */
export function contextClaims(
  host: Pick<HostSystem, 'organisation'>,
  user: HostUser,
  person: Pick<HostPerson, 'nhsNumber' | 'birthDate' | 'family'>,
  urls: { readonly issuer: string; readonly audience: string },
): Readonly<Record<string, unknown>> {
  return {
    iss: urls.issuer,
    aud: urls.audience,
    jti: randomUUID(),
    sub: user.id,
    name: user.name,
    role: user.role,
    organisation: host.organisation,
    ...(user.registration === undefined ? {} : { registration: user.registration }),
    patient: { nhsNumber: person.nhsNumber, birthDate: person.birthDate, family: person.family },
  };
}
