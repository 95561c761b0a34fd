import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { object, objects, text, texts } from '../../../src/fhir/json.ts';
import { source } from '../../disclosure/house.testing.ts';
import { openServer, type Answer, type Server } from './testing.ts';

const style = { color_background: '#edeae3', color_highlight: '#69b5ce', dim_font_size: '14px' };
let server: Server;
let launched: Answer;
/** Of a host with another style, whose encounters nobody can read. */
let elsewhere: Answer;
beforeAll(async () => {
  server = await openServer({
    host: { tenant: 'tenant-42', style },
    // A source of the host's own organisation: an encounter that is open there can be read.
    change: (config) => ({ ...config, sources: [...config.sources, source('host-system')] }),
  });
  const asked = { encounter: 'e1', intent: 'summary-view' };
  launched = await server.launched({}, asked);
  const other = await openServer({
    host: { style: { ...style, color_text: '#000000' } },
    change: (config) => ({ ...config, sources: [] }),
  });
  elsewhere = await other.launched({}, asked);
  await other.close();
});
afterAll(() => server.close());

const id = /^[A-Za-z0-9\-.]{1,64}$/;

describe('the capabilities', () => {
  it('are enough for clinicians who launch from an EHR (D-09) @346 @351', async () => {
    const found = texts((await server.discovered()).body['capabilities']);
    const wanted = [
      'launch-ehr',
      'context-ehr-patient',
      'context-ehr-encounter',
      'permission-user',
      'permission-patient',
    ];
    expect(found).toEqual(expect.arrayContaining(wanted));
    expect(found.some((one) => ['client-public', 'client-confidential-symmetric'].includes(one))).toBe(true);
  });

  it('are each one that this suite proves (D-10)', async () => {
    const proved = [
      'launch-ehr',
      'launch-standalone',
      'authorize-post',
      'client-public',
      'client-confidential-symmetric',
      'client-confidential-asymmetric',
      'sso-openid-connect',
      'context-banner',
      'context-style',
      'context-ehr-patient',
      'context-ehr-encounter',
      'context-standalone-patient',
      'permission-offline',
      'permission-online',
      'permission-patient',
      'permission-user',
      'permission-v1',
      'permission-v2',
    ];
    expect(proved).toEqual(expect.arrayContaining([...texts((await server.discovered()).body['capabilities'])]));
  });
});

describe('the encounter of a launch', () => {
  it('is a bare id (X-02) @171 @362', () => expect(launched.body['encounter']).toMatch(id));

  it('is told nowhere where it could not be read', () => expect(elsewhere.body).not.toHaveProperty('encounter'));
});

describe('the tenant of a launch', () => {
  it('is the host’s own opaque word, or none (X-10) @176', () => {
    expect(launched.body['tenant']).toBe('tenant-42');
    expect(elsewhere.body).not.toHaveProperty('tenant');
  });
});

describe('the style of a host', () => {
  it('lies at a URL that anybody may read, all of it texts (X-08) @175 @360', async () => {
    expect(texts((await server.discovered()).body['capabilities'])).toContain('context-style');
    const answer = await fetch(text(launched.body['smart_style_url']) ?? '', {
      headers: { origin: 'https://app.example' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(['*', 'https://app.example']).toContain(answer.headers.get('access-control-allow-origin'));
    expect(await answer.json()).toEqual(style);
  });

  it('has another URL when it changes (X-08) @175', () => {
    const [one, other] = [launched, elsewhere].map(
      ({ body }) => URL.parse(text(body['smart_style_url']) ?? '')?.pathname,
    );
    expect(one).toMatch(/^\//);
    expect(other).toMatch(/^\//);
    expect(other).not.toBe(one);
  });
});

describe('further context', () => {
  const role = 'https://ehr.example/role/medicines-at-home';
  const given = [
    { reference: 'List/medicines', role },
    { canonical: 'https://ehr.example/Questionnaire/admission|2', type: 'Questionnaire' },
    { identifier: { system: 'https://ehr.example/referral', value: '17' }, type: 'ServiceRequest' },
  ];

  it('is a list of things that SMART knows how to read (X-03, X-04, X-05, X-06) @172 @177 @178 @188 @190', async () => {
    const { context: _context, ...asked } = await contextOf();
    const items = objects(asked.body['fhirContext']);
    expect(items).toHaveLength(given.length);
    for (const item of items) {
      expect(['reference', 'canonical', 'identifier'].some((name) => name in item)).toBe(true);
      const reference = text(item['reference']);
      if (reference !== undefined) {
        expect(reference).toMatch(/^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/);
        if (/^(Patient|Encounter)\//.test(reference)) expect([undefined, 'launch']).not.toContain(item['role']);
      }
      if ('canonical' in item) expect(text(item['canonical'])).toMatch(/^http/);
      if ('identifier' in item) expect(object(item['identifier'])).toBeDefined();
      if ('role' in item) expect(item['role']).toBe(role);
    }
  });

  it('is repeated by a refresh and by introspection (X-11, I-03) @118 @277', async () => {
    const { body } = await contextOf();
    const renewed = (await server.refreshed(body['refresh_token'])).body;
    const seen = (await server.introspected(renewed['access_token'])).body;
    for (const name of ['fhirContext', 'encounter', 'tenant', 'smart_style_url', 'need_patient_banner', 'intent']) {
      expect(body, name).toHaveProperty(name);
      expect(renewed[name], name).toEqual(body[name]);
      expect(seen[name], name).toEqual(body[name]);
    }
  });

  /** A launch by a host that hands over more than a signed context can say, as a SMART host does. */
  async function contextOf() {
    const context = {
      ...(await server.verify(launched)).context,
      fhirContext: given,
    };
    const handle = await server.handles.issue(context);
    const answer = await server.authorize({ launch: handle });
    const { status, headers, body } = await server.tokenOf({ ...server.redeeming(answer), client_id: server.clientId });
    return { context, status, headers, body };
  }
});
