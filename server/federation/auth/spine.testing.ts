import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import { text } from '../../../src/fhir/json.ts';
import { issueCertificate, type Issued } from '../../config/certificate.testing.ts';
import { standIn, type StandIn } from '../stand-in.ts';

/** The Spine for tests: its directory, its proxy, and the authorities by which the two sides know each other. */
export type Spine = {
  readonly authority: Issued;
  readonly directory: StandIn;
  /** The proxy's address. */
  readonly url: string;
  /** What reached the proxy: the path behind its own address, and the headers. */
  readonly proxied: { readonly path: string; readonly headers: Readonly<Record<string, unknown>> }[];
  /** Why it refused, in order. */
  readonly refused: string[];
  /** How many connections the proxy was asked over. */
  readonly connections: () => number;
  readonly close: () => Promise<void>;
};

export const apiKey = 'sds-key-5f1c';
export const ourAsid = '200000000359';
export const interaction = 'urn:nhs:names:services:gpconnect:fhir:operation:gpc.getstructuredrecord-1';
export const practiceAsid = '918999198738';
export const practiceBase = 'https://gp.example.nhs.uk/M83001/STU3/1/gpconnect';
const partyKey = 'M83001-822103';

const spineError = (code: string): object => ({
  resourceType: 'OperationOutcome',
  issue: [
    {
      severity: 'error',
      code: 'forbidden',
      details: { coding: [{ system: 'https://fhir.nhs.uk/STU3/ValueSet/Spine-ErrorOrWarningCode-1', code }] },
    },
  ],
});

const bundle = (resources: readonly object[]): object => ({
  resourceType: 'Bundle',
  type: 'searchset',
  total: resources.length,
  entry: resources.map((resource) => ({ resource })),
});

/** What the directory lists; a test may change what an organisation has. */
export type Listed = { readonly devices: readonly object[]; readonly endpoints: readonly object[] };

export const listed: Listed = {
  devices: [
    {
      resourceType: 'Device',
      identifier: [
        { system: 'https://fhir.nhs.uk/Id/nhsSpineASID', value: practiceAsid },
        { system: 'https://fhir.nhs.uk/Id/nhsMhsPartyKey', value: partyKey },
      ],
    },
  ],
  endpoints: [{ resourceType: 'Endpoint', status: 'active', address: practiceBase }],
};

/** Reads the claims of a JWT without a signature, as GP Connect's is. */
export function claimsOf(authorization: unknown): Readonly<Record<string, unknown>> {
  const [, claims = '', signature] = String(authorization)
    .replace(/^Bearer /, '')
    .split('.');
  if (signature !== '') throw new Error('a JWT with an empty signature');
  return JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
}

/**
 * Starts it. The directory wants its API key and a whole query; the proxy wants TLS with a certificate of its authority,
 * the ids of both systems as the directory has them, a trace id, the interaction and an audience that is the practice's.
 */
export async function openSpine(answer: () => object, has: () => Listed = () => listed): Promise<Spine> {
  const authority = issueCertificate('Spine authority');
  const own = issueCertificate('Spine proxy', { issuer: authority });
  const refused: string[] = [];
  const proxied: Spine['proxied'] = [];

  const directory = await standIn(({ path, headers }) => {
    const url = new URL(path, 'http://sds');
    if (headers['apikey'] !== apiKey) return [401, { resourceType: 'OperationOutcome' }];
    const identifiers = url.searchParams.getAll('identifier');
    if (!identifiers.includes(`https://fhir.nhs.uk/Id/nhsServiceInteractionId|${interaction}`)) return [400, {}];
    const here = url.searchParams.get('organization') === 'https://fhir.nhs.uk/Id/ods-organization-code|M83001';
    if (url.pathname === '/fhir/Device') return bundle(here ? has().devices : []);
    const isOurs = identifiers.includes(`https://fhir.nhs.uk/Id/nhsMhsPartyKey|${partyKey}`);
    return url.pathname === '/fhir/Endpoint' ? bundle(here && isOurs ? has().endpoints : []) : [404, {}];
  });

  const wrong = (path: string, headers: Readonly<Record<string, unknown>>): string | undefined => {
    if (headers['ssp-from'] !== ourAsid) return 'unknown Ssp-From';
    if (headers['ssp-to'] !== practiceAsid) return 'unknown Ssp-To';
    if (headers['ssp-interactionid'] !== interaction) return 'unknown Ssp-InteractionID';
    if (!/^[0-9a-f-]{36}$/.test(text(headers['ssp-traceid']) ?? '')) return 'no Ssp-TraceID';
    if (path !== `/${practiceBase}/Patient/$gpc.getstructuredrecord`) return 'unknown endpoint';
    const { aud, iat, exp, reason_for_request: reason } = claimsOf(headers['authorization']);
    if (aud !== practiceBase) return 'aud';
    if (Number(exp) - Number(iat) !== 300 || Number(exp) < Date.now() / 1000) return 'exp';
    return reason === 'directcare' ? undefined : 'reason_for_request';
  };

  const proxy = createServer(
    { cert: own.cert, key: own.key, ca: authority.cert, requestCert: true, rejectUnauthorized: true },
    (request, response) => {
      const { url: path = '', headers, socket } = request;
      const why =
        socket instanceof TLSSocket && socket.authorized
          ? wrong(path, headers)
          : 'a certificate that is not of the Spine';
      if (why !== undefined) refused.push(why);
      proxied.push({ path, headers });
      request.resume();
      request.on('end', () =>
        response
          .writeHead(why === undefined ? 200 : 403, { 'content-type': 'application/fhir+json' })
          .end(JSON.stringify(why === undefined ? answer() : spineError('ASID_CHECK_FAILED'))),
      );
    },
  );
  let connections = 0;
  proxy.on('secureConnection', () => (connections += 1));
  proxy.on('tlsClientError', (error: NodeJS.ErrnoException) => refused.push(error.code ?? 'TLS'));
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  return {
    authority,
    directory,
    url: `https://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    proxied,
    refused,
    connections: () => connections,
    close: async () => {
      await directory.close();
      await new Promise<void>((done) => {
        proxy.closeAllConnections();
        proxy.close(() => done());
      });
    },
  };
}
