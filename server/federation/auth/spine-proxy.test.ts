import { afterEach, describe, expect, test, vi } from 'vitest';
import { issueCertificate, type Issued } from '../../config/certificate.testing.ts';
import type { ClientCertificate } from '../../config/client-certificate.ts';
import type { Federation, SourceAnswer } from '../answer.ts';
import { createHttp } from '../http.ts';
import { asker, federationOf, gathered, patientOf, person, sourceOf } from '../stand-in.ts';
import { gpConnectJwt } from './gp-connect-jwt.ts';
import { loggedTo } from './log.testing.ts';
import {
  apiKey,
  claimsOf,
  interaction,
  listed,
  openSpine,
  ourAsid,
  practiceAsid,
  practiceBase,
  type Listed,
  type Spine,
} from './spine.testing.ts';

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const one of open.splice(0).toReversed()) await one.close();
});

const hourMs = 3_600_000;
const record = (): object => ({
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    { resource: patientOf('gp') },
    {
      resource: {
        resourceType: 'Condition',
        id: 'c1',
        clinicalStatus: 'active',
        code: { text: 'Asthma' },
        // By its own address, as the practice knows itself behind the proxy.
        subject: { reference: `${practiceBase}/Patient/gp` },
      },
    },
  ],
});

function certificateOf(authority: Issued, issued: Issued, more: Partial<ClientCertificate> = {}): ClientCertificate {
  const now = Date.now();
  const tls = { cert: issued.cert, key: issued.key, ca: authority.cert };
  return { tls, startsAt: now - hourMs, endsAt: now + hourMs, ...more };
}

type Region = {
  readonly federation: Federation;
  readonly spine: Spine;
  readonly logged: readonly string[];
  /** Changes the certificate that is in use. */
  readonly use: (certificate: ClientCertificate | undefined) => void;
};

async function region(
  more: {
    readonly has?: () => Listed;
    readonly asid?: string;
    readonly key?: string | undefined;
    readonly certificate?: (authority: Issued) => ClientCertificate | undefined;
    readonly practices?: object;
  } = {},
): Promise<Region> {
  const spine = await openSpine(record, more.has);
  const given =
    more.certificate ?? ((authority) => certificateOf(authority, issueCertificate('ohc', { issuer: authority })));
  const inUse = { certificate: given(spine.authority) };
  const { log, logged } = loggedTo();
  const gp = sourceOf({
    id: 'gp',
    kind: 'gp-connect',
    setting: 'gp',
    label: 'GP',
    baseUrl: spine.url,
    auth: {
      type: 'spine-proxy',
      asid: more.asid ?? ourAsid,
      certificate: 'spine.crt',
      key: 'spine.key',
      ca: 'spine-ca.pem',
      directory: { baseUrl: spine.directory.url, apiKeyEnv: 'SDS_KEY' },
    },
    practices: {
      M83001: { name: 'Etruria Vale Surgery', sharing: true },
      M83009: { name: 'Elsewhere', sharing: true },
    },
  });
  const federation = federationOf([gp], undefined, {
    credentials: {
      keys: [],
      certificates: { of: (id) => (id === 'gp' ? inUse.certificate : undefined) },
      env: { SDS_KEY: 'key' in more ? more.key : apiKey },
    },
    log,
  });
  open.push(spine, federation);
  return { federation, spine, logged, use: (certificate) => void (inUse.certificate = certificate) };
}
const answerOf = async (federation: Federation, practice = 'M83001'): Promise<SourceAnswer | undefined> =>
  (await gathered(federation, { ...person, practice })).get('gp');

describe('the Spine of these tests refuses what the real one refuses', () => {
  const good = {
    authorization: `Bearer ${gpConnectJwt(asker, practiceBase, 'http://localhost:3000', Math.floor(Date.now() / 1000))}`,
    'ssp-traceid': asker.traceId,
    'ssp-from': ourAsid,
    'ssp-to': practiceAsid,
    'ssp-interactionid': interaction,
  };
  test.each<[string, Record<string, string>, string | undefined]>([
    ['nothing that is right', {}, undefined],
    ['our system unknown', { 'ssp-from': '200000000000' }, 'unknown Ssp-From'],
    ['an ODS code for the practice’s system', { 'ssp-to': 'M83001' }, 'unknown Ssp-To'],
    ['another interaction', { 'ssp-interactionid': 'urn:other' }, 'unknown Ssp-InteractionID'],
    ['no trace id', { 'ssp-traceid': '' }, 'no Ssp-TraceID'],
    ['another audience', { authorization: `Bearer ${gpConnectJwt(asker, 'https://x', 'y', 1)}` }, 'aud'],
    ['a JWT of long ago', { authorization: `Bearer ${gpConnectJwt(asker, practiceBase, 'y', 1)}` }, 'exp'],
  ])('%s', async (_what, spoilt, why) => {
    const spine = await openSpine(record);
    const http = createHttp();
    open.push(spine, http);
    const answer = await http.request({
      address: practiceBase,
      method: 'POST',
      url: `${spine.url}/${practiceBase}/Patient/$gpc.getstructuredrecord`,
      headers: { ...good, ...spoilt },
      body: '{}',
      tls: certificateOf(spine.authority, issueCertificate('ohc', { issuer: spine.authority })).tls,
      signal: AbortSignal.timeout(2_000),
    });
    expect([answer.status, spine.refused]).toEqual(why === undefined ? [200, []] : [403, [why]]);
  });
});

describe('a practice behind the Spine Secure Proxy', () => {
  test('is looked up and asked there, with both systems’ ids and the user’s own JWT', async () => {
    const { federation, spine } = await region();
    const answer = await answerOf(federation);
    expect(spine.refused).toEqual([]);
    expect(answer).toMatchObject({ status: 'complete', practiceConsent: 'answered', origin: { ods: 'M83001' } });
    expect(answer?.resources.map((one) => one.resourceType)).toEqual(['Condition']);
    const [proxied] = spine.proxied;
    expect(proxied?.path).toBe(`/${practiceBase}/Patient/$gpc.getstructuredrecord`);
    expect(proxied?.headers).toMatchObject({
      'ssp-from': ourAsid,
      'ssp-to': practiceAsid,
      'ssp-traceid': asker.traceId,
    });
    expect(claimsOf(proxied?.headers['authorization'])).toMatchObject({
      sub: 'dr-1',
      aud: practiceBase,
      requesting_organization: { identifier: [{ value: 'RJE' }] },
      requesting_practitioner: {
        id: 'dr-1',
        identifier: [{ value: 'UNK' }, { value: 'UNK' }, { value: 'dr-1' }, { value: 'R8000' }],
      },
    });
  });

  test('is looked up once an hour, whoever asks and however many at once', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { federation, spine, use } = await region();
    await Promise.all([answerOf(federation), answerOf(federation)]);
    await answerOf(federation);
    expect(spine.directory.asked.map((line) => new URL(line.split(' ')[1] ?? '', 'http://x').pathname)).toEqual([
      '/fhir/Device',
      '/fhir/Endpoint',
    ]);
    vi.setSystemTime(Date.now() + hourMs);
    use(
      certificateOf(
        spine.authority,
        issueCertificate('ohc', { issuer: spine.authority, until: new Date(Date.now() + hourMs) }),
      ),
    );
    await answerOf(federation);
    expect(spine.directory.asked).toHaveLength(4);
  });

  test('is asked over connections of before, as long as the certificate is the same', async () => {
    const { federation, spine } = await region();
    for (let time = 0; time < 6; time += 1) await answerOf(federation);
    expect(spine.proxied).toHaveLength(6);
    // The pool may open a second one while it takes leave of the first; never one a request.
    expect(spine.connections()).toBeLessThanOrEqual(2);
  });

  const none: Listed = { devices: [], endpoints: [] };
  test.each<[string, Parameters<typeof region>[0], string]>([
    ['its directory does not know our API key', { key: 'wrong' }, 'gave no Device: status 401'],
    ['there is no API key', { key: undefined }, 'no API key'],
    ['its directory lists nothing', { has: () => none }, 'lists no system'],
    ['its system has no address', { has: () => ({ ...listed, endpoints: [] }) }, 'lists no system'],
    [
      'its address is not over TLS',
      { has: () => ({ ...listed, endpoints: [{ resourceType: 'Endpoint', address: 'http://gp.example.nhs.uk/x' }] }) },
      'lists no system',
    ],
    [
      'its address is not in use',
      { has: () => ({ ...listed, endpoints: [{ ...listed.endpoints[0], status: 'off' }] }) },
      'lists no system',
    ],
    ['the proxy does not know our system', { asid: '200000000000' }, 'status 403, no record'],
    ['there is no client certificate', { certificate: () => undefined }, 'no client certificate'],
  ])('cannot be reached where %s, and the log says why', async (_what, more, why) => {
    const { federation, logged } = await region(more);
    expect(await answerOf(federation)).toMatchObject({ status: 'unavailable', practiceConsent: 'unreachable' });
    expect(logged.join('')).toContain(why);
  });

  test('of two systems that one organisation has, the one with an address is asked', async () => {
    const old = {
      resourceType: 'Device',
      identifier: [
        { system: 'https://fhir.nhs.uk/Id/nhsSpineASID', value: '111111111111' },
        { system: 'https://fhir.nhs.uk/Id/nhsMhsPartyKey', value: 'M83001-000000' },
      ],
    };
    const { federation } = await region({ has: () => ({ ...listed, devices: [old, ...listed.devices] }) });
    expect((await answerOf(federation))?.status).toBe('complete');
  });

  test('that the directory does not list keeps nothing from the others', async () => {
    const { federation } = await region();
    expect((await answerOf(federation, 'M83009'))?.status).toBe('unavailable');
    expect((await answerOf(federation))?.status).toBe('complete');
  });
});

describe('the client certificate', () => {
  test('of another authority opens nothing', async () => {
    const stranger = issueCertificate('Another authority');
    const { federation, spine } = await region({
      certificate: (authority) => certificateOf(authority, issueCertificate('ohc', { issuer: stranger })),
    });
    expect((await answerOf(federation))?.status).toBe('unavailable');
    expect(spine.refused.length).toBeGreaterThan(0);
    expect(spine.proxied).toEqual([]);
  });

  test('is shown to nobody whose own is not of the authorities that are named', async () => {
    const { federation, spine } = await region({
      certificate: (authority) =>
        certificateOf(issueCertificate('Another authority'), issueCertificate('ohc', { issuer: authority })),
    });
    expect((await answerOf(federation))?.status).toBe('unavailable');
    expect(spine.proxied).toEqual([]);
  });

  test.each([
    ['is past its end', { endsAt: Date.now() - 1 }],
    ['does not count yet', { startsAt: Date.now() + hourMs }],
  ])('that %s is not shown, and nobody is asked', async (what, span) => {
    const { federation, spine, logged } = await region({
      certificate: (authority) => certificateOf(authority, issueCertificate('ohc', { issuer: authority }), span),
    });
    expect(await answerOf(federation)).toMatchObject({ status: 'unavailable', practiceConsent: 'unreachable' });
    expect([spine.directory.asked, spine.proxied]).toEqual([[], []]);
    expect(logged.join('')).toContain(`the client certificate ${what}`);
  });

  test('that was renewed is used from the next request on', async () => {
    const { federation, spine, use } = await region();
    expect((await answerOf(federation))?.status).toBe('complete');
    const stranger = issueCertificate('Another authority');
    use(certificateOf(spine.authority, issueCertificate('ohc', { issuer: stranger })));
    expect((await answerOf(federation))?.status).toBe('unavailable');
    use(certificateOf(spine.authority, issueCertificate('ohc', { issuer: spine.authority })));
    expect((await answerOf(federation))?.status).toBe('complete');
  });

  test('and the API key and the JWT leave no trace in the log', async () => {
    const { federation, spine, logged, use } = await region();
    await answerOf(federation);
    use(certificateOf(spine.authority, issueCertificate('ohc', { issuer: issueCertificate('Another') })));
    await answerOf(federation);
    const wrong = await region({ key: 'wrong-sds-key' });
    await answerOf(wrong.federation);
    const all = [...logged, ...wrong.logged].join('');
    expect(all).toContain('source asked');
    expect(all).not.toMatch(/eyJ|BEGIN|sds-key|Bearer/);
  });
});
