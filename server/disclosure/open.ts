import { Fault } from '../fault.ts';
import type { Opened } from '../federation/documents/reading.ts';
import type { SourceDocument } from '../federation/documents/source-document.ts';
import { SourceError } from '../federation/source-error.ts';
import { toldByDocuments } from '../privacy/document-withholding.ts';
import { disclose } from './disclose.ts';
import type { DisclosureRequest, House } from './house.ts';
import { binariesOf, type ReleasedDocuments } from './released-documents.ts';
import { whileStanding } from './standing.ts';

/** How a document stands for who asks: open, or not there; and whether that is because a source is missing. */
export type Opening =
  { readonly kind: 'open'; readonly document: Opened } | { readonly kind: 'nothing'; readonly whole: boolean };

const unreachable =
  'The organisation that holds this document cannot be reached just now. Try again in a few minutes, or phone it.';

/**
 * Opens one document of the record, by its id as a Binary. It goes the way of everything that leaves: through `disclose`,
 * which gates anew, withholds, narrows and records; what that releases must lead to it. Then its source is asked for it, and
 * where its words may have changed since they were read, they decide anew.
 * @throws {Fault} `record-refused`, `undecided`, or `source-unavailable` where its source fails
 */
export async function openDocument(
  house: House,
  request: Omit<DisclosureRequest, 'what' | 'detail' | 'part'>,
  id: string,
): Promise<Opening> {
  let found: { readonly document: SourceDocument; readonly at: ReleasedDocuments } | undefined;
  let whole = false;
  const asked: DisclosureRequest = {
    ...request,
    what: 'open document',
    detail: { document: [id] },
    part: { interaction: 'read', documents: true, includes: (one) => binariesOf(one).has(id) },
  };
  for await (const release of disclose(house, asked)) {
    if (release.kind === 'record') whole = release.status === 'complete';
    const at = release.kind === 'source' ? release.documents : undefined;
    const document = at?.byId.get(id);
    if (at !== undefined && document !== undefined) found ??= { document, at };
  }
  if (found === undefined) return { kind: 'nothing', whole };

  const { document, at } = found;
  const opening = house.federation
    .open(document, at.of, at.asker, request.session.clientId, request.signal, at.joined)
    .catch((cause: unknown) => {
      throw cause instanceof SourceError
        ? new Fault('source-unavailable', unreachable, { detail: `${at.of.source.id} ${cause.kind}`, cause })
        : cause;
    });
  const opened = await whileStanding(request.signal, opening);
  if (opened === undefined) return { kind: 'nothing', whole };
  if (toldByDocuments([{ ...document, verdict: opened.verdict }], house.config.categories).size === 0)
    return { kind: 'open', document: opened };
  // It says now what it did not say before: it is not there, and what was gathered before it changed does not stand.
  opened.body.destroy();
  house.held.forget(request.session.launchId);
  return { kind: 'nothing', whole };
}
