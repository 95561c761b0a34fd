import { deflateSync } from 'node:zlib';
import Pdf from 'pdfkit';
import { afterEach, describe, expect, it } from 'vitest';
import { createTextReader, type TextReader } from './text-reader.ts';

const open: TextReader[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
function reader(...given: Parameters<typeof createTextReader>): TextReader {
  const made = createTextReader(...given);
  open.push(made);
  return made;
}
const never = new AbortController().signal;

async function letter(pages: number, options: PDFKit.PDFDocumentOptions = {}): Promise<Buffer> {
  const document = new Pdf({ ...options, autoFirstPage: false });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
  });
  for (let page = 0; page < pages; page += 1) document.addPage().text(`Page ${page} of the letter`);
  document.end();
  return done;
}

/** A PDF whose pages all have this content, packed as often as said. */
function packed(content: Buffer, times = 1, pages = 1): Buffer {
  let stream = content;
  for (let time = 0; time < times; time += 1) stream = deflateSync(stream);
  const numbers = Array.from({ length: pages }, (_, page) => page + 4);
  const objects = [
    '1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n',
    `2 0 obj\n<</Type/Pages/Kids[${numbers.map((one) => `${one} 0 R `).join('')}]/Count ${pages}>>\nendobj\n`,
    ...numbers.map(
      (one) => `${one} 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 3 0 R/Resources<<>>>>\nendobj\n`,
    ),
  ];
  const filter = Array.from({ length: times }, () => '/FlateDecode').join('');
  return Buffer.concat([
    Buffer.from(`%PDF-1.4\n${objects.join('')}3 0 obj\n<</Length ${stream.length}/Filter[${filter}]>>\nstream\n`),
    stream,
    Buffer.from(`\nendstream\nendobj\ntrailer\n<</Size ${pages + 4}/Root 1 0 R>>\n%%EOF`),
  ]);
}

const megabyte = 1024 * 1024;

describe('documents are read in a thread of their own', () => {
  it('one after the other, each to its last page', async () => {
    const one = reader({ threads: 1, documentMs: 60_000 });
    const read = await Promise.all([1, 3, 40].map(async (pages) => one.read(await letter(pages), undefined, never)));
    expect(read.map(({ kind }) => kind)).toEqual(['text', 'text', 'text']);
    expect(read.map(({ text }) => text.match(/of the letter/g)?.length)).toEqual([1, 3, 40]);
  });

  it('a scan, a locked one and a broken one have no words', async () => {
    const one = reader({ threads: 1, documentMs: 60_000 });
    const kinds = [];
    for (const file of [
      packed(Buffer.from('0 0 9 9 re f')),
      await letter(1, { userPassword: 'x' }),
      Buffer.from('%PDF-1.7 …'),
    ])
      kinds.push((await one.read(file, 'application/pdf', never)).kind);
    expect(kinds).toEqual(['unreadable', 'unreadable', 'unreadable']);
  });

  it.each([
    ['once', () => packed(Buffer.alloc(160 * megabyte, ' '))],
    ['in itself', () => packed(Buffer.alloc(160 * megabyte, ' '), 2)],
  ])('a bomb that is packed %s is not unpacked to its end, and what comes after it is read', async (_name, bomb) => {
    const one = reader({ threads: 1, documentMs: 20_000 });
    const file = bomb();
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 10);
    expect((await one.read(file, undefined, never)).kind).toBe('beyond');
    clearInterval(watch);
    expect(most - before).toBeLessThan(400 * megabyte);
    expect((await one.read(await letter(1), undefined, never)).kind).toBe('text');
  });

  it('one that takes too long is given up, and what waits behind it has its turn', async () => {
    const one = reader({ threads: 1, documentMs: 0 });
    const both = await Promise.all([1, 2].map(async (pages) => one.read(await letter(pages), undefined, never)));
    expect(both.map(({ kind }) => kind)).toEqual(['beyond', 'beyond']);
  });

  it('one with more pages than are read cannot be decided', async () => {
    const one = reader({ threads: 1, documentMs: 60_000 });
    expect((await one.read(packed(Buffer.from(' '), 1, 2_001), undefined, never)).kind).toBe('beyond');
  });

  it('one that nobody waits for any more is given up, waiting or under way', async () => {
    const one = reader({ threads: 1, documentMs: 60_000 });
    const gone = new AbortController();
    const under = one.read(await letter(500), undefined, gone.signal);
    const waiting = one.read(await letter(1), undefined, gone.signal);
    gone.abort(new Error('gone'));
    await expect(under).rejects.toThrow('gone');
    await expect(waiting).rejects.toThrow('gone');
    await expect(one.read(Buffer.from('x'), undefined, gone.signal)).rejects.toThrow('gone');
    expect((await one.read(await letter(1), undefined, never)).kind).toBe('text');
  });

  it('the server goes on with the rest meanwhile', async () => {
    const one = reader({ threads: 1, documentMs: 60_000 });
    await one.read(await letter(1), undefined, never);
    const file = await letter(200);
    let turns = 0;
    const turn = setInterval(() => (turns += 1), 5);
    await one.read(file, undefined, never);
    clearInterval(turn);
    // Read here, all of it would be one turn.
    expect(turns).toBeGreaterThan(3);
  });

  it('a file full of beginnings takes time in step with its length', async () => {
    const one = reader({ threads: 1, documentMs: 20_000 });
    for (const part of ['<b "', "<a x='", '<!--', '<script', '<![CDATA[', '&#', '{\\rtf1 {\\b '])
      expect(
        (
          await one.read(
            Buffer.from(part.startsWith('{') ? `{\\rtf1 ${part.repeat(300_000)}` : `<html>${part.repeat(600_000)}`),
            undefined,
            never,
          )
        ).kind,
        part,
      ).toBe('text');
  });
});
