import { isObject } from '../../src/fhir/json.ts';
import { idOf, type Resource } from '../../src/fhir/resource.ts';
import type { Asker, Joined, SourceAnswer } from '../federation/answer.ts';
import type { SourceDocument } from '../federation/documents/source-document.ts';

/** The documents that a source's released resources lead to, and what it takes to open one of them. */
export type ReleasedDocuments = {
  readonly of: Pick<SourceAnswer, 'source' | 'origin'>;
  readonly asker: Asker;
  readonly joined: Joined | undefined;
  /** By the facade's id of the Binary. */
  readonly byId: ReadonlyMap<string, SourceDocument>;
};

const binary = /^Binary\/([A-Za-z0-9\-.]{1,64})$/;

/** The ids of the Binaries that a resource leads to: by an attachment, at whatever depth, or being one itself. */
export function binariesOf(resource: Resource): ReadonlySet<string> {
  const ids = new Set<string>();
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    else if (isObject(value))
      for (const member in value) {
        const inner = value[member];
        const id = member === 'url' && typeof inner === 'string' ? binary.exec(inner)?.[1] : undefined;
        if (id !== undefined) ids.add(id);
        else walk(inner);
      }
  };
  walk(resource);
  const own = resource.resourceType === 'Binary' ? idOf(resource) : undefined;
  if (own !== undefined) ids.add(own);
  return ids;
}

/** What may be opened of an answer: that which something leads to that is released now, and nothing else. */
export function releasedDocuments(
  answer: SourceAnswer,
  released: readonly Resource[],
  asker: Asker,
  joined: Joined | undefined,
): ReleasedDocuments {
  const ids = new Set(released.flatMap((one) => [...binariesOf(one)]));
  return {
    of: { source: answer.source, origin: answer.origin },
    asker,
    joined,
    byId: new Map((answer.documents ?? []).filter(({ id }) => ids.has(id)).map((one) => [one.id, one])),
  };
}
