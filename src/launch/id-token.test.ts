import { exportJWK, generateKeyPair, SignJWT, createLocalJWKSet, type JWTVerifyGetKey } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyIdToken } from './id-token.ts';

const expected = { issuer: 'https://record.example/auth', clientId: 'viewer', nonce: 'n-1' };
let keys: JWTVerifyGetKey;
let sign: (
  claims: Record<string, unknown>,
  options?: { issuer?: string; audience?: string; expires?: string },
) => Promise<string>;
let foreign: typeof sign;

beforeAll(async () => {
  const signer = async (publish: boolean): Promise<typeof sign> => {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    if (publish) keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256' }] });
    return (claims, { issuer = expected.issuer, audience = 'viewer', expires = '5m' } = {}) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'RS256', kid: 'k' })
        .setIssuer(issuer)
        .setAudience(audience)
        .setSubject('u')
        .setIssuedAt()
        .setExpirationTime(expires)
        .sign(privateKey);
  };
  sign = await signer(true);
  foreign = await signer(false);
});

describe('an id token', () => {
  it('gives the user, accents whole', async () => {
    const token = await sign({ nonce: 'n-1', fhirUser: 'https://record.example/fhir/Practitioner/Siân' });
    expect(await verifyIdToken(token, keys, expected)).toEqual({
      subject: 'u',
      fhirUser: 'https://record.example/fhir/Practitioner/Siân',
    });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['of another launch', () => sign({ nonce: 'n-2' })],
    ['without a nonce', () => sign({})],
    ['of another issuer', () => sign({ nonce: 'n-1' }, { issuer: 'https://evil.example' })],
    ['for another client', () => sign({ nonce: 'n-1' }, { audience: 'other' })],
    ['that has expired', () => sign({ nonce: 'n-1' }, { expires: '-5m' })],
    ['signed by another key', () => foreign({ nonce: 'n-1' })],
    ['that is none', async () => 'nonsense'],
    ['that is absent', async () => undefined],
  ])('is refused %s @201', async (_, make) => {
    await expect(verifyIdToken(await make(), keys, expected)).rejects.toMatchObject({ code: 'untrusted-answer' });
  });
});
