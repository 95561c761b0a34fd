import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { richTextHtml } from './rich-text.ts';

const html = (rtf: string): string => richTextHtml(rtf).html;

describe('a letter in RTF', () => {
  it('keeps its paragraphs, and what is bold, underlined or struck out', () => {
    expect(
      html('{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}}{\\b Stop} {\\strike ramipril}\\par {\\ul furosemide}\\ulnone\\par}'),
    ).toBe('<p><b>Stop</b> <s>ramipril</s></p>\n<p><u>furosemide</u></p>');
  });

  it('reads characters beyond ASCII in each way that they are written', () => {
    expect(html("{\\rtf1\\ansicpg1252 5 \\'b5g \\u8211?6\\emdash x}")).toBe('<p>5 µg –6—x</p>');
  });

  it('keeps tables, notes, headers and comments, and no property or hidden text', () => {
    const made = html(
      '{\\rtf1{\\info{\\title Secret}}{\\header Trust}\\trowd\\intbl Drug\\cell Dose\\cell\\row\\pard After{\\v hidden}{\\footnote See 2}{\\*\\unknown x}\\par}',
    );
    expect(made).toContain('<tr><td>Drug</td><td>Dose</td></tr>');
    expect(made).toContain('<p>After</p>');
    expect(made).toContain('Header: Trust');
    expect(made).toContain('Note: See 2');
    expect(made).not.toMatch(/Secret|hidden|x</);
  });

  it('says how many pictures are not shown', () => {
    expect(
      richTextHtml('{\\rtf1 a{\\pict\\pngblip 89504e47}b{\\*\\shppict{\\pict 00}}{\\nonshppict{\\pict 00}}}').left,
    ).toBe(2);
    expect(html('{\\rtf1 a{\\pict\\pngblip 89504e47}b}')).toBe('<p>ab</p>');
  });

  it('lets no markup of its text through, and never throws', () => {
    expect(html('{\\rtf1 <script>x</script>}')).toBe('<p>&lt;script&gt;x&lt;/script&gt;</p>');
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('{', '}', '\\', 'b', 'u', '*', "'", '1', '-', ' ', 'par', '<', 'v') }),
        (noise) => {
          expect(html(`{\\rtf1 ${noise}`)).not.toMatch(/<(?!\/?(?:p|b|i|u|s|sup|sub|br|hr|table|tbody|tr|td)\b)/);
        },
      ),
    );
  });
});
