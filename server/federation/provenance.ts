import { object, objects, text, type JsonObject } from '../../src/fhir/json.ts';
import { metaOf, type Resource } from '../../src/fhir/resource.ts';
import { ohc, sourceUri, system } from '../../src/fhir/systems.ts';
import type { Source } from '../config/schema.ts';
import type { Origin } from './answer.ts';
import type { Entry } from './entry.ts';
import type { Resolve } from './resolver.ts';

/** The organisation that a resource came from, as a tag has it. */
export type Contributor = {
  readonly ods: string;
  readonly name: string;
  /** What stands on the chip behind another shared care record's own label (`UHB`): a known label, else the ODS code. */
  readonly label: string;
};

const odsCode = /^[A-Z0-9]{2,12}$/;

/** The two tags that say who gave a resource. Another shared care record stands as itself with its member behind. */
export function tagsOf(origin: Origin, contributor: Contributor): readonly JsonObject[] {
  return [
    { system: system.odsOrganisation, code: contributor.ods, display: contributor.name },
    {
      system: ohc.sourceLabel,
      code: origin.label,
      display: contributor.ods === origin.ods ? origin.name : `${origin.label}: ${contributor.label}`,
    },
  ];
}

/** What of a source's own `meta` says something about the content, in the order in which it leaves. */
const before = ['versionId', 'lastUpdated'] as const;
const after = ['profile', 'security', 'extension'] as const;

/**
 * Makes `meta` of the resources that one source gave: who gave it, and what of the source's own `meta` says something
 * about the content. What is the same for many is made once.
 */
export function metaReleaser(
  source: Source,
  origin: Origin,
): (resource: Resource, contributor: Contributor) => JsonObject {
  const uri = sourceUri(source.id);
  const known = new Map<Contributor, readonly JsonObject[]>();
  return (resource, contributor) => {
    let tags = known.get(contributor);
    if (tags === undefined) known.set(contributor, (tags = tagsOf(origin, contributor)));
    const own = metaOf(resource);
    const meta: Record<string, unknown> = {};
    for (const member of before) if (own[member] !== undefined) meta[member] = own[member];
    meta['source'] = uri;
    for (const member of after) if (own[member] !== undefined) meta[member] = own[member];
    const others = objects(own['tag']).filter((tag) => {
      const of = text(tag['system']);
      return of !== system.odsOrganisation && of !== ohc.sourceLabel;
    });
    meta['tag'] = others.length === 0 ? tags : [...tags, ...others];
    return meta;
  };
}

/** Where a resource says which organisation it comes from, the surest first. */
const organisationMembers = [
  'custodian',
  'managingOrganization',
  'serviceProvider',
  'organization',
  'performer',
  'author',
  'requester',
] as const;

function odsOf(identifiers: unknown): string | undefined {
  const code = objects(identifiers)
    .filter((one) => text(one['system']) === system.odsOrganisation)
    .map((one) => text(one['value'])?.toUpperCase())
    .find((one) => one !== undefined);
  return code !== undefined && odsCode.test(code) ? code : undefined;
}

/**
 * Tells which member of another shared care record a resource comes from: by its own tag, by an organisation that it
 * names, else the shared care record itself. `labelOf` gives the label of organisations that the region knows.
 */
export function memberReader(
  entries: readonly Entry[],
  origin: Origin,
  resolve: Resolve,
  labelOf: (ods: string) => string | undefined,
): (resource: Resource) => Contributor {
  const member = (ods: string, name: string | undefined): Contributor => {
    const label = labelOf(ods) ?? ods;
    return { ods, name: name ?? label, label };
  };
  const organisations = new Map<string, Contributor>();
  for (const { key, resource } of entries) {
    if (resource.resourceType !== 'Organization') continue;
    const ods = odsOf(resource['identifier']);
    if (ods !== undefined) organisations.set(key, member(ods, text(resource['name'])));
  }
  const referenced = (reference: JsonObject): Contributor | undefined => {
    const key = resolve(text(reference['reference']) ?? '');
    const known = key === undefined ? undefined : organisations.get(key);
    if (known !== undefined) return known;
    const ods = odsOf(reference['identifier']);
    return ods === undefined ? undefined : member(ods, text(reference['display']));
  };
  return (resource) => {
    for (const tag of objects(metaOf(resource)['tag'])) {
      const ods = text(tag['code'])?.toUpperCase();
      if (text(tag['system']) === system.odsOrganisation && ods !== undefined && odsCode.test(ods))
        return member(ods, text(tag['display']));
    }
    if (resource.resourceType === 'Organization') {
      const ods = odsOf(resource['identifier']);
      if (ods !== undefined) return member(ods, text(resource['name']));
    }
    for (const place of organisationMembers) {
      for (const one of objects(resource[place])) {
        const found = referenced(one) ?? referenced(object(one['actor']) ?? {});
        if (found !== undefined) return found;
      }
    }
    return origin;
  };
}
