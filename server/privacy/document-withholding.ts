import type { LoadedCategory } from '../config/config.ts';
import type { SourceDocument } from '../federation/documents/source-document.ts';

/**
 * The names (`Type/id`) of what goes for its documents' words: each resource that holds a document which mentions an enabled
 * category, unless that category's `mention` is `show`; which has not been read; or which has more words than can be read
 * (what cannot be decided is not released). The document's own name is among them, so that nothing leads to it. A document
 * without words that can be read goes for what its reference says alone. Pure.
 */
export function toldByDocuments(
  documents: readonly SourceDocument[],
  categories: readonly Pick<LoadedCategory, 'id' | 'enabled' | 'mention'>[],
): ReadonlySet<string> {
  const shown = new Set(categories.filter((one) => !one.enabled || one.mention === 'show').map((one) => one.id));
  const stays = ({ verdict }: SourceDocument): boolean => {
    switch (verdict?.kind) {
      case 'read':
        return verdict.categories.every((id) => shown.has(id));
      case 'unreadable':
        return true;
      case 'beyond':
      case undefined:
        return false;
    }
  };
  return new Set(documents.filter((one) => !stays(one)).flatMap(({ id, holders }) => [`Binary/${id}`, ...holders]));
}
