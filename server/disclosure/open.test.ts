import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../src/fhir/resource.ts';
import type { Opened } from '../federation/documents/reading.ts';
import type { SourceDocument } from '../federation/documents/source-document.ts';
import type { Verdict } from '../federation/documents/verdict.ts';
import { SourceError } from '../federation/source-error.ts';
import { loadConfig } from '../config/config.ts';
import { answer, clinician, condition, house, request } from './house.testing.ts';
import { openDocument } from './open.ts';

const { categories } = await loadConfig('smart-config');
const letter: Resource = {
  resourceType: 'DocumentReference',
  id: 'l',
  content: [{ attachment: { url: 'Binary/scan' } }],
};
const read: Verdict = { kind: 'read', categories: [] };
const scan: SourceDocument = {
  id: 'scan',
  holders: ['DocumentReference/l'],
  place: { kind: 'address', url: 'http://127.0.0.1:9/scan' },
  verdict: read,
  key: 'k',
};
const opened = (verdict: Verdict = read): Opened => ({
  sniffed: 'application/pdf',
  contentType: 'application/pdf',
  size: 4,
  verdict,
  body: Readable.from([Buffer.from('%PDF')]),
});
const gp = answer('gp', { practiceConsent: 'answered' });
const acute = answer('acute', { resources: [letter, condition('knee', '239873007')], documents: [scan] });
const region = (options: Parameters<typeof house>[0] = {}) =>
  house({ answers: [gp, acute], open: async () => opened(), categories, ...options });
const { what: _what, ...asked } = request();

describe('a document of the record', () => {
  it('is opened at its source, for whoever asks, and that is on the audit trail', async () => {
    const document = opened();
    const at = region();
    const given: unknown[] = [];
    const open: typeof at.federation.open = async (...what) => {
      given.push(...what);
      return document;
    };
    const opening = await openDocument({ ...at, federation: { ...at.federation, open } }, asked, 'scan');
    expect(opening).toEqual({ kind: 'open', document });
    expect(document.body.destroyed).toBe(false);
    expect(given).toMatchObject([
      scan,
      { source: { id: 'acute' }, origin: { label: 'ACUTE' } },
      { userId: 'u1', traceId: 'request-1' },
      'viewer',
      {},
      undefined,
    ]);
    expect(at.audited).toMatchObject([
      { reason: 'begun', detail: { request: 'open document', document: ['scan'] } },
      { reason: 'ended', detail: { record: 'complete', sources: ['gp complete 0', 'acute complete 1'] } },
    ]);
  });

  it('is opened to a role that may read what leads to it, and not search for it', async () => {
    const at = region({ roles: [{ ...clinician, scopes: ['patient/DocumentReference.r'] }] });
    expect((await openDocument(at, asked, 'scan')).kind).toBe('open');
  });

  it('is the first that bears its id, where two sources give one', async () => {
    const other = answer('council', { resources: [letter], documents: [{ ...scan, key: 'other' }] });
    const given: SourceDocument[] = [];
    const at = region({
      answers: [gp, acute, other],
      open: async (document) => {
        given.push(document);
        return opened();
      },
    });
    await openDocument(at, asked, 'scan');
    expect(given).toMatchObject([{ key: 'k' }]);
  });

  it.each<[string, Parameters<typeof house>[0], boolean]>([
    ['nothing in the record leads to it', { answers: [gp, { ...acute, resources: [] }] }, true],
    ['its source has it no more', { open: async () => undefined }, true],
    ['a source is missing', { answers: [gp, answer('acute', { status: 'timeout', resources: [] })] }, false],
    [
      'its source has it no more, and another is missing',
      {
        answers: [gp, acute, answer('council', { status: 'timeout', resources: [] })],
        open: async () => undefined,
      },
      false,
    ],
    [
      'a source is missing that ended before the others',
      {
        answers: [answer('acute', { status: 'timeout', resources: [] }), gp],
      },
      false,
    ],
    [
      'the role may find what leads to it and not read it',
      { roles: [{ ...clinician, scopes: ['patient/*.s'] }] },
      true,
    ],
    ['the role does not get what leads to it', { roles: [{ ...clinician, scopes: ['patient/Condition.rs'] }] }, true],
    ['what leads to it is withheld', { withhold: () => [] }, true],
  ])('is not there where %s', async (_name, options, whole) => {
    const at = region(options);
    expect(await openDocument(at, asked, 'scan')).toEqual({ kind: 'nothing', whole });
  });

  it('is not asked of its source where nothing that is released leads to it', async () => {
    let isAsked = false;
    const open = async () => {
      isAsked = true;
      return opened();
    };
    await openDocument(region({ open, withhold: () => [] }), asked, 'scan');
    await openDocument(region({ open }), asked, 'another');
    expect(isAsked).toBe(false);
  });

  it.each<[string, Verdict, boolean]>([
    ['that mentions nothing', read, true],
    ['that cannot be read', { kind: 'unreadable' }, true],
    ['that mentions what is never shown', { kind: 'read', categories: ['hiv'] }, false],
    ['that has more words than can be read', { kind: 'beyond' }, false],
  ])('%s by now is decided anew', async (_name, verdict, isOpen) => {
    const document = opened(verdict);
    const at = region({ open: async () => document });
    const opening = await openDocument(at, asked, 'scan');
    expect(opening).toEqual(isOpen ? { kind: 'open', document } : { kind: 'nothing', whole: true });
    expect(document.body.destroyed).toBe(!isOpen);
    // What was gathered before it changed does not stand: the sources are asked again.
    await openDocument(at, asked, 'another');
    expect(at.asked).toHaveLength(isOpen ? 2 : 4);
  });

  it('whose source fails is said to be out of reach, and the log has its source and its fault', async () => {
    const cause = new SourceError('timeout', 'no answer in time');
    await expect(openDocument(region({ open: () => Promise.reject(cause) }), asked, 'scan')).rejects.toMatchObject({
      code: 'source-unavailable',
      message: expect.stringContaining('cannot be reached just now') as string,
      detail: 'acute timeout',
      cause,
    });
  });

  it('for which something else fails is no source’s fault', async () => {
    const cause = new Error('broken');
    await expect(openDocument(region({ open: () => Promise.reject(cause) }), asked, 'scan')).rejects.toBe(cause);
  });
});
