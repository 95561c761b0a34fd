import { importJWK, type JWK } from 'jose';
import { ClientSecretBasic, modifyAssertion, None, PrivateKeyJwt, type ClientAuth } from 'openid-client';
import { undecided } from '../../fault.ts';

/** How this server is registered at another authorization server. */
export type Registered = {
  readonly clientId: string;
  readonly clientAuth: 'none' | 'private_key_jwt' | 'client_secret_basic';
  /** Name of the environment variable that holds the secret, for `client_secret_basic`. */
  readonly secretEnv?: string | undefined;
};

function secretOf({ clientId, secretEnv }: Registered): string {
  const secret = process.env[secretEnv ?? ''];
  if (secret === undefined || secret === '')
    throw undecided(`the environment has no ${secretEnv ?? 'secretEnv'} for ${clientId}`);
  return secret;
}

/**
 * The library waits for how a client proves itself, and its own way by assertion is a promise; its type says otherwise.
 */
type Proving = (...args: Parameters<ClientAuth>) => Promise<void>;

/** Every SMART server takes one of these two; RS384 is the older. */
const assertionAlgorithms = ['RS384', 'ES384'];

/**
 * A client assertion (RFC 7523) as SMART and CIS2 want it: by the newest key whose algorithm the other server takes, for
 * its token endpoint, which OpenID Connect Core §9 names too.
 */
async function assertionAuth(launchKeys: readonly JWK[]): Promise<Proving> {
  const keys = await Promise.all(
    launchKeys
      .filter(({ alg = '' }) => assertionAlgorithms.includes(alg))
      .map(async ({ alg = '', kid = '', ...jwk }) => ({ alg, kid, key: await importJWK({ ...jwk, alg }, alg) })),
  );
  if (keys.length === 0) throw undecided('SECRETS_DIR has no launch-keys.json to sign client assertions with');
  return async (server, client, body, headers) => {
    const taken = server.token_endpoint_auth_signing_alg_values_supported;
    const found = assertionAlgorithms
      .filter((alg) => taken === undefined || taken.includes(alg))
      .map((alg) => keys.find((key) => key.alg === alg))
      .find((key) => key !== undefined);
    if (found === undefined || found.key instanceof Uint8Array)
      throw undecided('launch-keys.json has no key by which the other server takes client assertions');
    const { key, kid } = found;
    const assertion = PrivateKeyJwt(
      { key, kid },
      {
        [modifyAssertion]: (header, payload) => {
          header['typ'] = 'JWT';
          payload['aud'] = server.token_endpoint ?? server.issuer;
        },
      },
    );
    await Promise.resolve(assertion(server, client, body, headers));
  };
}

/** A confidential SMART app leaves out `client_id`: the assertion names it. */
async function namedByAssertion(assertion: Proving): Promise<Proving> {
  return async (server, client, body, headers) => {
    await assertion(server, client, body, headers);
    body.delete('client_id');
  };
}

/**
 * How it proves who it is, as OpenID Connect has it.
 * @throws {Fault} `undecided` where the secret or the key that it is registered with is missing
 */
export async function openIdAuthOf(registered: Registered, launchKeys: readonly JWK[]): Promise<ClientAuth> {
  switch (registered.clientAuth) {
    case 'none':
      return None();
    case 'client_secret_basic':
      return ClientSecretBasic(secretOf(registered));
    case 'private_key_jwt':
      return assertionAuth(launchKeys);
  }
}

/** As {@link openIdAuthOf}, but as SMART App Launch has it, which a strict host takes to the letter. */
export async function smartAuthOf(registered: Registered, launchKeys: readonly JWK[]): Promise<ClientAuth> {
  switch (registered.clientAuth) {
    case 'none':
      return None();
    case 'client_secret_basic': {
      // The id and the secret as they are: the form encoding of RFC 6749 §2.3.1, which the library does, is not in
      // SMART's text, and its hosts compare the header as it stands.
      const basic = Buffer.from(`${registered.clientId}:${secretOf(registered)}`).toString('base64');
      return (_server, _client, _body, headers) => headers.set('authorization', `Basic ${basic}`);
    }
    case 'private_key_jwt':
      return namedByAssertion(await assertionAuth(launchKeys));
  }
}
