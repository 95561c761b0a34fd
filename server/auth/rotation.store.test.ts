import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inForce, rotated, type KeyFile } from '../config/key-file.ts';
import { openWayIn, type WayIn } from './testing.ts';

const minute = 60_000;
const start = Date.now();
const turn = (before: KeyFile | undefined, now: number): Promise<KeyFile> =>
  rotated('signing-keys.json', before, { now, signsInMs: minute, dropOld: false });

describe('an authorization server whose keys are rotated', () => {
  let way: WayIn;
  beforeAll(async () => {
    way = await openWayIn();
  });
  afterAll(() => way.close());

  const use = (file: KeyFile, now: number): void => way.useKeys(inForce(file, now));
  /** Verifies as a client does that reads the key set now. */
  async function kidOf(idToken: unknown): Promise<string | undefined> {
    const keys = createRemoteJWKSet(new URL(`${way.base}/auth/jwks`));
    const { protectedHeader } = await jwtVerify(String(idToken), keys, { issuer: `${way.base}/auth` });
    return protectedHeader.kid;
  }
  const published = async (): Promise<readonly unknown[]> => {
    const { keys } = (await (await fetch(`${way.base}/auth/jwks`)).json()) as { keys: Record<string, unknown>[] };
    for (const key of keys) expect(key).not.toHaveProperty('d');
    return keys.map((key) => key['kid']);
  };

  it('goes on with every launch, and what was signed before still verifies, over two rotations', async () => {
    const first = await turn(undefined, start);
    const [k1] = first.keys.map((key) => key.kid);
    use(first, start);
    const begun = await way.session();
    expect(await kidOf(begun.body['id_token'])).toBe(k1);

    // Published, not signing yet.
    const second = await turn(first, start);
    const [k2] = second.keys.map((key) => key.kid);
    use(second, start);
    expect(await published()).toEqual([k1, k2]);
    expect(await kidOf((await way.session()).body['id_token'])).toBe(k1);

    // A code that the one before issued is exchanged at the one after.
    const { to, verifier } = await way.authorize(await way.handle());
    use(second, start + minute);
    const exchanged = await way.token({
      grant_type: 'authorization_code',
      code: to.get('code') ?? '',
      redirect_uri: way.redirectUri,
      code_verifier: verifier,
    });
    expect(exchanged.status).toBe(200);
    expect(await kidOf(exchanged.body['id_token'])).toBe(k2);
    expect(await kidOf(begun.body['id_token'])).toBe(k1);

    // Nor is any launch lost: its token is good, and is renewed.
    expect((await way.verify(begun)).clientId).toBe(way.clientId);
    const renewed = await way.token({
      grant_type: 'refresh_token',
      refresh_token: String(begun.body['refresh_token']),
    });
    expect(renewed.status).toBe(200);

    const third = await turn(second, start + 11 * minute);
    use(third, start + 12 * minute);
    const [k3] = third.keys.map((key) => key.kid);
    expect(await published()).toEqual([k3, k2]);
    expect(await kidOf((await way.session()).body['id_token'])).toBe(k3);
    expect(await kidOf(exchanged.body['id_token'])).toBe(k2);
    await expect(kidOf(begun.body['id_token'])).rejects.toThrow('no applicable key');
  });

  it('keeps the keys of before where new ones are of no use', async () => {
    const before = await published();
    expect(() => way.useKeys([{ kty: 'RSA', kid: 'x', alg: 'RS256' }])).toThrow();
    expect(await published()).toEqual(before);
    expect((await way.session()).status).toBe(200);
  });
});
