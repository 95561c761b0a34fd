import { describe, expect, it } from 'vitest';
import type { SourceDocument } from '../federation/documents/source-document.ts';
import type { Verdict } from '../federation/documents/verdict.ts';
import { toldByDocuments } from './document-withholding.ts';

const categories = [
  { id: 'hiv', enabled: true, mention: 'withhold' },
  { id: 'fertility', enabled: true, mention: 'show' },
  { id: 'gender', enabled: false, mention: 'withhold' },
] as const;
const read = (...ids: readonly string[]): Verdict => ({ kind: 'read', categories: ids });
const document = (id: string, verdict?: Verdict): SourceDocument => ({
  id,
  holders: [`DocumentReference/${id}`, `Composition/c#${id}`],
  place: { kind: 'address', url: `https://a.example/${id}` },
  key: id,
  ...(verdict === undefined ? {} : { verdict }),
});

describe('what holds a document', () => {
  it.each<[string, Verdict | undefined]>([
    ['mentions a category', read('hiv')],
    ['mentions a category beside one whose mention is shown', read('fertility', 'hiv')],
    ['mentions what nobody has configured', read('unknown')],
    ['has more words than can be read', { kind: 'beyond' }],
    ['has not been read', undefined],
  ])('goes, by each of its names and the document’s own, where that %s', (_name, verdict) => {
    expect(toldByDocuments([document('d', verdict)], categories)).toEqual(
      new Set(['Binary/d', 'DocumentReference/d', 'Composition/c#d']),
    );
  });

  it.each<[string, Verdict]>([
    ['mentions nothing', read()],
    ['mentions a category whose mention is shown', read('fertility')],
    ['mentions a category that is switched off', read('gender')],
    ['has no words that can be read', { kind: 'unreadable' }],
  ])('stays where that %s', (_name, verdict) => {
    expect(toldByDocuments([document('d', verdict), document('e', read('hiv'))], categories)).not.toContain('Binary/d');
    expect(toldByDocuments([document('d', verdict)], categories)).toEqual(new Set());
  });
});
