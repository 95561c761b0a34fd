import type { AddressInfo } from 'node:net';
import express from 'express';
import { createLocalJWKSet, exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT, type JWK } from 'jose';
import { expect, it } from 'vitest';
import { createJwksRouter, publicKeySet } from './jwks.ts';

async function keyOf(alg: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: `k-${alg}`, alg, use: 'sig' };
}

it('publishes nothing but the public half of each key, by which it can be known @294 @295 @313 @314 @315', async () => {
  const keys = [await keyOf('RS384'), await keyOf('ES384')];
  const { keys: published } = publicKeySet(keys);
  expect(published.map((key) => Object.keys(key).toSorted((a, b) => a.localeCompare(b)))).toEqual([
    ['alg', 'e', 'kid', 'kty', 'n', 'use'],
    ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
  ]);
  for (const key of keys) {
    const signed = await new SignJWT({ sub: 'x' })
      .setProtectedHeader({ alg: key.alg ?? '', kid: key.kid ?? '' })
      .sign(await importJWK(key, key.alg ?? ''));
    const verified = await jwtVerify(signed, createLocalJWKSet({ keys: [...published] }));
    expect(verified.payload.sub).toBe('x');
  }
});

it('leaves out every member of a key type that it does not know', () => {
  expect(publicKeySet([{ kty: 'oct', k: 'secret', kid: 'x' }])).toEqual({ keys: [{ kty: 'oct', kid: 'x' }] });
});

it('serves them to anybody, for five minutes, as they are at that moment @299 @302 @303', async () => {
  const keys: JWK[] = [];
  const server = express()
    .use(createJwksRouter(() => keys))
    .listen(0, '127.0.0.1');
  await new Promise((done) => server.once('listening', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/launch/jwks.json`;
  expect(await (await fetch(url)).json()).toEqual({ keys: [] });
  keys.push(await keyOf('ES384'));
  const answer = await fetch(url);
  expect(await answer.json()).toMatchObject({ keys: [{ kid: 'k-ES384' }] });
  expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
  server.close();
});
