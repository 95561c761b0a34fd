import { randomBytes } from 'node:crypto';
import type { AdapterPayload } from 'oidc-provider';
import { secretHashOf } from './client-metadata.ts';

/** This server's own client: the library lets clients introspect, and the holder of a fitting token is let in as it. */
export type Introspector = {
  readonly clientId: string;
  readonly metadata: AdapterPayload;
  /** The value of `Authorization` by which it is known; in this process alone, and for as long as it runs. */
  readonly authorization: string;
};

/** Makes it, with an id and a secret that nobody else can name. */
export function createIntrospector(): Introspector {
  const clientId = `introspector-${randomBytes(16).toString('hex')}`;
  const secret = randomBytes(32).toString('base64url');
  return {
    clientId,
    metadata: {
      client_id: clientId,
      client_secret: secretHashOf(secret),
      token_endpoint_auth_method: 'client_secret_basic',
      redirect_uris: [],
      response_types: [],
      grant_types: [],
    },
    authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
  };
}
