import { texts, type JsonObject } from '../../../src/fhir/json.ts';
import { idOf, type Resource } from '../../../src/fhir/resource.ts';
import type { DataClass } from '../../../src/fhir/status.ts';
import { system } from '../../../src/fhir/systems.ts';
import { itemsOfType } from '../../../src/fhir/data-class.ts';
import { narrative, rowOf } from './narrative.ts';
import { isOld, isRefuted, sections, type Section } from './section.ts';

/** An organisation that has not answered in whole: what it holds may be missing. */
export type Gap = {
  readonly name: string;
  /** Fit for the screen: `Cannot be reached`. */
  readonly text: string;
  /** What it contributes; empty where that is not known, and then it may be anything. */
  readonly contributes: readonly DataClass[];
};

/** What a summary is made of: the released record and what is known of its gaps. */
export type Summarised = {
  readonly baseUrl: string;
  readonly regionName: string;
  readonly patient: Resource;
  readonly resources: readonly Resource[];
  readonly gaps: readonly Gap[];
  /** Every organisation that was asked, with how it answered, in words. */
  readonly asked: readonly { readonly name: string; readonly text: string }[];
  /** True where the role of the launch gets some of a type. */
  readonly mayHave: (resourceType: string) => boolean;
  readonly now: Date;
  /** Makes a UUID. */
  readonly newId: () => string;
};

/** The profiles that a summary keeps, by canonical URL: of the Bundle and of its Composition. */
export const ipsProfiles: readonly string[] = [
  'http://hl7.org/fhir/uv/ips/StructureDefinition/Bundle-uv-ips',
  'http://hl7.org/fhir/uv/ips/StructureDefinition/Composition-uv-ips',
];

const emptyReason = 'http://terminology.hl7.org/CodeSystem/list-empty-reason';

function reason(code: 'nilknown' | 'unavailable', display: string, words: string): JsonObject {
  return { coding: [{ system: emptyReason, code, display }], text: words };
}

/** References from a resource, at any depth. */
function referencesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  const members = Object.entries(value);
  return members.flatMap(([name, inner]) => (name === 'reference' ? texts(inner) : referencesIn(inner)));
}

const nameIn = (resource: Resource): string => `${resource.resourceType}/${idOf(resource) ?? ''}`;

/** One section with what stands in it; undefined where it is not demanded and there is nothing to say. */
function sectionOf(
  section: Section,
  found: readonly Resource[],
  of: Summarised,
  resolve: (reference: string) => Resource | undefined,
): { readonly made: JsonObject; readonly entries: readonly Resource[] } | undefined {
  const head = {
    title: section.title,
    code: { coding: [{ system: system.loinc, code: section.code, display: section.display }] },
  };
  if (!section.types.some(of.mayHave)) {
    const words = `Your role does not include ${itemsOfType(section.types[0] ?? '')}.`;
    if (!section.required) return undefined;
    return {
      made: { ...head, text: narrative([words], []), emptyReason: reason('unavailable', 'Unavailable', words) },
      entries: [],
    };
  }
  const gaps = of.gaps.filter((gap) => gap.contributes.length === 0 || gap.contributes.includes(section.holds));
  const missing = gaps.map((gap) => `${gap.name}: ${gap.text}. Something may be missing here.`);
  const entries = found.filter((resource) => !isOld(section, resource, of.now));
  const older = found.length - entries.length;
  const left =
    older === 0
      ? []
      : [
          `${older} older than ${String(section.lastMonths)} months ${older === 1 ? 'is' : 'are'} in the record and not in this summary.`,
        ];
  if (entries.length > 0)
    return {
      made: {
        ...head,
        text: narrative(
          [...missing, ...left],
          entries.map((one) => rowOf(one, resolve)),
        ),
        entry: entries.map((one) => ({ reference: nameIn(one) })),
      },
      entries,
    };
  if (missing.length > 0) {
    const words = 'Not known: not every organisation that may hold something has answered.';
    return {
      made: {
        ...head,
        text: narrative([words, ...missing, ...left], []),
        emptyReason: reason('unavailable', 'Unavailable', words),
      },
      entries,
    };
  }
  if (!section.required && left.length === 0) return undefined;
  const words = 'None recorded by the organisations that have answered.';
  return {
    made: {
      ...head,
      text: narrative([words, ...left], []),
      emptyReason: reason('nilknown', 'Nil Known', words),
    },
    entries,
  };
}

/** What was asked of whom, and what is never in a summary of this kind. */
function aboutSection(of: Summarised): JsonObject {
  return {
    title: 'About this summary',
    code: { coding: [{ system: system.loinc, code: '48767-8', display: 'Annotation comment' }] },
    text: narrative(
      [
        'Made from the records of the organisations below, as they answered at the time of this document. The full record holds more.',
        ...of.asked.map((one) => `${one.name}: ${one.text}.`),
      ],
      [],
    ),
  };
}

/**
 * An International Patient Summary of what was released: a document Bundle with its Composition first, the Patient, what
 * the sections name, and what that points at in turn. A section without entries says whether there is none known or
 * somebody has not answered; narrative is made of the rows.
 */
export function summaryDocument(of: Summarised): Resource {
  const byName = new Map(of.resources.map((resource) => [nameIn(resource), resource]));
  const resolve = (reference: string): Resource | undefined => byName.get(reference);
  const found = new Map<Section, Resource[]>(sections.map((section) => [section, []]));
  for (const resource of of.resources) {
    if (isRefuted(resource)) continue;
    const section = sections.find((one) => one.takes(resource));
    if (section !== undefined) found.get(section)?.push(resource);
  }
  const made = sections.flatMap((section) => sectionOf(section, found.get(section) ?? [], of, resolve) ?? []);

  const included = new Map<string, Resource>([[nameIn(of.patient), of.patient]]);
  const queue = made.flatMap((one) => one.entries).toReversed();
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (included.has(nameIn(next))) continue;
    included.set(nameIn(next), next);
    queue.push(...referencesIn(next).flatMap((reference) => resolve(reference) ?? []));
  }

  const author: Resource = {
    resourceType: 'Device',
    id: of.newId(),
    status: 'active',
    deviceName: [{ name: `One Health and Care, ${of.regionName}`, type: 'user-friendly-name' }],
  };
  const composition: Resource = {
    resourceType: 'Composition',
    id: of.newId(),
    meta: { profile: ipsProfiles.slice(1) },
    language: 'en-GB',
    status: of.gaps.length === 0 ? 'final' : 'preliminary',
    type: { coding: [{ system: system.loinc, code: '60591-5', display: 'Patient summary Document' }] },
    subject: { reference: nameIn(of.patient) },
    date: of.now.toISOString(),
    author: [{ reference: nameIn(author) }],
    title: 'International Patient Summary',
    section: [...made.map((one) => one.made), aboutSection(of)],
  };
  return {
    resourceType: 'Bundle',
    meta: { profile: ipsProfiles.slice(0, 1) },
    type: 'document',
    identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${of.newId()}` },
    timestamp: of.now.toISOString(),
    entry: [composition, ...included.values(), author].map((resource) => ({
      fullUrl: `${of.baseUrl}/fhir/${nameIn(resource)}`,
      resource,
    })),
  };
}
