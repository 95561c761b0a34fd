import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { object, objects } from '../../../src/fhir/json.ts';
import { oidcArtefact } from '../../store/schema.ts';
import { openServer, type Answer, type Server } from './testing.ts';

let server: Server;
beforeAll(async () => {
  server = await openServer();
});
afterAll(() => server.close());

const patientOf = ({ body }: Answer): string => `Patient/${String(body['patient'])}`;

/** How many resources of each type a Bundle holds, outcomes apart. */
function typesIn({ body }: Answer): Readonly<Record<string, number>> {
  const types = objects(body['entry'])
    .map((entry) => String(object(entry['resource'])?.['resourceType']))
    .filter((type) => type !== 'OperationOutcome');
  return Object.fromEntries([...new Set(types)].map((type) => [type, types.filter((one) => one === type).length]));
}

/** Changes what the server remembers of the access token of a launch on this one scope. */
async function alterToken(scope: string, change: Record<string, unknown>): Promise<void> {
  for (const { idHash, model, payload } of await server.db.select().from(oidcArtefact)) {
    const held = payload as Record<string, unknown>;
    if (model !== 'AccessToken' || !String(held['scope']).includes(scope)) continue;
    await server.db
      .update(oidcArtefact)
      .set({ payload: { ...held, ...change } })
      .where(eq(oidcArtefact.idHash, idHash));
  }
}

describe('a request for data', () => {
  it('needs a token (P-01) @247', async () => {
    const { status, headers, body } = await server.fhir('Patient/1');
    expect([status, body['resourceType']]).toEqual([401, 'OperationOutcome']);
    expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it('needs it in the header, as a Bearer token (P-01)', async () => {
    const launched = await server.launched();
    const token = String(launched.body['access_token']);
    expect((await server.fhir(`${patientOf(launched)}?access_token=${token}`)).status).toBe(401);
    expect((await server.fhir(patientOf(launched), undefined, { authorization: token })).status).toBe(401);
    expect((await server.fhir(patientOf(launched), undefined, { authorization: `Basic ${token}` })).status).toBe(401);
    expect((await server.fhir(patientOf(launched), token)).status).toBe(200);
  });

  it('is answered with a token that stands, and no longer (P-02) @77 @94 @265', async () => {
    const launched = await server.launched({ scope: 'launch patient/Patient.rs patient/Goal.rs' });
    expect((await server.fhir(patientOf(launched), launched.body['access_token'])).status).toBe(200);
    await alterToken('Goal', { exp: Math.floor(Date.now() / 1000) - 61 });
    const late = await server.fhir(patientOf(launched), launched.body['access_token']);
    expect(late.status).toBe(401);
    expect(late.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  });

  it('is not answered with a token for another server (P-03) @96', async () => {
    const launched = await server.launched({ scope: 'launch patient/Patient.rs patient/Flag.rs' });
    await alterToken('Flag', { aud: 'https://other.example/fhir' });
    expect((await server.fhir(patientOf(launched), launched.body['access_token'])).status).toBe(401);
  });

  it('is not answered with any other thing that the server gave (P-03)', async () => {
    const { to } = await server.authorize();
    const launched = await server.launched();
    for (const other of [to.get('code'), launched.body['refresh_token'], launched.body['id_token']])
      expect((await server.fhir(patientOf(launched), other)).status).toBe(401);
  });

  it('is answered only where a scope covers it (P-04) @95 @243 @266', async () => {
    const launched = await server.launched({ scope: 'launch patient/Condition.rs' });
    const { status, body } = await server.fhir(patientOf(launched), launched.body['access_token']);
    expect([status, body['resourceType']]).toEqual([403, 'OperationOutcome']);
  });
});

describe('a request for what the server does not have', () => {
  it.each(['NoSuchType/1', 'Slot/1', 'Patient/1/$no-such-operation'])('fails: %s (B-15) @244', async (path) => {
    const { status, body } = await server.fhir(path, (await server.launched()).body['access_token']);
    expect([400, 403, 404]).toContain(status);
    expect(body['resourceType']).toBe('OperationOutcome');
  });
});

describe('a patient/ scope', () => {
  it('reaches the person of the launch and nobody else (P-05) @136 @367', async () => {
    const launched = await server.launched();
    const token = launched.body['access_token'];
    const other = `Patient/${server.patientId('9990000042')}`;
    expect((await server.fhir(patientOf(launched), token)).status).toBe(200);
    for (const path of [
      other,
      `${other}/$everything`,
      'Patient/9990000042',
      `Patient?_id=${other.slice(8)}`,
      `Condition?patient=${other}`,
      `Observation?subject=${other}`,
    ]) {
      const { status, body } = await server.fhir(path, token);
      if (status === 200) expect(typesIn({ status, body, headers: new Headers() }), path).toEqual({});
      else expect([400, 403, 404], path).toContain(status);
      expect(JSON.stringify(body), path).not.toContain('1970-01-02');
    }
  });

  it('for everything brings everything that there is, within the role (P-12) @144', async () => {
    const launched = await server.launched({ scope: 'launch patient/*.rs' });
    const all = await server.fhir(`${patientOf(launched)}/$everything`, launched.body['access_token']);
    expect(all.status).toBe(200);
    expect(typesIn(all)).toEqual({ Patient: 1, Condition: 2, Observation: 2 });
    const desk = await server.launched({ scope: 'launch patient/*.rs' }, { sub: 'desk', role: 'R8009' });
    const less = await server.fhir(`${patientOf(desk)}/$everything`, desk.body['access_token']);
    expect(typesIn(less)).toEqual({ Patient: 1 });
  });

  it('for some types brings those alone (N-15) @95 @266', async () => {
    const launched = await server.launched({ scope: 'launch patient/Patient.rs patient/Observation.rs' });
    const some = await server.fhir(`${patientOf(launched)}/$everything`, launched.body['access_token']);
    expect(typesIn(some)).toEqual({ Patient: 1, Observation: 2 });
  });

  it.each([
    ['patient/Observation.read', { Patient: 1, Observation: 2 }],
    ['patient/Observation.write', { Patient: 1 }],
    ['patient/Observation.*', { Patient: 1, Observation: 2 }],
    ['patient/Observation.cud', { Patient: 1 }],
  ])('%s lets its holder read what its letters say (P-09, P-14) @128 @369', async (scope, expected) => {
    const launched = await server.launched({ scope: `launch patient/Patient.rs ${scope}` });
    const all = await server.fhir(`${patientOf(launched)}/$everything`, launched.body['access_token']);
    expect(typesIn(all)).toEqual(expected);
  });
});

describe('a user/ scope', () => {
  it('gives the user what is theirs, and no other user’s (P-08) @140 @368', async () => {
    const scope = 'openid fhirUser launch user/Practitioner.r';
    const [own, others] = [
      await server.launched({ scope }),
      await server.launched({ scope }, { sub: 'somebody-else' }),
    ];
    const userOf = async (one: Answer): Promise<string> =>
      String((await server.introspected(one.body['access_token'])).body['fhirUser']);
    expect((await server.fhir(await userOf(own), own.body['access_token'])).status).toBe(200);
    expect([403, 404]).toContain((await server.fhir(await userOf(others), own.body['access_token'])).status);
    const without = await server.launched({ scope: 'openid fhirUser launch patient/*.rs' });
    expect((await server.fhir(await userOf(without), without.body['access_token'])).status).toBe(403);
  });
});

describe('a read-only server (P-13)', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('takes no %s', async (method) => {
    const launched = await server.launched({ scope: 'launch patient/*.cruds' });
    const answer = await fetch(`${server.base}/fhir/${patientOf(launched)}`, {
      method,
      headers: {
        authorization: `Bearer ${String(launched.body['access_token'])}`,
        'content-type': 'application/fhir+json',
      },
      ...(method === 'DELETE' ? {} : { body: '{"resourceType":"Patient"}' }),
    });
    expect([400, 403, 404, 405]).toContain(answer.status);
  });

  it('answers an entry of a batch no further than its scopes reach (P-06) @130', async () => {
    const launched = await server.launched();
    const answer = await fetch(`${server.base}/fhir`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${String(launched.body['access_token'])}`,
        'content-type': 'application/fhir+json',
      },
      body: JSON.stringify({
        resourceType: 'Bundle',
        type: 'batch',
        entry: [{ request: { method: 'GET', url: `Patient/${server.patientId('9990000042')}` } }],
      }),
    });
    const bundle: unknown = await answer.json();
    expect(bundle).toMatchObject({ type: 'batch-response', entry: [{ response: { status: '404 Not Found' } }] });
    expect(JSON.stringify(bundle)).not.toContain('1970-01-02');
  });
});
