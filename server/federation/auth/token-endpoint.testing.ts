import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, type JWK } from 'jose';

/** What a token endpoint knows of its one client, and what it takes. */
export type Registration = {
  readonly clientId: string;
  readonly jwks: JSONWebKeySet;
  readonly algorithms: readonly string[];
  /** Where absent, no scope may be asked for. */
  readonly scope?: string;
};

/** The public halves of keys, as the other side has them. */
export function publicHalves(keys: readonly JWK[]): JSONWebKeySet {
  return {
    keys: keys.map(
      ({ kty = '', kid, alg, n, e, crv, x, y }) =>
        JSON.parse(JSON.stringify({ kty, kid, alg, n, e, crv, x, y })) as JWK,
    ),
  };
}

type Answer = readonly [status: number, body: object];

/**
 * A token endpoint for tests that holds a client to the letter of RFC 7523, SMART 2.2 and the platform: signature by the
 * registered key of that `kid`, `alg` and `typ`, `iss` and `sub` the client, `aud` this endpoint and nothing else, `exp`
 * no more than five minutes away, `jti` once. It says `invalid_client` of each, and keeps why for the test.
 */
export function createTokenEndpoint(registration: Registration): {
  readonly answer: (url: string, form: string, grant: () => object) => Promise<Answer>;
  /** Why it refused, in order. */
  readonly refused: string[];
  /** How many tokens it was asked for. */
  readonly count: () => number;
} {
  const { clientId, jwks, algorithms, scope } = registration;
  const keys = createLocalJWKSet(jwks);
  const seen = new Set<string>();
  const refused: string[] = [];
  let asked = 0;

  const check = async (url: string, form: URLSearchParams): Promise<void> => {
    const { payload, protectedHeader } = await jwtVerify(form.get('client_assertion') ?? '', keys, {
      algorithms: [...algorithms],
      issuer: clientId,
      subject: clientId,
      audience: url,
      typ: 'JWT',
      requiredClaims: ['exp', 'jti'],
    });
    if (protectedHeader.kid === undefined) throw new Error('no kid');
    if (payload.aud !== url) throw new Error('aud is more than this endpoint');
    if ((payload.exp ?? 0) > Date.now() / 1000 + 300) throw new Error('exp is more than five minutes away');
    const { jti = '' } = payload;
    if (seen.has(jti)) throw new Error('jti again');
    seen.add(jti);
  };

  return {
    refused,
    count: () => asked,
    answer: async (url, text, grant) => {
      asked += 1;
      const form = new URLSearchParams(text);
      const refuse = (error: string, why: string): Answer => {
        refused.push(why);
        return [400, { error, error_description: `PRIVATE ${why}` }];
      };
      if (form.get('grant_type') !== 'client_credentials') return refuse('unsupported_grant_type', 'grant_type');
      if (form.get('client_assertion_type') !== 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
        return refuse('invalid_request', 'client_assertion_type');
      if ((form.get('scope') ?? undefined) !== scope) return refuse('invalid_scope', 'scope');
      try {
        await check(url, form);
      } catch (error) {
        return refuse('invalid_client', error instanceof Error ? error.message : 'unknown');
      }
      return [200, grant()];
    },
  };
}
