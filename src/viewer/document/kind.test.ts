import { describe, expect, it } from 'vitest';
import { bytesOfBase64, fileNameOf, kindOf, textOf } from './kind.ts';

const bytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (one) => one.charCodeAt(0));

describe('what a document is shown as', () => {
  it.each([
    ['%PDF-1.7', 'image/png', 'pdf'],
    ['\x89PNG\r\n\x1a\n', 'text/html', 'image'],
    ['II*\x00', 'image/jpeg', 'tiff'],
    ['{\\rtf1 x}', 'text/plain', 'rtf'],
    ['<p>Hello', 'text/html; charset=utf-8', 'html'],
    ['<script>alert(1)</script>', 'text/plain', 'text'],
    ['<script>alert(1)</script>', 'image/png', 'text'],
    ['<script>alert(1)</script>', 'application/octet-stream', 'text'],
    ['<ClinicalDocument/>', 'application/hl7-v3+xml', 'xml'],
    ['PK\x03\x04', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'word'],
    ['PK\x03\x04', 'application/pdf', 'other'],
    ['\x00\x01\x02', 'text/plain', 'other'],
    ['', 'application/pdf', 'text'],
  ])('%j said to be %s: %s', (head, type, kind) => {
    expect(kindOf(bytes(head), type)).toBe(kind);
  });

  it('reads a text in the encoding that it was written in', () => {
    expect(textOf(bytes('caf\xc3\xa9'), 'text/plain')).toBe('café');
    expect(textOf(bytes('caf\xe9'), 'text/plain; charset=utf-8')).toBe('café');
    expect(textOf(bytes('5 \xb5g'), 'text/plain; charset=iso-8859-1')).toBe('5 µg');
    expect(textOf(bytes('\xff\xfeh\x00i\x00'), 'text/plain')).toBe('hi');
    expect(textOf(bytes('<meta charset=windows-1251>\xcf'), 'text/html; charset=utf-8')).toContain('П');
  });

  it('gives a saved copy a name that says nothing of the person', () => {
    expect(fileNameOf('pdf', 'application/pdf')).toBe('document.pdf');
    expect(fileNameOf('word', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document')).toBe(
      'document.docx',
    );
    expect(fileNameOf('image', 'image/jpeg')).toBe('document.jpeg');
    expect(fileNameOf('other', undefined)).toBe('document');
  });

  it('takes what is no base64 for nothing', () => {
    expect(bytesOfBase64('aGk=')).toEqual(bytes('hi'));
    expect(bytesOfBase64('%%%')).toBeUndefined();
  });
});
