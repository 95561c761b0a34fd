import fc from 'fast-check';
import Pdf from 'pdfkit';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { createTextReader } from '../federation/documents/text-reader.ts';
import { createDocumentRules } from './document-words.ts';

const { categories } = await loadConfig('smart-config');
const rules = createDocumentRules(categories);
const reader = createTextReader({ threads: 1 });
afterAll(() => reader.close());
const never = new AbortController().signal;

/** The categories that a file's words meet, the way a source's document is read. */
async function met(file: Buffer | string, contentType?: string): Promise<readonly string[]> {
  const { text } = await reader.read(Buffer.from(file), contentType, never);
  return rules.categoriesIn(text);
}

async function pdf(write: (document: PDFKit.PDFDocument) => unknown, options: PDFKit.PDFDocumentOptions = {}) {
  const document = new Pdf(options);
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
  });
  write(document);
  document.end();
  return done;
}

/** Terms as they stand in the shipped lists, each with the category that it is a sign of. */
const terms = categories.flatMap(({ id, terms: listed }) => listed.map((term) => ({ id, term })));
const anyTerm = fc.constantFrom(...terms);
/** Words that are signs of nothing. */
const benign = fc
  .array(fc.constantFrom('the', 'asthma', 'clinic', 'was', 'reviewed', 'on', '3', 'mg', 'hearing', 'left', 'and'), {
    maxLength: 30,
  })
  .map((words) => words.join(' '));
const around = fc.tuple(benign, anyTerm, benign);

const invisible = fc.constantFrom(
  '\u00ad',
  '\u200b',
  '\u200c',
  '\u200d',
  '\u2060',
  '\ufeff',
  '\u200e',
  '\u2063',
  '\ufe0f',
);
const rtfUnicode = (one: string): string => {
  const unit = one.charCodeAt(0);
  return `\\u${unit > 32_767 ? unit - 65_536 : unit}?`;
};

describe('words of a category in a document', () => {
  it('are found wherever they stand in plain text, and nothing is found where there are none', async () => {
    await fc.assert(
      fc.asyncProperty(around, async ([before, { id, term }, after]) => {
        expect(await met(`${before} ${term} ${after}`)).toContain(id);
        expect(await met(`${before} ${after}`)).toEqual([]);
      }),
    );
  });

  it('are found with anything invisible between their letters', async () => {
    await fc.assert(
      fc.asyncProperty(
        around,
        fc.array(invisible, { minLength: 1, maxLength: 3 }),
        async ([before, found, after], hidden) => {
          const text = [...found.term].join(hidden.join(''));
          expect(await met(`${before} ${text} ${after}`)).toContain(found.id);
        },
      ),
    );
  });

  it('are found across a hyphen at the end of a line', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyTerm.filter(({ term }) => /\p{L}{2}/u.test(term)),
        fc.nat(),
        fc.constantFrom('-\n', '-\r\n', '- \n  ', '\u2010\n'),
        async (found, at, hyphen) => {
          const letters = [...found.term];
          const cuts = letters.flatMap((one, index) =>
            index > 0 && /\p{L}/u.test(one) && /\p{L}/u.test(letters[index - 1] ?? '') ? [index] : [],
          );
          const cut = cuts[at % cuts.length] ?? 1;
          expect(await met(`seen\n${found.term.slice(0, cut)}${hyphen}${found.term.slice(cut)} today`)).toContain(
            found.id,
          );
        },
      ),
    );
  });

  it.each([
    'g o n o r r h o e a',
    'g\u00a0o\u00a0n\u00a0o\u00a0r\u00a0r\u00a0h\u00a0o\u00a0e\u00a0a',
    's e x u a l  h e a l t h',
    's e x u a l health',
    'gonor-\u200b\nrhoea',
    'gonor\u00ac\nrhoea',
  ])('are found as whoever reads it puts it together: %j', (text) => {
    for (const [before, after] of [
      ['', ''],
      ['seen for ', ' today'],
      ['(', ')'],
    ])
      expect(rules.categoriesIn(`${before}${text}${after}`)).toEqual(['sexual-health']);
  });

  it.each(['xg o n o r r h o e a', 'g o n o r r h o e axe', '7g o n o r r h o e a', 'g o n o r r h o e a7'])(
    'are not put together of what belongs to other words: %j',
    (text) => {
      expect(rules.categoriesIn(text)).toEqual([]);
    },
  );

  it('of a category that is switched off are found nowhere', () => {
    const off = categories.map((one) => (one.id === 'hiv' ? { ...one, enabled: false } : one));
    expect(createDocumentRules(off).categoriesIn('HIV clinic; gonorrhoea')).toEqual(['sexual-health']);
    expect(createDocumentRules(off).version).not.toBe(rules.version);
  });

  it.each(['H I V', 'H.I.V.', 'ＨＩＶ', 'H\u00a0I\u00a0V', 'sexual\nhealth', 'sexual \t health', 'gender-\ndysphoria'])(
    'are found as %j',
    async (text) => expect(await met(`Seen for ${text} today`)).not.toEqual([]),
  );

  it('are found in HTML whatever its tags and characters do to them', async () => {
    const disguise = fc.constantFrom(
      (one: string) => `&#${one.codePointAt(0)};`,
      (one: string) => `&#x${one.codePointAt(0)?.toString(16)}`.concat(';'),
      (one: string) => `<b>${one}</b>`,
      (one: string) => `${one}&shy;`,
      (one: string) => `${one}<wbr>`,
      (one: string) => `${one}<!-- x -->`,
      (one: string) => `<span title="a > b">${one}</span>`,
      (one: string) => `${one}&ZeroWidthSpace;`,
      (one: string) => one,
    );
    await fc.assert(
      fc.asyncProperty(
        around,
        fc.array(disguise, { minLength: 30, maxLength: 30 }),
        async ([before, found, after], how) => {
          const word = [...found.term]
            .map((one, index) => (one === ' ' ? '&nbsp;' : (how[index]?.(one) ?? one)))
            .join('');
          expect(await met(`<!doctype html><p>${before} ${word} ${after}</p>`, 'text/html')).toContain(found.id);
        },
      ),
    );
  });

  it.each([
    ['an attribute', '<img alt="HIV clinic">'],
    ['a comment', '<!-- HIV clinic -->'],
    ['a comment without an end', '<p>x</p><!-- HIV clinic'],
    ['a script', '<script>var x = "HIV clinic"</script>'],
    ['a heading of the file', '<html><head><meta name="d" content="HIV"></head></html>'],
    ['a tag without an end', '<p title="HIV'],
    ['CDATA', '<a><![CDATA[HIV]]></a>'],
    ['UTF-16', Buffer.from('\ufeff<p>HIV</p>', 'utf16le')],
    ['another character set', Buffer.from('<?xml version="1.0" encoding="iso-8859-1"?><a>caf\u00e9 HIV</a>', 'latin1')],
  ])('are found in %s', async (_name, file) => {
    expect(await met(Buffer.isBuffer(file) ? file : `<html>${file}`)).toEqual(['hiv']);
  });

  it('are not made by data that stands in a page', async () => {
    const image = Buffer.from('a picture '.repeat(400)).toString('base64');
    expect(await met(`<html><img src="data:image/png;base64,${image.slice(0, 300)}/HIV/${image}">`)).toEqual([]);
  });

  it('are found as codes of a CDA document', async () => {
    const snomed = categories.flatMap((one) => one.listedCodes).find((one) => one.system === 'SNOMED CT')?.code ?? '';
    const cda = (code: string): string =>
      `<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"><code code="${code}" codeSystem="2.16.840.1.113883.6.96"/></ClinicalDocument>`;
    expect(await met(cda(snomed), 'text/xml')).not.toEqual([]);
    expect(await met(cda('195967001'), 'text/xml')).toEqual([]);
  });

  it.each<[string, boolean]>([
    ['<code code="415272006" codeSystem="2.16.840.1.113883.6.96"/>', true],
    ["<code code='415272006' codeSystem='2.16.840.1.113883.6.96'/>", true],
    ['<code code = "415272006" codeSystem = "2.16.840.1.113883.6.96"/>', true],
    ['<code code="415272006" displayName="x" codeSystem="2.16.840.1.113883.6.96"/>', true],
    ['<code code="415272006"\n  codeSystem="2.16.840.1.113883.6.96"/>', true],
    ['<code codeSystem="2.16.840.1.113883.6.96" code="415272006"/>', true],
    ["<code codeSystem='2.16.840.1.113883.6.96' code='415272006'/>", true],
    ['<code codeSystem = "2.16.840.1.113883.6.96" code = "415272006"/>', true],
    ['<code codeSystem="2.16.840.1.113883.6.96" codeSystemName="SNOMED CT" code="415272006"/>', true],
    ['<code codeSystem="2.16.840.1.113883.6.96"\n  code="415272006"/>', true],
    ['<code code="8HTa." codeSystem="2.16.840.1.113883.2.1.6.2"/>', true],
    ['<code code="415272006" codeSystem="2.16.840.1.113883.6.1"/>', false],
    ['<code codeSystem="2.16.840.1.113883.6.1" code="415272006"/>', false],
    ['<a code="415272006"/><b codeSystem="2.16.840.1.113883.6.96"/>', false],
    ['<b codeSystem="2.16.840.1.113883.6.96"/><a code="415272006"/>', false],
    ['<a barcode="415272006" codeSystem="2.16.840.1.113883.6.96"/>', false],
    ['<a codeSystem="2.16.840.1.113883.6.96" barcode="415272006"/>', false],
  ])('are found as a code and its system of one element: %j %j', (element, found) => {
    expect(rules.categoriesIn(`<x>${element}</x>`)).toEqual(found ? ['sexual-health'] : []);
  });

  it('are found in RTF whatever its groups and control words do to them', async () => {
    const disguise = fc.constantFrom(
      (one: string) => `{\\b ${one}}`,
      (one: string) => `{\\rtlch\\fcs1 \\af0 ${one}}`,
      (one: string) => `\\'${one.charCodeAt(0).toString(16).padStart(2, '0')}`,
      (one: string) => rtfUnicode(one),
      (one: string) => `${one}\\-`,
      (one: string) => `${one}\r\n`,
      (one: string) => `${one}{\\*\\bkmkstart a}`.replace('a}', '}'),
      (one: string) => `\\v0 ${one}`,
      (one: string) => one,
    );
    await fc.assert(
      fc.asyncProperty(
        around,
        fc.array(disguise, { minLength: 30, maxLength: 30 }),
        async ([before, found, after], how) => {
          const word = [...found.term].map((one, index) => (one === ' ' ? '\\~' : (how[index]?.(one) ?? one))).join('');
          const file = `{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}\\pard ${before} ${word} ${after}\\par}`;
          expect(await met(file, 'application/rtf')).toContain(found.id);
        },
      ),
    );
  });

  it.each([
    ['a footnote', '{\\footnote HIV}'],
    ['hidden text', '{\\v HIV}'],
    ['its properties', '{\\info{\\title HIV}}'],
    ['a field', '{\\field{\\*\\fldinst HYPERLINK "HIV"}}'],
    ['a cell', 'a\\cell HIV\\cell'],
    ['a destination that nobody knows', '{\\*\\other HIV}'],
    ['text behind bytes', '\\bin3 }}}HIV'],
  ])('are found in %s of RTF', async (_name, part) => {
    expect(await met(`{\\rtf1\\ansi ${part}}`)).toEqual(['hiv']);
  });

  it('are not made by fonts, pictures or styles of RTF', async () => {
    const file = '{\\rtf1{\\fonttbl{\\f0 HIV;}}{\\stylesheet{\\s0 HIV;}}{\\pict 48 HIV }{\\*\\datastore HIV}Asthma}';
    expect(await met(file)).toEqual([]);
  });

  it('are found on any page of a PDF, in pieces, over lines, in notes and in what it says of itself', async () => {
    const lines = 'An ordinary line of a letter. '.repeat(80);
    const files: Readonly<Record<string, Buffer>> = {
      'the last page': await pdf((one) =>
        one.text(lines).addPage().text(lines).addPage().text('Seen at the GUM clinic'),
      ),
      pieces: await pdf((one) =>
        one.text('sexual ', { continued: true }).font('Helvetica-Bold').text('hea', { continued: true }).text('lth'),
      ),
      'spaced letters': await pdf((one) => one.text('HIV', { characterSpacing: 4 })),
      'two lines': await pdf((one) => one.text('gender dys-\nphoria')),
      'a note': await pdf((one) => one.text('Asthma').note(10, 10, 50, 50, 'HIV')),
      'its title': await pdf((one) => one.text('Asthma'), { info: { Title: 'HIV clinic' } }),
      'a scan’s title': await pdf((one) => one.rect(0, 0, 9, 9).fill(), { info: { Title: 'HIV clinic' } }),
      'an outline': await pdf((one) => {
        one.text('Asthma').outline.addItem('HIV');
      }),
      'one that may not be printed': await pdf((one) => one.text('HIV'), { ownerPassword: 'x' }),
      compressed: await pdf((one) => one.text('HIV'), { compress: true }),
    };
    for (const [where, file] of Object.entries(files)) expect(await met(file), where).not.toEqual([]);
    expect(await met(await pdf((one) => one.text(lines)))).toEqual([]);
  });

  it('change what the rules are called, so that nothing is decided by old ones', () => {
    const [first, ...others] = categories;
    const more = first === undefined ? [] : [{ ...first, terms: [...first.terms, 'something new'] }, ...others];
    expect(createDocumentRules(more).version).not.toBe(rules.version);
    expect(createDocumentRules(categories).version).toBe(rules.version);
  });
});
