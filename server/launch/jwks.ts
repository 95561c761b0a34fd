import express, { type Router } from 'express';
import type { JWK } from 'jose';

/** The members that are the public key, by key type: all else of a private key stays here. */
const publicMembers: Readonly<Record<string, readonly string[]>> = {
  RSA: ['n', 'e'],
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
};
const named = ['kty', 'kid', 'alg', 'use'];

/** The public halves of keys, as a JWK Set (RFC 7517 §5). */
export function publicKeySet(keys: readonly JWK[]): { readonly keys: readonly JWK[] } {
  return {
    keys: keys.map((key) => {
      const members = [...named, ...(publicMembers[key.kty ?? ''] ?? [])];
      return Object.fromEntries(Object.entries(key).filter(([member]) => members.includes(member)));
    }),
  };
}

/**
 * `GET /launch/jwks.json`: the keys by which hosts and OpenID providers know this server, and with which they encrypt for
 * it. Asked anew each time, so that a rotated key is there at once.
 */
export function createJwksRouter(keys: () => readonly JWK[]): Router {
  const router = express.Router();
  router.get('/launch/jwks.json', (_req, res) => {
    res
      .set({
        'Cache-Control': 'public, max-age=300',
        'Access-Control-Allow-Origin': '*',
        'Cross-Origin-Resource-Policy': 'cross-origin',
      })
      .json(publicKeySet(keys()));
  });
  return router;
}
