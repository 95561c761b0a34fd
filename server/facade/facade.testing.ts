import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { entriesOf, isResource, type Resource } from '../../src/fhir/resource.ts';
import { objects, text, type JsonObject } from '../../src/fhir/json.ts';
import { nhsNumber, session } from '../disclosure/house.testing.ts';
import type { House } from '../disclosure/house.ts';
import { Fault } from '../fault.ts';
import type { LaunchSession } from '../launch/context.ts';
import { createFacade, type FacadeDependencies } from './facade.ts';
import type { Governed } from './governance/routes.ts';
import '../request.ts';

/** An answer of the facade, read whole. */
export type Answer = {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: JsonObject;
};

/** The facade's id of the person of {@link session}. */
export const person = 'p';

/** A facade on a loopback port of its own. The token is the name of a session; `good` is the usual one, and none is ''. */
export async function openFacade(
  house: House,
  sessions: Readonly<Record<string, LaunchSession>> = { good: session },
  more: {
    /** Sees each response before anything is done with it. */
    readonly seeResponse?: (response: ServerResponse) => void;
    readonly closing?: AbortSignal;
    readonly governed?: Governed;
  } & Pick<FacadeDependencies, 'lastLooks'> = {},
) {
  const app = express();
  app.set('query parser', 'simple');
  app.use((request, response, next) => {
    request.id = 'request-1';
    more.seeResponse?.(response);
    next();
  });
  app.use(
    '/fhir',
    createFacade({
      house,
      ...more,
      baseUrl: 'http://localhost:9',
      authorization: {
        smartConfiguration: { issuer: 'http://localhost:9' },
        verify: async (header) => {
          const found = sessions[(header ?? '').replace('Bearer ', '')];
          if (header === undefined) throw new Fault('token-missing', 'Send a token.');
          if (found === undefined) throw new Fault('token-invalid', 'The token has ended.');
          return found;
        },
      },
      patientIdOf: ({ patient }) =>
        patient && (patient.nhsNumber === nhsNumber ? person : `p-${patient.nhsNumber.slice(-4)}`),
      userId: (_host, user) => `u-${user}`,
      pageKey: Buffer.alloc(32, 1),
      ...(more.closing === undefined ? {} : { closing: more.closing }),
      ...(more.governed === undefined ? {} : { governed: more.governed }),
      appOrigins: new Set(['http://app.example']),
    }),
  );
  const server: Server = createServer(app);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  // A server that listens on a port has an address of this shape.
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fhir`;
  const ask = async (path: string, init: RequestInit & { readonly token?: string } = {}): Promise<Answer> => {
    const headers = new Headers(init.headers);
    if (init.token !== '') headers.set('authorization', `Bearer ${init.token ?? 'good'}`);
    const response = await fetch(`${base}/${path}`, { ...init, headers });
    const body = await response.text();
    const parsed: unknown = body.startsWith('{') && !body.includes('}\n{') ? JSON.parse(body) : {};
    return { status: response.status, headers: response.headers, text: body, body: isResource(parsed) ? parsed : {} };
  };
  return {
    /** The FHIR base. */
    base,
    ask,
    /** A search by POST. */
    post: (type: string, form: Record<string, string>, token = 'good') =>
      ask(`${type}/_search`, { method: 'POST', body: new URLSearchParams(form), token }),
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** The resources of a searchset that were found, or were included, or tell of what is missing. */
export function entries(body: JsonObject, mode: 'match' | 'include' | 'outcome' = 'match'): readonly Resource[] {
  const wanted = objects(body['entry']).filter((one) => objects(one['search'])[0]?.['mode'] === mode);
  return entriesOf({ resourceType: 'Bundle', entry: wanted });
}

/** A link of a Bundle, below the FHIR base. */
export function linkOf(body: JsonObject, relation: string): string | undefined {
  const link = objects(body['link']).find((one) => one['relation'] === relation);
  return text(link?.['url'])?.replace('http://localhost:9/fhir/', '');
}
