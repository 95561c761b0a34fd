import { idOf, type Resource } from '../../src/fhir/resource.ts';
import { sourceUri } from '../../src/fhir/systems.ts';
import type { Source } from '../config/schema.ts';
import type { Origin, Person, SourceAnswer } from './answer.ts';
import { apart } from './apart.ts';
import { belonging } from './belonging.ts';
import { contactsOf, differsOnAddress, relatedPeopleOf } from './contacts.ts';
import { takeAttachments, type Found } from './documents/attachments.ts';
import type { Entry } from './entry.ts';
import type { FacadeIds } from './facade-id.ts';
import { differences, isContainedPerson, ownIdentifiers, strangeName } from './identity.ts';
import { memberReader, metaReleaser, type Contributor } from './provenance.ts';
import { createResolver } from './resolver.ts';
import { rewrite, rewriteElement, type Rewriting } from './rewrite.ts';
import { sourceHost } from './source-host.ts';
import type { PartialReason } from './words.ts';

/** A source's answer, its Patient proved, before anything of it may leave. */
export type RawRecord = {
  readonly entries: readonly Entry[];
  /** The base URL behind which the source's absolute references stand. */
  readonly base: string;
  /** What keeps its ids apart from every other's: the source, and for GP Connect the practice. */
  readonly scope: string;
  readonly origin: Origin;
};

export type ProvedRecord = Pick<SourceAnswer, 'resources' | 'contacts' | 'differsOn'> & {
  readonly reasons: ReadonlySet<PartialReason>;
  /** Proved to be nobody's: read for dissent at the registered practice, never released. */
  readonly nobodys: readonly Resource[];
  /** How many resources were about someone else or nobody: a fault of the source. */
  readonly dropped: number;
  /** The documents in it, not read yet, and what they and their holders are called at the facade. */
  readonly documents: {
    readonly found: readonly Found[];
    readonly idOf: (localId: string) => string;
    /** `Type/id`. */
    readonly nameOf: (entry: Entry) => string | undefined;
  };
};

/** The id in the facade's reference to an entry. */
function releasedId(reference: string | undefined): string {
  return reference?.slice(reference.indexOf('/') + 1) ?? '';
}

/**
 * Turns a source's answer into what the one door out may work on: each resource proved to be the person's, ids and
 * references the facade's, each labelled with whom it came from. Pure but for the keyed hash.
 */
export function prove(
  raw: RawRecord,
  person: Person,
  source: Source,
  ids: FacadeIds,
  labelOf: (ods: string) => string | undefined,
): ProvedRecord {
  const reasons = new Set<PartialReason>();
  const unique = apart(raw.entries, raw.base);
  if (unique.clashed) reasons.add('unreadable');
  const isPerson = (patient: Resource): boolean => differences(person, patient).length === 0;
  const own = unique.entries.filter(({ resource }) => resource.resourceType === 'Patient' && isPerson(resource));
  const entries = [...unique.entries, ...own.flatMap(relatedPeopleOf)];
  const resolve = createResolver(entries, raw.base);
  const { proved, someoneElses, nobodys } = belonging(entries, own, person, resolve);
  if (someoneElses.length + nobodys.length > 0) reasons.add('not-proved');

  const released = new Map<string, string>();
  for (const entry of proved) {
    const slash = entry.key.indexOf('/');
    // Under the type that the source knows it by: a request and a referral of GP Connect may share an id.
    const id = ids.of(raw.scope, entry.key.slice(0, slash), entry.key.slice(slash + 1));
    released.set(entry.key, `${entry.resource.resourceType}/${id}`);
  }
  const isOwnIdentifier = ownIdentifiers(own, person.nhsNumber);
  const binaryIdOf = (localId: string): string => ids.of(raw.scope, 'Binary', localId);
  const taken = takeAttachments(proved, raw.base, resolve);
  const how: Rewriting = {
    patient: `Patient/${idOf(person.patient) ?? ''}`,
    ownKeys: new Set(own.map((entry) => entry.key)),
    resolve,
    released: (key) => released.get(key),
    binary: (localId) => `Binary/${binaryIdOf(localId)}`,
    base: raw.base,
    host: sourceHost(raw.base, sourceUri(source.id)),
    strangeName: strangeName(own, person.patient),
    isOwnIdentifier,
  };
  const contributorOf = source.aggregate
    ? memberReader(entries, raw.origin, resolve, labelOf)
    : (): Contributor => raw.origin;
  const releasedMeta = metaReleaser(source, raw.origin);
  return {
    resources: taken.entries.map((entry) =>
      rewrite(
        entry,
        releasedId(released.get(entry.key)),
        releasedMeta(entry.resource, contributorOf(entry.resource)),
        how,
        (patient) => isContainedPerson(person, isOwnIdentifier, patient),
      ),
    ),
    contacts: own
      .flatMap((entry) => contactsOf(entry.resource))
      .map(({ element, value }) => ({ element, value: rewriteElement(value, element, how) })),
    differsOn: differsOnAddress(person.patient, own) ? ['address'] : [],
    reasons,
    nobodys: nobodys.map((entry) => entry.resource),
    dropped: someoneElses.length + nobodys.length,
    documents: { found: taken.found, idOf: binaryIdOf, nameOf: ({ key }) => released.get(key) },
  };
}
