import { randomUUID } from 'node:crypto';
import { system } from '../../../src/fhir/systems.ts';
import { nhsSystem, person, standIn, type StandIn } from '../stand-in.ts';
import { createTokenEndpoint, type Registration } from './token-endpoint.testing.ts';

/** The demographics service behind NHS England's API platform, and what it saw. */
export type Platform = StandIn & {
  readonly tokenUrl: string;
  readonly token: ReturnType<typeof createTokenEndpoint>;
  /** Headers of the requests to the service itself, in order. */
  readonly headers: Readonly<Record<string, unknown>>[];
  readonly takeBack: () => void;
};

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const outcome = (status: number, code: string, diagnostics: string): [number, object] => [
  status,
  {
    resourceType: 'OperationOutcome',
    issue: [{ severity: 'error', code: 'structure', details: { coding: [{ code }] }, diagnostics }],
  },
];

/**
 * Starts it. It gives tokens as the platform's gateway does (`expires_in` in digits) and refuses a request without a
 * token that counts (401), without `X-Request-ID` as a UUID that it has not seen, or without the ODS code of the
 * organisation that asks (400).
 */
export async function openPlatform(registration: Registration): Promise<Platform> {
  const token = createTokenEndpoint(registration);
  const good = new Set<string>();
  const seen = new Set<string>();
  const headers: Readonly<Record<string, unknown>>[] = [];
  const about = { tokenUrl: '' };
  const server = await standIn((request, response) => {
    if (request.path === '/oauth2/token') {
      const give = async (): Promise<void> => {
        const [status, body] = await token.answer(about.tokenUrl, request.body, () => {
          const made = randomUUID();
          good.add(made);
          return { access_token: made, expires_in: '599', token_type: 'Bearer', issued_at: String(Date.now()) };
        });
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      };
      return void give();
    }
    headers.push(request.headers);
    const [, bearer = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (!good.has(bearer)) return outcome(401, 'ACCESS_DENIED', 'Invalid Access Token');
    const id = String(request.headers['x-request-id'] ?? '');
    if (!uuid.test(id)) return outcome(400, 'MISSING_VALUE', "Missing value - 'X-Request-ID'");
    if (seen.has(id)) return outcome(400, 'INVALID_VALUE', 'Invalid value - X-Request-ID was used');
    seen.add(id);
    if (!/^[A-Z0-9]{2,12}$/.test(String(request.headers['nhsd-end-user-organisation-ods'] ?? '')))
      return outcome(400, 'MISSING_VALUE', "Missing value - 'NHSD-End-User-Organisation-ODS'");
    return {
      resourceType: 'Patient',
      id: person.nhsNumber,
      meta: { security: [{ system: system.confidentiality, code: 'U' }] },
      identifier: [{ system: nhsSystem, value: person.nhsNumber }],
      gender: 'female',
      birthDate: person.birthDate,
    };
  });
  about.tokenUrl = new URL('/oauth2/token', server.url).href;
  return { ...server, tokenUrl: about.tokenUrl, token, headers, takeBack: () => good.clear() };
}
