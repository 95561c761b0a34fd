import { charsetOf, isReadable, sniff } from './media-type.ts';
import { markedUpText } from './marked-up-text.ts';
import { richText } from './rich-text.ts';

/**
 * The words of a document. `unreadable`: a scan, a picture, an unknown type, one that is locked; `text` is then what little
 * stands in its properties. `beyond`: it has words, but more than are read, so that it cannot be decided on; `text` is what
 * was read.
 */
export type DocumentText = { readonly kind: 'text' | 'unreadable' | 'beyond'; readonly text: string };

/** Goes up when what is read of a document changes: what was decided on the words of before is then decided anew. */
export const readerVersion = '1';

/** A text in the encoding that its mark, its media type or its own heading names; else UTF-8 where it is that. */
function decoded(bytes: Uint8Array, contentType: string | undefined): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  const heading = buffer.subarray(0, 1024).toString('latin1');
  const named =
    charsetOf(contentType) ??
    /<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)/i.exec(heading)?.[1] ??
    /<meta[^>]+charset\s*=\s*["']?([\w.:-]+)/i.exec(heading)?.[1];
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    try {
      return new TextDecoder(named === undefined || /^utf-?8$/i.test(named) ? 'windows-1252' : named).decode(bytes);
    } catch {
      return new TextDecoder('windows-1252').decode(bytes);
    }
  }
}

/**
 * Reads a document that is no PDF by what its bytes say it is, not by what is said of it. Undefined for a PDF, which is read
 * in a thread of its own. Pure; its time is linear in the bytes.
 */
export function plainDocumentText(bytes: Uint8Array, contentType: string | undefined): DocumentText | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = sniff(buffer);
  if (type === 'application/pdf') return undefined;
  if (!isReadable(type)) return { kind: 'unreadable', text: '' };
  if (type === 'application/rtf') return { kind: 'text', text: richText(buffer.toString('latin1')) };
  const text = decoded(bytes, contentType);
  // A browser shows as HTML what is said to be that, however it begins.
  const isMarkedUp = type !== 'text' || /html|xml/i.test(contentType ?? '');
  return { kind: 'text', text: isMarkedUp ? markedUpText(text) : text };
}
