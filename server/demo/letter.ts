import Pdf from 'pdfkit';
import { scannedPng, scannedTiff, zipped } from './scan.ts';

/** A letter before it has a format. */
export type Letter = {
  /** `scan`: a PDF that holds nothing but a picture of a page; `fax`: such pages as TIFF; `photograph`: one as PNG. */
  readonly format: 'pdf' | 'html' | 'rtf' | 'scan' | 'fax' | 'photograph' | 'text' | 'cda' | 'word';
  readonly title: string;
  readonly from: string;
  /** As it stands on the letter. */
  readonly date: string;
  readonly about: string;
  readonly paragraphs: readonly string[];
  /** The day of the letter, so that the file is the same each time. */
  readonly created: Date;
};

const mediaTypes: Readonly<Record<Letter['format'], string>> = {
  pdf: 'application/pdf',
  scan: 'application/pdf',
  html: 'text/html; charset=utf-8',
  rtf: 'application/rtf',
  fax: 'image/tiff',
  photograph: 'image/png',
  text: 'text/plain; charset=utf-8',
  cda: 'application/hl7-v3+xml',
  word: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
};

/** The media type of a letter's format. */
export function mediaTypeOf({ format }: Letter): string {
  return mediaTypes[format];
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

function html(letter: Letter): Buffer {
  const body = letter.paragraphs.map((one) => `<p>${escape(one)}</p>`).join('\n');
  return Buffer.from(
    `<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8"><title>${escape(letter.title)}</title></head>
<body>
<h1>${escape(letter.title)}</h1>
<p>${escape(letter.from)}<br>${escape(letter.date)}</p>
<p><strong>${escape(letter.about)}</strong></p>
${body}
</body></html>
`,
    'utf8',
  );
}

/** As word processors write it: characters beyond ASCII escaped, the heading in a group of its own. */
function rtf(letter: Letter): Buffer {
  const escaped = (text: string): string =>
    text
      .replaceAll(/[\\{}]/g, (mark) => `\\${mark}`)
      .replaceAll(/[^\x20-\x7e]/g, (one) => `\\u${(one.charCodeAt(0) << 16) >> 16}?`);
  const lines = [letter.from, letter.date, letter.about, ...letter.paragraphs].map(
    (one) => `\\pard ${escaped(one)}\\par`,
  );
  return Buffer.from(
    `{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Arial;}}{\\info{\\title ${escaped(letter.title)}}}
{\\b\\fs32 ${escaped(letter.title)}}\\par
${lines.join('\n')}
}`,
    'latin1',
  );
}

const plain = ({ title, from, date, about, paragraphs }: Letter): string =>
  [title, from, date, about, ...paragraphs].join('\n\n');

/** A CDA letter: its text stands in a narrative, the rest in attributes. */
function cda(letter: Letter): string {
  const day = letter.created.toISOString().slice(0, 10).replaceAll('-', '');
  const body = letter.paragraphs.map((one) => `<paragraph>${escape(one)}</paragraph>`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3"><title>${escape(letter.title)}</title><effectiveTime value="${day}"/>
<component><structuredBody><component><section><title>${escape(letter.from)}, ${escape(letter.date)}</title>
<text><paragraph>${escape(letter.about)}</paragraph>${body}</text></section></component></structuredBody></component>
</ClinicalDocument>
`;
}

function word(letter: Letter): Buffer {
  const body = plain(letter)
    .split('\n\n')
    .map((one) => `<w:p><w:r><w:t>${escape(one)}</w:t></w:r></w:p>`)
    .join('');
  return zipped([
    [
      '[Content_Types].xml',
      '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    ],
    [
      '_rels/.rels',
      '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    ],
    [
      'word/document.xml',
      `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
    ],
  ]);
}

async function pdf(letter: Letter): Promise<Buffer> {
  const scanned = letter.format === 'scan';
  const document = new Pdf({
    size: 'A4',
    margin: 56,
    lang: 'en-GB',
    info: { ...(scanned ? {} : { Title: letter.title, Author: letter.from }), CreationDate: letter.created },
  });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
  if (scanned) {
    document.image(scannedPng(6 + letter.paragraphs.length * 3), 0, 0, { width: document.page.width });
    document.end();
    return done;
  }
  document.font('Helvetica-Bold').fontSize(16).text(letter.title).moveDown(0.5);
  document.font('Helvetica').fontSize(10).text(letter.from).text(letter.date).moveDown();
  document.font('Helvetica-Bold').fontSize(11).text(letter.about).moveDown();
  document.font('Helvetica').fontSize(11);
  for (const paragraph of letter.paragraphs) document.text(paragraph).moveDown(0.7);
  document.end();
  return done;
}

/** The bytes of a letter: the same each time. */
export async function bytesOf(letter: Letter): Promise<Buffer> {
  switch (letter.format) {
    case 'html':
      return html(letter);
    case 'rtf':
      return rtf(letter);
    case 'text':
      return Buffer.from(plain(letter), 'utf8');
    case 'cda':
      return Buffer.from(cda(letter), 'utf8');
    case 'word':
      return word(letter);
    case 'fax':
      return scannedTiff(letter.paragraphs.map((one) => 4 + Math.ceil(one.length / 20)));
    case 'photograph':
      return scannedPng(12);
    case 'pdf':
    case 'scan':
      return pdf(letter);
  }
}
