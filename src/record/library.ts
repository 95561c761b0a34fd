import { codingsOf } from '../fhir/coding.ts';
import { isObject, object, objects, text } from '../fhir/json.ts';
import { parseReference, referenceOf } from '../fhir/reference.ts';
import type { RegionView, SourceView } from '../fhir/region.ts';
import { metaOf, type Resource } from '../fhir/resource.ts';
import { ohc, sourceIdOf, system } from '../fhir/systems.ts';
import type { Entry } from './fact.ts';
import { remembering } from './memory.ts';
import type { ChipRef } from './record.ts';
import { words } from './words.ts';

function contentOf(entry: Entry): string {
  entry.content ??= JSON.stringify(entry.resource);
  return entry.content;
}

/** A total order over entries that no arrival can change: region's order, then id, then what they say. */
export function compareEntries(a: Entry, b: Entry): number {
  return a.order - b.order || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** 53 bits of a text, for ids of what came without one. */
function hashOf(value: string): string {
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let index = 0; index < value.length; index += 1) {
    const unit = value.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return ((low >>> 0) * 2 ** 21 + (high >>> 11)).toString(36);
}

/** An organisation by its ODS code, as what the record may name. */
function odsTarget(identifier: unknown): string | undefined {
  const own = objects(identifier).find((one) => text(one['system']) === system.odsOrganisation);
  const code = text(own?.['value']);
  return code === undefined ? undefined : `ods ${code}`;
}

/**
 * Every resource that arrived, indexed once. A look-up is remembered: when what was asked for arrives later,
 * those who asked are read again, so that the order of arrival changes nothing (rule 2).
 */
export class Library {
  /** By source, type and id; more than one where a source gave two versions. */
  private readonly byKey = new Map<string, Entry[]>();
  private readonly byTarget = new Map<string, Entry[]>();
  private readonly waiting = new Map<string, Set<Entry>>();
  /** `Type/id` of people and places that the record names as the person's own (practice, care team). */
  private readonly named = new Set<string>();
  private readonly chips = new Map<string, ChipRef>();
  /** By source, the tags that it sent last and their chip: it says the same thousands of times. */
  private readonly tagged = new Map<string, { readonly tags: unknown; readonly chip: ChipRef }>();
  private readonly sources = new Map<string, { readonly view: SourceView; readonly order: number }>();
  private readonly stale: (entry: Entry) => void;
  readonly counts = new Map<string, number>();

  /** @param stale called for an entry whose fact must be read again */
  constructor(region: RegionView, stale: (entry: Entry) => void) {
    this.stale = stale;
    region.sources.forEach((view, order) => this.sources.set(view.id, { view, order }));
  }

  /** @returns the new entry, or undefined where the very same was there already */
  add(resource: Resource, within?: Entry): Entry | undefined {
    const meta = metaOf(resource);
    const sourceId = within?.chip.sourceId ?? sourceIdOf(text(meta['source'])) ?? 'unknown';
    const source = this.sources.get(sourceId);
    const id = text(resource['id']);
    const type = resource.resourceType;
    const key =
      within === undefined
        ? `${sourceId}|${type}/${id ?? `~${hashOf(JSON.stringify(resource))}`}`
        : `${within.id}#${id ?? hashOf(JSON.stringify(resource))}`;
    const entry: Entry = {
      id: key,
      resource,
      chip: within?.chip ?? this.chipOf(sourceId, meta['tag'], source?.view),
      source: source?.view,
      order: source?.order ?? this.sources.size,
      content: undefined,
      fact: undefined,
      asked: undefined,
    };
    const versions = this.byKey.get(key);
    if (versions === undefined) this.byKey.set(key, [entry]);
    else {
      if (versions.some((one) => contentOf(one) === contentOf(entry))) return undefined;
      versions.push(entry);
      versions.sort((a, b) => (contentOf(a) < contentOf(b) ? -1 : 1));
      versions.forEach((one, index) => {
        const renamed = index === 0 ? key : `${key}~${hashOf(contentOf(one))}`;
        if (one.id !== renamed && one !== entry) this.stale(one);
        one.id = renamed;
      });
    }
    this.counts.set(sourceId, (this.counts.get(sourceId) ?? 0) + 1);
    if (id !== undefined && within === undefined) {
      const target = `${type}/${id}`;
      this.index(target, entry);
      this.wake(target);
    }
    this.nameFrom(resource);
    return entry;
  }

  private index(target: string, entry: Entry): void {
    const known = this.byTarget.get(target);
    if (known === undefined) this.byTarget.set(target, [entry]);
    else known.push(entry);
  }

  private wake(target: string): void {
    const waiting = this.waiting.get(target);
    if (waiting === undefined) return;
    for (const one of waiting) this.stale(one);
  }

  private chipOf(sourceId: string, tags: unknown, view: SourceView | undefined): ChipRef {
    const last = this.tagged.get(sourceId);
    if (last !== undefined && sameTags(last.tags, tags)) return last.chip;
    const codings = codingsOf(tags);
    const tagged = codings.find((one) => one.system === ohc.sourceLabel);
    const author = codings.find((one) => one.system === system.odsOrganisation);
    const base =
      tagged?.code ?? view?.label ?? tagged?.display ?? (sourceId === 'unknown' ? words.unnamedSource : sourceId);
    const isMember = view?.aggregate === true && author?.code !== undefined && author.code !== view.ods;
    const label = isMember ? (tagged?.display ?? `${base}: ${author.code}`) : base;
    const ods = author?.code ?? view?.ods;
    const name = author?.display ?? (ods === view?.ods ? view?.name : undefined);
    const key = JSON.stringify([sourceId, label, ods, name]);
    const chip: ChipRef = this.chips.get(key) ?? { sourceId, label, organisation: { ods, name } };
    this.chips.set(key, chip);
    this.tagged.set(sourceId, { tags, chip });
    return chip;
  }

  /** Whom the record names as the person's own, so that they stand under People and not among what merely supports. */
  private nameFrom(resource: Resource): void {
    const refs: unknown[] = [];
    if (resource.resourceType === 'Patient')
      refs.push(...list(resource['generalPractitioner']), resource['managingOrganization']);
    else if (resource.resourceType === 'CareTeam')
      for (const one of objects(resource['participant'])) refs.push(one['member']);
    else if (resource.resourceType === 'EpisodeOfCare') refs.push(resource['careManager']);
    else return;
    for (const one of refs) {
      const reference = referenceOf(one);
      // The demographics service names the practice by its ODS code alone.
      const target = reference === undefined ? odsTarget(object(one)?.['identifier']) : targetOf(reference);
      if (target === undefined || this.named.has(target)) continue;
      this.named.add(target);
      this.wake(`named ${target}`);
    }
  }

  private ask(asker: Entry, key: string): void {
    if (asker.asked?.has(key) === true) return;
    asker.asked ??= new Set();
    asker.asked.add(key);
    const waiting = this.waiting.get(key);
    if (waiting === undefined) this.waiting.set(key, new Set([asker]));
    else waiting.add(asker);
  }

  /** True where the record names this entry as the person's own practice, professional or organisation. */
  isNamed(entry: Entry): boolean {
    const id = text(entry.resource['id']);
    if (id === undefined) return false;
    const { resourceType } = entry.resource;
    const ods = resourceType === 'Organization' ? odsTarget(entry.resource['identifier']) : undefined;
    return [`${resourceType}/${id}`, ods].some((target) => {
      if (target === undefined) return false;
      this.ask(entry, `named ${target}`);
      return this.named.has(target);
    });
  }

  /** The entry that a reference means: of the same source where it can be; undefined where it has not (yet) arrived. */
  entryOf(asker: Entry, reference: unknown, remember = true): Entry | undefined {
    const literal = typeof reference === 'string' ? reference : referenceOf(reference);
    const target = literal === undefined ? undefined : targetOf(literal);
    if (target === undefined) return undefined;
    if (remember) this.ask(asker, target);
    return this.best(asker, target);
  }

  private best(asker: Entry, target: string): Entry | undefined {
    const found = this.byTarget.get(target);
    if (found === undefined) return undefined;
    if (found.length === 1) return found[0];
    const own = found.filter((one) => one.chip.sourceId === asker.chip.sourceId);
    return (own.length > 0 ? own : found).toSorted(compareEntries)[0];
  }

  /** The resource that a reference means, one contained in the asker too. */
  resourceOf(asker: Entry, reference: unknown): Resource | undefined {
    const literal = referenceOf(reference);
    if (literal?.startsWith('#') === true) {
      const id = literal.slice(1);
      const contained = objects(asker.resource['contained']).find((one) => text(one['id']) === id);
      return contained !== undefined && typeof contained['resourceType'] === 'string'
        ? (contained as Resource)
        : undefined;
    }
    return this.entryOf(asker, reference)?.resource;
  }

  get entries(): IterableIterator<readonly Entry[]> {
    return this.byKey.values();
  }
}

/** True where two lists of tags say the same, as far as a chip tells of it. */
function sameTags(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  return a.every((tag, index) => {
    const [one, other] = [object(tag), object(b[index])];
    return (
      one?.['system'] === other?.['system'] &&
      one?.['code'] === other?.['code'] &&
      one?.['display'] === other?.['display']
    );
  });
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** `Type/id` that a literal reference means, whatever base or version it carries; undefined for contained and unreadable. */
export const targetOf: (reference: string) => string | undefined = remembering((reference) => {
  const target = parseReference(reference);
  return target?.kind === 'local' || target?.kind === 'absolute' ? `${target.type}/${target.id}` : undefined;
}, 100_000);

/** Every literal reference within a resource, each once, itself not counted. */
export function referencesIn(value: unknown, found = new Set<string>(), depth = 0): Set<string> {
  if (depth > 60) return found;
  if (Array.isArray(value)) for (const one of value) referencesIn(one, found, depth + 1);
  else if (isObject(value)) {
    const literal = value['reference'];
    if (typeof literal === 'string') {
      const target = targetOf(literal);
      if (target !== undefined) found.add(target);
    }
    for (const key in value) {
      const inner = value[key];
      if (typeof inner === 'object' && inner !== null) referencesIn(inner, found, depth + 1);
    }
  }
  return found;
}

/** The `meta.source`-less object that an arbitrary line may be: anything with a resourceType that is a text. */
export function asResource(line: unknown): Resource | undefined {
  const found = object(line);
  return found !== undefined && text(found['resourceType']) !== undefined ? (found as Resource) : undefined;
}
