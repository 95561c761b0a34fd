import { deflateSync } from 'node:zlib';

/** A document as it lies at a source. */
export type DocumentBytes = { readonly contentType: string; readonly bytes: Buffer };

const escapedXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function html(lines: readonly string[]): Buffer {
  const paragraphs = lines.map((line) => `<p>${escapedXml(line).replace(' ', ' <b></b>')}</p>`).join('\n');
  return Buffer.from(`<!doctype html><html><head><title>Letter</title></head><body>${paragraphs}</body></html>`);
}

function rtf(lines: readonly string[]): Buffer {
  // The end of a line is nothing there: a paragraph is.
  const written = lines
    .flatMap((line) => line.split('\n'))
    .map((line) =>
      [...line]
        .map((letter) =>
          /[\\{}]/.test(letter) ? `\\${letter}` : letter < '\u0080' ? letter : `\\u${letter.codePointAt(0)}?`,
        )
        .join(''),
    );
  return Buffer.from(`{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\\f0 ${written.join('\\par\n')}}`, 'latin1');
}

/** A page of Helvetica, its text stream packed; however many lines, all stand on the page. No letter is beyond ASCII but the hyphens and spaces that show as nothing. */
function pdf(lines: readonly string[]): Buffer {
  const shown = lines
    .flatMap((line) => line.split('\n'))
    .map(
      (line) =>
        `(${line
          .replaceAll('\u00a0', ' ')
          .replaceAll('\u00ad', '')
          .replaceAll(/[\\()]/g, String.raw`\$&`)}) Tj T*`,
    )
    .join('\n');
  const leading = Math.min(14, 740 / shown.split('\n').length);
  const stream = deflateSync(Buffer.from(`BT /F1 ${leading * 0.8} Tf ${leading} TL 40 780 Td\n${shown}\nET`, 'latin1'));
  const objects = [
    Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
    Buffer.from('<< /Type /Pages /Kids [3 0 R] /Count 1 >>'),
    Buffer.from(
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    ),
    Buffer.concat([
      Buffer.from(`<< /Length ${stream.byteLength} /Filter /FlateDecode >>\nstream\n`),
      stream,
      Buffer.from('\nendstream'),
    ]),
    Buffer.from('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>'),
  ];
  const parts = [Buffer.from('%PDF-1.4\n')];
  let length = parts[0]?.byteLength ?? 0;
  const offsets: number[] = [];
  for (const [index, object] of objects.entries()) {
    offsets.push(length);
    const part = Buffer.concat([Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    parts.push(part);
    length += part.byteLength;
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(parts);
}

/** The kinds of document whose words can be read, and how their lines are written. */
export const documentKinds = {
  text: (lines) => ({ contentType: 'text/plain', bytes: Buffer.from(lines.join('\n')) }),
  'text in UTF-16': (lines) => ({
    contentType: 'text/plain; charset=utf-16',
    bytes: Buffer.from(`\ufeff${lines.join('\n')}`, 'utf16le'),
  }),
  HTML: (lines) => ({ contentType: 'text/html', bytes: html(lines) }),
  RTF: (lines) => ({ contentType: 'application/rtf', bytes: rtf(lines) }),
  'text called something else': (lines) => ({
    contentType: 'application/octet-stream',
    bytes: Buffer.from(lines.join('\n')),
  }),
  PDF: (lines) => ({ contentType: 'application/pdf', bytes: pdf(lines) }),
} as const satisfies { readonly [kind: string]: (lines: readonly string[]) => DocumentBytes };
export type DocumentKind = keyof typeof documentKinds;

/** A picture: its words cannot be read. */
export function scan(marker: string): DocumentBytes {
  const head = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13]);
  return { contentType: 'image/png', bytes: Buffer.concat([head, Buffer.from(`IHDR${marker}`)]) };
}
