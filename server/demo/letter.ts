import { crc32, deflateSync } from 'node:zlib';
import Pdf from 'pdfkit';

/** A letter before it has a format. */
export type Letter = {
  /** `scan`: a PDF that holds nothing but a picture of a page. */
  readonly format: 'pdf' | 'html' | 'rtf' | 'scan';
  readonly title: string;
  readonly from: string;
  /** As it stands on the letter. */
  readonly date: string;
  readonly about: string;
  readonly paragraphs: readonly string[];
  /** The day of the letter, so that the file is the same each time. */
  readonly created: Date;
};

/** The media type of a letter's format. */
export function mediaTypeOf(letter: Letter): string {
  if (letter.format === 'html') return 'text/html; charset=utf-8';
  return letter.format === 'rtf' ? 'application/rtf' : 'application/pdf';
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

/** A grey page with darker lines where the words are, as a scanner of old letters makes it. */
function picture(lines: number): Buffer {
  const [width, height] = [248, 351];
  const rows = Array.from({ length: height }, (_, y) => {
    const written = y > 30 && y % 12 < 4 && y < 30 + lines * 12;
    const row = Buffer.alloc(width + 1, 0xe8);
    row[0] = 0;
    if (written) row.fill(0x50, 30, width - 40 - ((y * 7) % 50));
    return row;
  });
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits of grey.
  header[8] = 8;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
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
    document.image(picture(6 + letter.paragraphs.length * 3), 0, 0, { width: document.page.width });
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
  if (letter.format === 'html') return html(letter);
  return letter.format === 'rtf' ? rtf(letter) : pdf(letter);
}
