import { createServer, type RequestListener } from 'node:http';
import express, { type Express } from 'express';
import { exportJWK, generateKeyPair, type CryptoKey } from 'jose';
import { onTestFinished } from 'vitest';

/** A handler on a free port of 127.0.0.1 until it is ended, for tests that share it. */
export async function listeningUntilEnd(
  handler: RequestListener,
): Promise<{ readonly origin: string; readonly end: () => void }> {
  const server = createServer(handler);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    end: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A handler on a free port of 127.0.0.1 until the test ends. @returns its origin */
export async function listening(handler: RequestListener): Promise<string> {
  const { origin, end } = await listeningUntilEnd(handler);
  onTestFinished(end);
  return origin;
}

/** A server in the place of One Health and Care: it publishes the keys of its client assertions, and nothing else. */
export async function appWithKeys(): Promise<{
  readonly baseUrl: string;
  readonly key: { readonly key: CryptoKey; readonly kid: string };
}> {
  const { privateKey, publicKey } = await generateKeyPair('ES384');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'launch-1', alg: 'ES384', use: 'sig' };
  const app: Express = express();
  app.get('/launch/jwks.json', (_request, response) => void response.json({ keys: [jwk] }));
  return { baseUrl: await listening(app), key: { key: privateKey, kid: 'launch-1' } };
}

/** A server whose handler needs to know its own origin. */
export async function listeningAs(make: (origin: string) => RequestListener): Promise<string> {
  let handler: RequestListener = (_request, response) => void response.writeHead(503).end();
  const origin = await listening((request, response) => handler(request, response));
  handler = make(origin);
  return origin;
}

/** The cookies that a browser has after these answers, as its next request sends them; of one name the last. */
export function cookiesOf(before: string, ...answers: readonly Response[]): string {
  const pairs = [...before.split('; '), ...answers.flatMap((answer) => answer.headers.getSetCookie())];
  const jar = new Map(
    pairs.flatMap((pair) => {
      const [name = '', value = ''] = (pair.split(';')[0] ?? '').split(/=(.*)/s);
      return name === '' ? [] : [[name, value] as const];
    }),
  );
  return [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
}
