import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/resource.ts';
import type { SourceDocument } from '../federation/documents/source-document.ts';
import { askerOf } from './asker.ts';
import { answer, house, session } from './house.testing.ts';
import { binariesOf, releasedDocuments } from './released-documents.ts';

const letter = (...urls: readonly unknown[]): Resource => ({
  resourceType: 'DocumentReference',
  id: 'l',
  content: urls.map((url) => ({ attachment: { url } })),
});

describe('the Binaries that a resource leads to', () => {
  it.each<[string, Resource, readonly string[]]>([
    ['each of its attachments', letter('Binary/a', 'Binary/b.1-x', 'Binary/a'), ['a', 'b.1-x']],
    ['itself', { resourceType: 'Binary', id: 'b' }, ['b']],
    ['one within it', { resourceType: 'Bundle', contained: [letter('Binary/a')] }, ['a']],
    ['none of another type by its own id', { resourceType: 'DocumentReference', id: 'b' }, []],
    [
      'none at another address',
      letter('https://a.example/Binary/a', 'Binary/a/b', 'Binary/', 'Binary/a?x', 7, ['Binary/a']),
      [],
    ],
    ['none by an id that is too long', letter(`Binary/${'a'.repeat(65)}`), []],
    ['none that is not an address', { resourceType: 'Basic', code: { text: 'Binary/a' } }, []],
  ])('%s', (_name, resource, expected) => {
    expect([...binariesOf(resource)]).toEqual(expected);
  });

  it('is read past an element that is called url and is none', () => {
    const odd = { resourceType: 'Basic', url: { attachment: { url: 'Binary/a' } } };
    expect([...binariesOf(odd)]).toEqual(['a']);
  });
});

describe('what may be opened of an answer', () => {
  const document = (id: string): SourceDocument => ({
    id,
    holders: ['DocumentReference/l'],
    place: { kind: 'address', url: `http://127.0.0.1:9/${id}` },
    key: id,
  });
  const asker = askerOf(house({}), session.context, 'request-1');

  it('is that which something released leads to, and nothing else', () => {
    const [open, shut] = [document('open'), document('shut')];
    const one = answer('acute', { documents: [open, shut] });
    expect(releasedDocuments(one, [letter('Binary/open', 'Binary/unknown')], asker, undefined)).toEqual({
      of: { source: one.source, origin: one.origin },
      asker,
      joined: undefined,
      byId: new Map([['open', open]]),
    });
  });

  it('is nothing of an answer that has no documents', () => {
    expect(releasedDocuments(answer('acute'), [letter('Binary/open')], asker, undefined).byId.size).toBe(0);
  });
});
