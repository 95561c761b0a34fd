import { object, objects, text, type JsonObject } from '../../src/fhir/json.ts';
import { isRestricted, masked } from '../../src/fhir/masked.ts';
import { metaOf, type Resource } from '../../src/fhir/resource.ts';
import { ohc, sourceUri, system } from '../../src/fhir/systems.ts';
import type { Source } from '../config/schema.ts';
import { rewriteElement, type Rewriting } from './rewrite.ts';
import { sourceHost } from './source-host.ts';

/** Members of the Patient that are not for a screen, or that only its own systems can follow. */
const notReleased: ReadonlySet<string> = new Set([
  'resourceType',
  'id',
  'meta',
  'implicitRules',
  'text',
  'contained',
  'link',
  'managingOrganization',
  'identifier',
  'name',
  'generalPractitioner',
]);

/** Where a person lives and how they are reached: not told of one who is restricted, nor who lives with them. */
const reaching: ReadonlySet<string> = new Set(['address', 'telecom', 'contact']);

/** A former name or the sex at birth would tell of a gender change. */
const notReleasedExtension = /BirthSex|birthsex|genderIdentity|PreviousName/;

/** Nothing else of whoever gave it is released with the Patient: its links keep what they call their target. */
const unlinked: Rewriting = {
  patient: '',
  ownKeys: new Set(),
  resolve: () => undefined,
  released: () => undefined,
  binary: () => undefined,
  base: '',
  host: sourceHost('', ''),
  strangeName: undefined,
  isOwnIdentifier: () => false,
};

/** The identifiers under which the NHS knows a person now. */
export function nhsIdentifiers(patient: Resource, nhsNumber: string): readonly JsonObject[] {
  const now = currentIdentifiers(patient).filter((one) => text(one['system']) === system.nhsNumber);
  return now.length > 0 ? now : [{ system: system.nhsNumber, value: nhsNumber }];
}

/** What the Patient's own keeper calls them now. */
export function currentIdentifiers(patient: Resource): readonly JsonObject[] {
  return objects(patient['identifier']).filter((one) => text(one['use']) !== 'old');
}

/**
 * The one Patient of a record, of the demographics service's or of the one host that knows the person: without former
 * names, links and whatever else is not for a screen, under the facade's `id`.
 */
export function releasedPatient(
  patient: Resource,
  {
    id,
    identifiers,
    source,
    practiceName,
  }: {
    readonly id: string;
    readonly identifiers: readonly JsonObject[];
    readonly source: Source;
    readonly practiceName: (ods: string) => string | undefined;
  },
): Resource {
  const { lastUpdated, security } = metaOf(patient);
  const how: Rewriting = { ...unlinked, host: sourceHost(source.baseUrl, sourceUri(source.id)) };
  const restricted = isRestricted(patient);
  const kept: Record<string, unknown> = restricted ? { address: [masked], telecom: [masked] } : {};
  for (const name in patient) {
    if (notReleased.has(name) || name === '__proto__' || (restricted && reaching.has(name))) continue;
    const value =
      name === 'extension'
        ? objects(patient[name]).filter((one) => !notReleasedExtension.test(text(one['url']) ?? ''))
        : patient[name];
    const released = rewriteElement(value, name, how);
    if (released !== undefined) kept[name] = released;
  }
  return {
    resourceType: 'Patient',
    id,
    meta: {
      ...(lastUpdated === undefined ? {} : { lastUpdated }),
      source: sourceUri(source.id),
      ...(security === undefined ? {} : { security }),
      tag: [
        { system: system.odsOrganisation, code: source.ods, display: source.name },
        { system: ohc.sourceLabel, code: source.label, display: source.name },
      ],
    },
    ...(identifiers.length === 0 ? {} : { identifier: [...identifiers] }),
    name: objects(patient['name']).filter((one) => text(one['use']) !== 'old' && text(one['use']) !== 'maiden'),
    ...kept,
    ...(patient['generalPractitioner'] === undefined
      ? {}
      : {
          generalPractitioner: objects(patient['generalPractitioner']).map((one) => registeredWith(one, practiceName)),
        }),
  };
}

/** The practice by ODS code and, where the region knows it, by name; never a link into the demographics service. */
function registeredWith(reference: JsonObject, practiceName: (ods: string) => string | undefined): JsonObject {
  const identifier = object(reference['identifier']);
  const ods = text(identifier?.['value'])?.toUpperCase();
  const display = (ods === undefined ? undefined : practiceName(ods)) ?? text(reference['display']);
  return {
    type: text(reference['type']) ?? 'Organization',
    ...(identifier === undefined ? {} : { identifier }),
    ...(display === undefined ? {} : { display }),
  };
}
