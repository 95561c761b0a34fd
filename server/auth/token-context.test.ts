import { describe, expect, test } from 'vitest';
import { hostSchema, type Host } from '../config/schema.ts';
import { loadConfig } from '../config/config.ts';
import { createFacadeIds } from '../federation/facade-id.ts';
import type { LaunchContext } from '../launch/context.ts';
import { styleNamed } from './style.ts';
import { launchView, tokenContext } from './token-context.ts';

const shipped = await loadConfig('smart-config');
const ids = createFacadeIds(Buffer.alloc(32, 7));
const baseUrl = 'https://record.example';
const smart = (more: object = {}): Host =>
  hostSchema.parse({
    id: 'ashgrove',
    name: 'Ashgrove EPR',
    organisation: 'RZZ',
    door: 'smart',
    roles: ['R8000'],
    iss: 'https://ashgrove.example/fhir',
    clientId: 'ohc',
    clientAuth: 'none',
    recordAsSource: true,
    tenant: 'north',
    style: { color_highlight: '#005eb8' },
    ...more,
  });
const context: LaunchContext = {
  host: 'ashgrove',
  user: { id: 'u1', name: 'Dr Test' },
  organisation: { ods: 'RZZ', name: 'Ashgrove' },
  role: 'R8000',
  clientId: 'viewer',
  encounter: 'e1',
};
const patient = { nhsNumber: '9990000018', birthDate: '1961-04-17' };
const hostRecord = { patientId: 'p7', tokens: 't1' };
const told = (about: Partial<LaunchContext>, host: Host = smart(), scopes: readonly string[] = ['patient/*.rs']) =>
  tokenContext({ config: { ...shipped, hosts: [host] }, baseUrl, ids }, { ...context, ...about }, scopes);

describe('the launch context that a client is told', () => {
  test('a person with a number: by it, with the encounter of the host’s record @170 @171 @176', () => {
    expect(told({ patient, hostRecord })).toMatchObject({
      patient: ids.patient('9990000018'),
      encounter: ids.of('host-ashgrove', 'Encounter', 'e1'),
      tenant: 'north',
      need_patient_banner: true,
    });
  });

  test('a person without: by the host’s own Patient', () => {
    expect(told({ hostRecord })).toMatchObject({
      patient: ids.of('host-ashgrove', 'Patient', 'p7'),
      encounter: ids.of('host-ashgrove', 'Encounter', 'e1'),
    });
  });

  test('an encounter and things that the facade could not answer are left out', () => {
    const fhirContext = [{ reference: 'ImagingStudy/1' }, { canonical: 'https://x.example/Questionnaire/1' }];
    const without = told({ patient, fhirContext }, smart({ recordAsSource: false }));
    expect(without).not.toHaveProperty('encounter');
    expect(without.fhirContext).toEqual([fhirContext[1]]);
    expect(told({ patient, hostRecord, fhirContext }).fhirContext).toEqual([
      { reference: `ImagingStudy/${ids.of('host-ashgrove', 'ImagingStudy', '1')}` },
      fhirContext[1],
    ]);
  });

  test('nobody, where no scope is on the person', () => {
    const nobody = told({ patient, hostRecord }, smart(), ['user/Practitioner.r']);
    expect(nobody).not.toHaveProperty('patient');
    expect(nobody).not.toHaveProperty('encounter');
  });

  test('the host’s style stands under an address that changes with it @175', () => {
    const name = (host: Host): string => told({ patient }, host).smart_style_url?.split('/').at(-1) ?? '';
    const [one, other] = [smart(), smart({ style: { color_highlight: '#00703c' } })];
    expect(name(one)).toMatch(/^ashgrove-[0-9a-f]{16}\.json$/);
    expect(name(one)).not.toBe(name(other));
    expect(styleNamed([one], name(one))).toEqual({ color_highlight: '#005eb8' });
    expect(styleNamed([one], name(other))).toBeUndefined();
    expect(told({ patient }, smart({ style: undefined }))).not.toHaveProperty('smart_style_url');
  });
});

test.each([
  { showsBanner: true, said: undefined, needed: false },
  { showsBanner: false, said: undefined, needed: true },
  { showsBanner: true, said: true, needed: true },
  { showsBanner: false, said: false, needed: false },
])(
  'what a host says of one launch ($said) goes before what its entry says of all ($showsBanner) @173',
  ({ showsBanner, said, needed }) => {
    const about = { patient, ...(said === undefined ? {} : { needsBanner: said }) };
    expect(told(about, smart({ showsBanner })).need_patient_banner).toBe(needed);
  },
);

test('the viewer is told of a first time, and of no other', () => {
  const of = (about: Partial<LaunchContext>) => launchView({ ...shipped, hosts: [smart()] }, { ...context, ...about });
  expect(of({ firstTime: true })).toMatchObject({ firstTime: true });
  expect(of({})).not.toHaveProperty('firstTime');
});

describe('what the viewer is told of the host’s record', () => {
  const view = (about: Partial<LaunchContext>, host: Host = smart()) =>
    launchView({ ...shipped, hosts: [host] }, { ...context, ...about });

  test('its chip where it joins, and that it is all there is', () => {
    expect(view({ patient, hostRecord }).hostSource).toMatchObject({ id: 'host-ashgrove', label: 'RZZ' });
    expect(view({ patient, hostRecord })).not.toHaveProperty('hostAlone');
    expect(view({ hostRecord })).toMatchObject({ hostSource: { id: 'host-ashgrove' }, hostAlone: true });
  });

  test('nothing where it does not join, or the organisation is a source already', () => {
    expect(view({ patient })).not.toHaveProperty('hostSource');
    expect(view({ patient, hostRecord }, smart({ organisation: 'RJE' }))).not.toHaveProperty('hostSource');
  });
});
