import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openServer, type Server } from './testing.ts';

let server: Server;
const app = 'https://chart.example';
beforeAll(async () => {
  server = await openServer({ apps: [{ clientId: 'chart' }] });
});
afterAll(() => server.close());

describe('a preflight', () => {
  it.each([
    ['/auth/token', 'POST'],
    ['/auth/token/introspection', 'POST'],
    ['/auth/token/revocation', 'POST'],
    ['/fhir/Patient/1', 'GET'],
    ['/fhir/Patient/1/$everything', 'GET'],
  ])('of %s is answered (C-05) @17', async (path, method) => {
    const { status, headers } = await fetch(`${server.base}${path}`, {
      method: 'OPTIONS',
      headers: {
        origin: app,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,content-type',
      },
    });
    expect([200, 204]).toContain(status);
    expect(['*', app]).toContain(headers.get('access-control-allow-origin'));
    expect(headers.get('access-control-allow-methods')).toContain(method);
    const allowed = (headers.get('access-control-allow-headers') ?? '').toLowerCase().split(/,\s*/);
    expect(allowed).toEqual(expect.arrayContaining(['authorization', 'content-type']));
    expect(Number(headers.get('access-control-max-age'))).toBeGreaterThan(0);
  });
});

describe('the origin of a registered app', () => {
  it('reads its tokens (C-03) @17', async () => {
    const answer = await server.authorize({ scope: 'launch patient/*.rs' }, {}, 'chart');
    const form = { ...server.redeeming(answer, 'chart'), client_id: 'chart' };
    const { status, headers } = await server.tokenOf(form, { origin: app });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, app]);
    expect(headers.get('vary')?.toLowerCase()).toContain('origin');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('reads the errors of the token endpoint (C-07) @17', async () => {
    const form = { grant_type: 'refresh_token', refresh_token: 'none', client_id: 'chart' };
    const { status, headers } = await server.tokenOf(form, { origin: app });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([400, app]);
  });

  it.each([
    ['no token', undefined, 'Patient/1', 401],
    ['a bad token', 'bad', 'Patient/1', 401],
    ['another person', 'good', 'Patient/1', 404],
    ['a type that is not there', 'good', 'NoSuchType/1', 404],
  ])('reads the errors of the FHIR server: %s (C-07, C-08) @17', async (_name, kind, path, expected) => {
    const token = kind === 'good' ? (await server.launched()).body['access_token'] : kind;
    const { status, headers, body } = await server.fhir(path, token, { origin: app });
    expect([status, body['resourceType']]).toEqual([expected, 'OperationOutcome']);
    expect(headers.get('access-control-allow-origin')).toBe(app);
    expect(headers.get('vary')?.toLowerCase()).toContain('origin');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });
});

describe('an origin that nobody registered', () => {
  it('gets no token (C-06) @17', async () => {
    const answer = await server.authorize({ scope: 'launch patient/*.rs' }, {}, 'chart');
    const form = { ...server.redeeming(answer, 'chart'), client_id: 'chart' };
    const { status, headers, body } = await server.tokenOf(form, { origin: 'https://evil.example' });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([400, null]);
    expect(body).not.toHaveProperty('access_token');
  });

  it('reads nothing of the FHIR server (C-06) @17', async () => {
    const { headers } = await server.fhir('Patient/1', undefined, { origin: 'https://evil.example' });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });
});
