import { describe, expect, it } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { grantedScopes } from '../auth/scope.ts';
import { narrow } from '../disclosure/narrow.ts';
import { everyType, telling } from './every-type.testing.ts';
import { rowOf, routes, type RoleRow, type Share } from './role-matrix.testing.ts';

const { roles, clients } = await loadConfig('smart-config');
const rows = new Map<string, RoleRow>();
for (const { code } of roles) rows.set(code, await rowOf(roles, code));

const shareOf = (code: string, type: string): Share | undefined => rows.get(code)?.shares.get(type)?.get('search');
const some = (code: string, share: Share): readonly string[] =>
  [...(rows.get(code)?.shares.keys() ?? [])].filter((type) => shareOf(code, type) === share);

describe('each role, each type, each route', () => {
  it.each(roles.map(({ code, title }) => [code, title]))('%s %s gets the same by every route @119', (code) => {
    for (const [type, shares] of rows.get(code)?.shares ?? [])
      for (const route of routes)
        expect(`${type} ${route} ${shares.get(route)}`).toBe(`${type} ${route} ${shareOf(code, type)}`);
  });

  it.each(roles.map(({ code }) => code))('%s: what is granted says no more than what the facade gives', (code) => {
    const role = roles.find((one) => one.code === code);
    const asked = 'openid fhirUser launch patient/*.rs user/*.cruds';
    const granted = grantedScopes(asked, clients[0]?.scope ?? '', role?.scopes ?? []);
    const rights = { without: role?.without ?? {} };
    const all = [...everyType.values()].flat();
    expect(narrow(all, { ...rights, scopes: granted })).toEqual(narrow(all, { ...rights, scopes: role?.scopes ?? [] }));
  });
});

describe('the roles of the region', () => {
  it.each(['R8000', 'R8001', 'R8002', 'R8003', 'R8016', 'R8017', 'R8004'])('%s sees everything @144', (code) => {
    expect(some(code, 'all')).toEqual([...everyType.keys()]);
  });

  it.each(['R0001', 'R5105'])('%s sees no record @140', (code) => {
    expect(some(code, 'none')).toEqual([...everyType.keys()]);
  });

  it.each(['R8008', 'R8009', 'R8010'])(
    '%s gets the person’s details and appointments, and nothing clinical',
    (code) => {
      expect(some(code, 'all')).toEqual(['Patient', 'RelatedPerson']);
      expect(some(code, 'part')).toEqual(['Appointment', 'Location', 'Organization', 'Practitioner']);
    },
  );

  it.each(['R8008', 'R8009', 'R8010'])('%s reads nowhere what an appointment is for', (code) => {
    const texts = rows.get(code)?.texts ?? [];
    expect(texts.some((text) => text.includes('2026-12-01T10:00:00Z'))).toBe(true);
    expect(texts.some((text) => text.includes('Outpatients 4, level 2'))).toBe(true);
    expect(texts.some((text) => text.includes(telling))).toBe(false);
  });

  it('a pharmacist gets medicines, allergies and results, and of lists those alone', () => {
    const got = [...some('R1290', 'all'), ...some('R1290', 'part')];
    for (const type of ['MedicationRequest', 'MedicationStatement', 'AllergyIntolerance', 'DiagnosticReport'])
      expect(got).toContain(type);
    for (const type of [
      'Condition',
      'DocumentReference',
      'Encounter',
      'CarePlan',
      'Flag',
      'Composition',
      'Communication',
    ])
      expect(got).not.toContain(type);
    expect(shareOf('R1290', 'Observation')).toBe('part');
    expect(rows.get('R1290')?.texts.some((text) => /condition-0|observation-exam/.test(text))).toBe(false);
  });

  it('an ambulance clinician gets the summary and the plans, and no letters', () => {
    const got = [...some('R1070', 'all'), ...some('R1070', 'part')];
    for (const type of ['Condition', 'MedicationRequest', 'AllergyIntolerance', 'CarePlan', 'Consent', 'Flag'])
      expect(got).toContain(type);
    for (const type of ['Observation', 'DiagnosticReport', 'Procedure', 'Composition', 'QuestionnaireResponse'])
      expect(got).not.toContain(type);
    const texts = rows.get('R1070')?.texts ?? [];
    expect(texts.some((text) => text.includes('ReSPECT form'))).toBe(true);
    expect(texts.some((text) => text.includes('Discharge summary'))).toBe(false);
  });

  it.each(['R8014', 'R1330', 'R1340', 'R9570', 'R9590'])(
    '%s gets no detailed results and no notes, and keeps safety',
    (code) => {
      const got = [...some(code, 'all'), ...some(code, 'part')];
      for (const type of ['Flag', 'AllergyIntolerance', 'RiskAssessment', 'CarePlan', 'DetectedIssue'])
        expect(got).toContain(type);
      for (const type of [
        'DiagnosticReport',
        'Specimen',
        'ImagingStudy',
        'DocumentReference',
        'Composition',
        'ClinicalImpression',
        'Communication',
      ])
        expect(got).not.toContain(type);
      expect(shareOf(code, 'Condition')).toBe('part');
      expect(rows.get(code)?.texts.some((text) => text.includes('observation-laboratory'))).toBe(false);
    },
  );
});
