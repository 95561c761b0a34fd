import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { charsetOf, essenceOf, sniff } from './media-type.ts';

describe('what a document’s bytes say that it is', () => {
  it.each([
    ['%PDF-1.7', 'application/pdf'],
    ['junk before\n%PDF-1.7', 'application/pdf'],
    ['{\\rtf1\\ansi x}', 'application/rtf'],
    ['\ufeff<!DOCTYPE html><p>', 'text/html'],
    ['  <HTML>', 'text/html'],
    ['<!-- x --><div>', 'text/html'],
    ['<script>', 'text/html'],
    ['<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', 'text/html'],
    ['<?xml version="1.0"?><!-- x --><svg xmlns="x">', 'image/svg+xml'],
    ['<svg onload="x">', 'image/svg+xml'],
    ['<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3">', 'application/xml'],
    ['<ClinicalDocument>', 'application/xml'],
    ['Dear colleague, 3 < 4', 'text'],
    ['', 'text'],
    ['BMI was 24', 'text'],
    ['\u0000\u0001\u0002', 'unknown'],
  ])('%j', (text, type) => expect(sniff(Buffer.from(text))).toBe(type));

  it.each([
    ['\x89PNG\r\n\x1a\n', 'image/png'],
    ['\xff\xd8\xff\xe0', 'image/jpeg'],
    ['II*\x00', 'image/tiff'],
    ['PK\x03\x04', 'application/zip'],
    ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'application/x-ole-storage'],
    [`${'\x00'.repeat(128)}DICM`, 'application/dicom'],
    ['\xff\xfe<\x00h\x00t\x00m\x00l\x00>\x00', 'text/html'],
    ['\xfe\xff\x00<\x00h\x00t\x00m\x00l\x00>', 'text/html'],
  ])('%j in bytes', (bytes, type) => expect(sniff(Buffer.from(bytes, 'latin1'))).toBe(type));

  it('is said of anything, without a fault', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 5_000 }), (bytes) => void sniff(Buffer.from(bytes))));
  });
});

describe('a media type', () => {
  it('is told from its parameters, and from what is none', () => {
    expect(essenceOf('Text/HTML; charset=UTF-8')).toBe('text/html');
    expect(charsetOf('Text/HTML; charset="UTF-8"')).toBe('utf-8');
    expect(essenceOf('text/html\r\nx: y')).toBeUndefined();
    expect(essenceOf('nonsense')).toBeUndefined();
  });
});
