import Pdf from 'pdfkit';

/** A letter before it has a format. */
export type Letter = {
  readonly format: 'pdf' | 'html';
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
  return letter.format === 'pdf' ? 'application/pdf' : 'text/html; charset=utf-8';
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

async function pdf(letter: Letter): Promise<Buffer> {
  const document = new Pdf({
    size: 'A4',
    margin: 56,
    lang: 'en-GB',
    info: { Title: letter.title, Author: letter.from, CreationDate: letter.created },
  });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (chunk: Buffer) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
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
  return letter.format === 'pdf' ? pdf(letter) : html(letter);
}
