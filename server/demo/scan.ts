import { crc32, deflateSync } from 'node:zlib';

const [width, height] = [248, 351];

/** The pixels of a grey page with darker lines where the words are, as a scanner of old letters makes it. */
function pixels(lines: number): readonly Buffer[] {
  return Array.from({ length: height }, (_, y) => {
    const written = y > 30 && y % 12 < 4 && y < 30 + lines * 12;
    const row = Buffer.alloc(width, 0xe8);
    if (written) row.fill(0x50, 29, width - 41 - ((y * 7) % 50));
    return row;
  });
}

/** A scanned page as PNG, eight bits of grey. */
export function scannedPng(lines: number): Buffer {
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
  header[8] = 8;
  // Each row begins with how it is filtered: not at all.
  const rows = pixels(lines).flatMap((row) => [Buffer.alloc(1), row]);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Scanned pages as one TIFF, eight bits of grey, not packed. */
export function scannedTiff(pages: readonly number[]): Buffer {
  const parts = [Buffer.from('II*\0\0\0\0\0', 'latin1')];
  let at = 8;
  // Where the place of the next directory is written.
  let [link, offset] = [parts[0], 4];
  for (const lines of pages) {
    const image = Buffer.concat(pixels(lines));
    const tags = [
      [256, width],
      [257, height],
      [258, 8],
      [259, 1],
      [262, 1],
      [273, at],
      [277, 1],
      [278, height],
      [279, image.length],
    ] as const;
    const directory = Buffer.alloc(2 + tags.length * 12 + 4);
    directory.writeUInt16LE(tags.length, 0);
    tags.forEach(([tag, value], index) => {
      directory.writeUInt16LE(tag, 2 + index * 12);
      directory.writeUInt16LE(4, 4 + index * 12);
      directory.writeUInt32LE(1, 6 + index * 12);
      directory.writeUInt32LE(value, 10 + index * 12);
    });
    link?.writeUInt32LE(at + image.length, offset);
    parts.push(image, directory);
    at += image.length + directory.length;
    [link, offset] = [directory, directory.length - 4];
  }
  return Buffer.concat(parts);
}

/** Files as a ZIP, not packed: what Word files lie in. */
export function zipped(files: readonly (readonly [name: string, content: string])[]): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of files) {
    const [title, data] = [Buffer.from(name), Buffer.from(content)];
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt32LE(crc32(data), 10);
    facts.writeUInt32LE(data.length, 14);
    facts.writeUInt32LE(data.length, 18);
    facts.writeUInt16LE(title.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    const body = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, title, data]);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0', 'latin1'), facts, place, title]));
    bodies.push(body);
    at += body.length;
  }
  const all = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(all.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...bodies, all, Buffer.from('PK\x05\x06', 'latin1'), end]);
}
