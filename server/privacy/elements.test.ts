import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/resource.ts';
import { loadConfig } from '../config/config.ts';
import { createWithholding } from './withhold.ts';

const { categories } = await loadConfig('smart-config');
const withhold = createWithholding(categories);
const at = (reference: string) => ({ reference });
const sensitive = { coding: [{ system: 'http://snomed.info/sct', code: '15628003' }] };
const visit: Resource = { resourceType: 'Encounter', id: 'w', type: [sensitive] };

/** What is left of the resource with id `x`, beside others. */
function left(resource: object, ...others: readonly Resource[]): Resource | undefined {
  const whole: Resource = { resourceType: 'Basic', ...resource, id: 'x' };
  return withhold([whole, ...others]).find((one) => one['id'] === 'x');
}

describe('the parts that elements play', () => {
  it.each(['HealthcareService', 'Location', 'Organization', 'PractitionerRole', 'CareTeam'])(
    'a withheld %s takes with it what it made or gave',
    (resourceType) => {
      const service: Resource = { resourceType, id: 's', type: [sensitive] };
      expect(left({ performer: [at(`${resourceType}/s`)] }, service)).toBeUndefined();
      expect(left({ focus: [at(`${resourceType}/s`)] }, service)).toEqual({ resourceType: 'Basic', id: 'x' });
    },
  );

  it.each(['Practitioner', 'Device', 'Patient'])('a withheld %s takes nothing with it', (resourceType) => {
    const other: Resource = { resourceType, id: 's', type: [sensitive] };
    expect(left({ performer: [at(`${resourceType}/s`)] }, other)).toEqual({ resourceType: 'Basic', id: 'x' });
  });

  it.each([
    'serviceProvider',
    'managingOrganization',
    'careManager',
    'custodian',
    'author',
    'performer',
    'requester',
    'recorder',
    'asserter',
    'informationSource',
    'sender',
    'owner',
    'provider',
    'providedBy',
    'organization',
    'healthcareService',
    'location',
    'locationReference',
    'actor',
    'individual',
  ])('%s names who made or gave a thing, at the root and below', (element) => {
    const place: Resource = { resourceType: 'Location', id: 's', name: 'GUM clinic' };
    expect(left({ [element]: at('Location/s') }, place)).toBeUndefined();
    expect(left({ part: [{ [element]: [at('Location/s')] }] }, place)).toBeUndefined();
    expect(left({ [element]: { display: 'GUM clinic' } })).toBeUndefined();
  });

  it.each([
    ...[
      'HealthcareService',
      'Location',
      'Organization',
      'PractitionerRole',
      'CareTeam',
      'Practitioner',
      'RelatedPerson',
    ],
    ...['Medication', 'Substance', 'Device', 'Specimen', 'Binary', 'Media'],
  ])('a %s that only something withheld pointed at goes, and one that others need stays', (resourceType) => {
    const pointing: Resource = { ...visit, extension: [{ url: 'u', valueReference: at(`${resourceType}/x`) }] };
    expect(left({ resourceType }, pointing)).toBeUndefined();
    expect(left({ resourceType })).toBeDefined();
    expect(
      left({ resourceType }, pointing, { resourceType: 'Basic', id: 'b', focus: at(`${resourceType}/x`) }),
    ).toBeDefined();
  });

  it('an Observation that only something withheld pointed at stays', () => {
    expect(left({ resourceType: 'Observation' }, { ...visit, focus: [at('Observation/x')] })).toBeDefined();
  });

  it.each<[string, object, Resource]>([
    [
      'MedicationDispense',
      { reasonReference: [at('Condition/w')] },
      { resourceType: 'Condition', id: 'w', code: sensitive },
    ],
    [
      'Medication',
      { ingredient: [{ itemReference: at('Substance/w') }] },
      { resourceType: 'Substance', id: 'w', code: sensitive },
    ],
  ])('a %s hangs on its own', (resourceType, members, whole) => {
    expect(left({ resourceType, ...members }, whole)).toBeUndefined();
  });

  it.each<[string, string, object]>([
    ['Specimen', 'DiagnosticReport', { specimen: [at('Specimen/x')] }],
    ['Specimen', 'Observation', { specimen: at('Specimen/x') }],
    ['Binary', 'DiagnosticReport', { presentedForm: [{ url: 'Binary/x' }] }],
    ['Binary', 'DocumentReference', { content: [{ attachment: { url: 'Binary/x' } }] }],
    ['Binary', 'Media', { content: { url: 'Binary/x' } }],
  ])('a %s goes down from a withheld %s, though others point at it', (resourceType, from, members) => {
    const others: Resource[] = [{ resourceType: 'Basic', id: 'b', focus: [at(`${resourceType}/x`)] }];
    expect(
      left({ resourceType }, { resourceType: from, id: 'w', code: sensitive, ...members }, ...others),
    ).toBeUndefined();
    expect(left({ resourceType }, { resourceType: from, id: 'w', ...members }, ...others)).toBeDefined();
  });

  it.each([
    'http://hl7.org/fhir/StructureDefinition/encounter-associatedEncounter',
    'http://hl7.org/fhir/StructureDefinition/event-basedOn',
    'http://hl7.org/fhir/StructureDefinition/event-partOf',
    'http://hl7.org/fhir/StructureDefinition/workflow-episodeOfCare',
  ])('the extension %s hangs as its element does', (url) => {
    expect(left({ extension: [{ url, valueReference: at('Encounter/w') }] }, visit)).toBeUndefined();
    expect(left({ modifierExtension: [{ url, valueReference: at('Encounter/w') }] }, visit)).toBeUndefined();
  });

  it.each([
    ...['item', 'reference', 'condition', 'actor', 'individual', 'member', 'location', 'link', 'target', 'who', 'what'],
    ...['itemReference', 'instance', 'valueReference', 'contentReference', 'manipulated'],
  ])('an element has no sense without its %s', (element) => {
    expect(left({ part: [{ [element]: at('Encounter/w'), role: 'r' }, { role: 'kept' }] }, visit)).toEqual({
      resourceType: 'Basic',
      id: 'x',
      part: [{ role: 'kept' }],
    });
  });

  it.each([
    ...['note', 'comment', 'patientInstruction', 'instruction', 'dosage', 'dosageInstruction', 'progress', 'outcome'],
    'mitigation',
  ])('%s is said about a thing', (element) => {
    expect(left({ [element]: 'after her IVF cycle' })).toEqual({ resourceType: 'Basic', id: 'x' });
    expect(left({ [element]: [{ text: 'after her IVF cycle' }, { text: 'kept' }] })).toMatchObject({
      [element]: [{ text: 'kept' }],
    });
    expect(left({ [element]: [{ coding: sensitive.coding }] })).toBeUndefined();
  });

  it.each([
    ...[
      'coding',
      'tag',
      'security',
      'securityLabel',
      'class',
      'code',
      'modality',
      'bodySite',
      'laterality',
      'sopClass',
    ],
    ...['format', 'valueCoding', 'type', 'subtype', 'purpose'],
  ])('a display alone in %s is what the thing is called', (element) => {
    expect(left({ [element]: [{ display: 'HIV clinic' }] })).toBeUndefined();
  });

  it.each<[string, object]>([
    ['a display', {}],
    ['a type', { type: 'CareTeam' }],
    ['an identifier', { identifier: { system: 's', value: 'v' } }],
    ['an id', { id: 'i' }],
    ['an extension', { extension: [{ url: 'u', valueString: 'plain' }] }],
    ['an extended display', { _display: { extension: [] } }],
    ['a reference', { reference: 'Basic/elsewhere' }],
  ])('a Reference with %s that tells is cut out', (_name, members) => {
    expect(left({ focus: [{ display: 'GUM clinic', ...members }] })).toEqual({ resourceType: 'Basic', id: 'x' });
  });

  it.each<[string, object]>([
    ['its identifier', { identifier: { system: 'https://fhir.nhs.uk/Id/ods-organization-code', value: 'RNK' } }],
    ['an extension', { reference: 'Basic/elsewhere', extension: [{ url: 'u', valueCodeableConcept: sensitive }] }],
    [
      'its display’s extension',
      { reference: 'Basic/elsewhere', _display: { extension: [{ url: 'u', valueString: 'HIV' }] } },
    ],
    ['a reference that is no text', { reference: sensitive, display: 'x' }],
    ['a list where its display should be', { reference: 'Basic/elsewhere', display: ['HIV clinic'] }],
    ['a directory’s URL', { reference: 'https://directory.spineservices.nhs.uk/STU3/Organization/RNK' }],
  ])('a Reference that tells by %s is cut out where it merely points', (_name, pointer) => {
    expect(left({ focus: [pointer] })).toEqual({ resourceType: 'Basic', id: 'x' });
    expect(left({ encounter: pointer })).toBeUndefined();
    expect(left({ performer: pointer })).toBeUndefined();
  });

  it.each(['Patient/p', 'RelatedPerson/r', 'Person/p'])(
    'the name of a person who is pointed at tells nothing: %s',
    (reference) => {
      const kept = { resourceType: 'Basic', id: 'x', encounter: { reference, display: 'Aidan Hiv' } };
      expect(left(kept)).toEqual(kept);
    },
  );

  it('what machines call a Reference tells nothing', () => {
    const kept: Resource = { resourceType: 'Basic', id: 'x', focus: [{ id: 'HIV', reference: 'Basic/elsewhere' }] };
    expect(left(kept)).toEqual(kept);
  });

  it('what has no id has no name', () => {
    const { id: _, ...nameless } = visit;
    const kept: Resource = { resourceType: 'Basic', id: 'x', encounter: at('Encounter/undefined') };
    expect(withhold([kept, nameless])[0]).toBe(kept);
  });

  it('an address that leads nowhere withheld takes nothing away', () => {
    const kept = { author: ['Location/l'], content: [{ attachment: { url: 'Binary/b' } }] };
    const resource: Resource = { resourceType: 'DocumentReference', id: 'x', ...kept };
    expect(withhold([resource])[0]).toBe(resource);
  });

  it('the name of what is filed under a person tells', () => {
    expect(left({ encounter: { reference: 'Basic/Patient/p', display: 'HIV clinic' } })).toBeUndefined();
    expect(left({ encounter: { reference: 'Practitioner/p', display: 'HIV clinic' } })).toBeUndefined();
  });

  const hangs = 'http://hl7.org/fhir/StructureDefinition/event-partOf';
  it('an extension hangs by its own URL, not by one within it, beside it or before it', () => {
    const other = { url: 'u', valueReference: at('Basic/other') };
    const whole = { valueReference: at('Encounter/w') };
    expect(left({ extension: [{ url: hangs, extension: [other], ...whole }] }, visit)).toBeUndefined();
    expect(left({ extension: [{ url: 'u', extension: [{ url: hangs, ...whole }] }] }, visit)).toBeUndefined();
    expect(left({ extension: [{ url: hangs, extension: [{ url: 'u', ...whole }] }] }, visit)).toBeDefined();
    expect(
      left(
        {
          extension: [
            { ...other, url: hangs },
            { url: 'u', ...whole },
          ],
        },
        visit,
      ),
    ).toBeDefined();
    expect(left({ extension: [{ ...other, url: hangs }], input: [whole] }, visit)).toBeDefined();
    expect(left({ part: [{ url: hangs, ...whole }] }, visit)).toBeDefined();
  });

  it.each(['id', 'system', 'code', 'version', 'contentType', 'unit', 'status', 'family', 'given', 'prefix', 'suffix'])(
    '%s holds no words',
    (element) => {
      expect(left({ part: [{ [element]: 'HIV', other: 1 }] })).toBeDefined();
    },
  );

  it('a pointer inside a Reference that stays is cut out of it', () => {
    const focus = (extension: object) => ({ focus: [{ reference: 'Basic/elsewhere', ...extension }] });
    expect(left(focus({ extension: [{ url: 'u', valueReference: at('Encounter/w') }] }), visit)).toEqual({
      resourceType: 'Basic',
      id: 'x',
      ...focus({}),
    });
  });
});
