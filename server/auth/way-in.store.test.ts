import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { people } from '../launch/testing.ts';
import { faultOf, openWayIn, type WayIn } from './testing.ts';

describe('the way in', () => {
  let way: WayIn;
  beforeAll(async () => {
    way = await openWayIn();
  });
  afterAll(() => way.close());

  it('leads a new user through name and role to a token, and a known one straight there', async () => {
    const first = await way.launch();
    expect(first.status).toBe(200);
    const page = await first.text();
    expect(page).toContain('Tell us who you are');
    const filled = await way.fillIn(page);
    expect(filled.status).toBe(303);
    const to = new URL(filled.headers.get('location') ?? '', way.base);
    expect(to.pathname).toBe('/app/launch');
    expect(to.searchParams.get('iss')).toBe(`${way.base}/fhir`);

    const session = await way.session();
    expect(session.body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 300,
      patient: way.patientId(people.ashby.nhsNumber),
      need_patient_banner: false,
    });
    const { context, scopes } = await way.verify(session);
    expect(context).toMatchObject({ role: 'R8000', patient: people.ashby });
    expect(scopes).toContain('patient/*.rs');
    expect(await faultOf(way.authorization.verify(undefined))).toBe('token-missing');
  });
});
