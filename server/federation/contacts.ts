import { object, objects, text, texts, type JsonObject } from '../../src/fhir/json.ts';
import { isRestricted, masked } from '../../src/fhir/masked.ts';
import type { Resource } from '../../src/fhir/resource.ts';
import { ohc } from '../../src/fhir/systems.ts';
import type { SourceAnswer } from './answer.ts';
import { entryOf, type Entry } from './entry.ts';

const elements = ['address', 'telecom', 'communication'] as const;

/** GP Connect says the language in an extension of the Patient; R4 has an element for it. */
const nhsCommunication = /(?:Extension-(?:UKCore|CareConnect(?:-GPC)?)-|gp-connect-)NHSCommunication(?:-1)?$/;

function communicationOf(extension: JsonObject): JsonObject {
  const language = objects(extension['extension']).find((one) => text(one['url']) === 'language');
  const { url: _, extension: parts, ...rest } = extension;
  return {
    ...rest,
    language: object(language?.['valueCodeableConcept']) ?? { text: 'Not recorded' },
    ...(parts === undefined ? {} : { extension: objects(parts).filter((one) => text(one['url']) !== 'language') }),
  };
}

/**
 * What a source's Patient may add to the one Patient (DESIGN.md): addresses, telecoms, languages; nothing else of it. Of one
 * that the source marks as restricted, that there is more than may be told.
 */
export function contactsOf(patient: Resource): SourceAnswer['contacts'] {
  const hidden = isRestricted(patient);
  const given = elements.flatMap((element) =>
    hidden && element !== 'communication'
      ? [{ element, value: masked }]
      : objects(patient[element]).map((value) => ({ element, value })),
  );
  const spoken = objects(patient['extension'])
    .filter((one) => nhsCommunication.test(text(one['url']) ?? ''))
    .map((one) => ({ element: 'communication' as const, value: communicationOf(one) }));
  return [...given, ...spoken];
}

/** Where somebody lives now, as it is compared: by postcode, else by all its words. */
function placesOf(patient: Resource): ReadonlySet<string> {
  const plain = (words: readonly string[]): string =>
    words
      .join('')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, '');
  const places = objects(patient['address'])
    .filter((one) => text(one['use']) !== 'old' && text(one['use']) !== 'billing')
    .map((one) => {
      const postcode = text(one['postalCode']);
      return postcode === undefined
        ? plain([...texts(one['line'] ?? []), text(one['city']) ?? '', text(one['text']) ?? ''])
        : plain([postcode]);
    });
  return new Set(places.filter((one) => one !== ''));
}

/** True where both know where the person lives, and agree on none of it. */
export function differsOnAddress(patient: Resource, own: readonly Entry[]): boolean {
  const known = placesOf(patient);
  const theirs = own.flatMap(({ resource }) => [...placesOf(resource)]);
  return known.size > 0 && theirs.length > 0 && !theirs.some((one) => known.has(one));
}

/** The people whom a source's Patient names (`Patient.contact`), each as a RelatedPerson of the same source. */
export function relatedPeopleOf(entry: Entry): readonly Entry[] {
  const hidden = isRestricted(entry.resource);
  return objects(entry.resource['contact']).flatMap((contact, index) => {
    const { organization, ...known } = contact;
    const rest = hidden ? withoutReach(known) : known;
    const related: Resource = {
      resourceType: 'RelatedPerson',
      id: `${entry.key.slice('Patient/'.length)}~contact-${index}`,
      meta: entry.resource['meta'] === undefined ? {} : withoutProfile(entry.resource['meta']),
      patient: { reference: entry.key },
      ...rest,
      ...(organization === undefined
        ? {}
        : {
            extension: [
              ...objects(rest['extension']),
              { url: `${ohc.gpConnect}contact-organization`, valueReference: organization },
            ],
          }),
    };
    return entryOf(related, [], String(index)) ?? [];
  });
}

/** Who is near a restricted person may live with them. */
function withoutReach({ address, telecom, ...rest }: JsonObject): JsonObject {
  return {
    ...rest,
    ...(address === undefined ? {} : { address: [masked] }),
    ...(telecom === undefined ? {} : { telecom: [masked] }),
  };
}

/** A Patient's profile is not a RelatedPerson's; its freshness and labels are. */
function withoutProfile(meta: unknown): JsonObject {
  const { profile: _, versionId: __, ...rest } = object(meta) ?? {};
  return rest;
}
