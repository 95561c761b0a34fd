import { randomUUID } from 'node:crypto';
import { capability, patientOf, searchset, standIn, type StandIn } from '../stand-in.ts';
import { createTokenEndpoint, type Registration } from './token-endpoint.testing.ts';

/** A FHIR server that wants SMART Backend Services of its one client, and what it saw. */
export type SmartServer = StandIn & {
  readonly tokenUrl: string;
  readonly token: ReturnType<typeof createTokenEndpoint>;
  /** The tokens that were shown to it, in order. */
  readonly shown: string[];
  /** Takes back every token that it has given. */
  readonly takeBack: () => void;
};

type Json = Readonly<Record<string, unknown>>;

/** Starts one. `configuration` and `grant` change what it says of itself and what it gives. */
export async function openSmartServer(
  registration: Registration,
  options: {
    readonly configuration?: (document: Json) => unknown;
    readonly grant?: (answer: Json) => unknown;
    /** Waited for before a token is given. */
    readonly before?: () => Promise<void>;
  } = {},
): Promise<SmartServer> {
  const { configuration = (document) => document, grant = (answer) => answer, before } = options;
  const token = createTokenEndpoint(registration);
  const shown: string[] = [];
  const good = new Set<string>();
  const about = { tokenUrl: '' };
  const server = await standIn((request, response) => {
    const send = (status: number, body: unknown): void =>
      void response.writeHead(status, { 'content-type': 'application/json;charset=utf-8' }).end(JSON.stringify(body));
    const give = async (): Promise<void> => {
      await before?.();
      const [status, body] = await token.answer(about.tokenUrl, request.body, () => {
        const made = randomUUID();
        good.add(made);
        return Object(
          grant({ access_token: made, token_type: 'bearer', expires_in: 300, scope: registration.scope }),
        ) as object;
      });
      send(status, body);
    };
    if (request.path === '/token') return void give();
    if (request.path === '/fhir/.well-known/smart-configuration')
      return send(
        200,
        configuration({
          token_endpoint: about.tokenUrl,
          token_endpoint_auth_methods_supported: ['private_key_jwt'],
          token_endpoint_auth_signing_alg_values_supported: registration.algorithms,
        }),
      );
    const [, bearer = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    shown.push(bearer);
    if (!good.has(bearer)) return [401, { resourceType: 'OperationOutcome' }];
    if (request.path === '/fhir/metadata') return capability();
    if (request.path === '/fhir/Patient/_search') return searchset([patientOf('p')]);
    return searchset([patientOf('p')]);
  });
  about.tokenUrl = new URL('/token', server.url).href;
  return { ...server, tokenUrl: about.tokenUrl, token, shown, takeBack: () => good.clear() };
}
