import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accentIn, readStyle } from './host-style.ts';
import { palettes, schemes } from './palette.ts';
import { themeWith } from './theme.ts';

const nothing = {};

describe('a host’s style', () => {
  it('is taken where it is in bounds', () => {
    expect(
      readStyle({
        color_highlight: '#005eb8',
        dim_border_radius: '6px',
        dim_font_size: '1rem',
        font_family_body: "'Segoe UI', Arial, sans-serif",
      }),
    ).toEqual({
      accent: '#005EB8',
      radiusPx: 6,
      fontSizePx: 16,
      fontFamily: '"Segoe UI", Arial, sans-serif',
    });
    expect(readStyle({ color_highlight: '#06c', dim_border_radius: '0' })).toEqual({ accent: '#0066CC', radiusPx: 0 });
    expect(readStyle({ color_highlight: 'rgb(0, 94, 184)' })).toEqual({ accent: '#005EB8' });
  });

  it('takes nothing that colours what a status says, or a ground', () => {
    expect(
      readStyle({
        color_error: '#00ff00',
        color_success: '#00ff00',
        color_background: '#000000',
        color_text: '#000000',
        color_modal_backdrop: '#000000',
        dim_spacing_size: '40px',
        font_family_heading: 'Arial',
      }),
    ).toEqual(nothing);
  });

  it.each([
    { color_highlight: 'red' },
    { color_highlight: 'url(https://evil.example/x)' },
    { color_highlight: '#005eb8;background:url(//evil.example)' },
    { color_highlight: '#005eb8}body{display:none' },
    { color_highlight: 'var(--ohc-palette-text-primary)' },
    { color_highlight: 'rgb(300, 0, 0)' },
    { color_highlight: 'rgba(0, 94, 184, 0)' },
    { color_highlight: '#005eb800' },
    { color_highlight: ['#005eb8'] },
    { color_highlight: '\u{0}#005eb8\n;' },
    { dim_font_size: '8px' },
    { dim_font_size: '13px' },
    { dim_font_size: '40px' },
    { dim_font_size: '16' },
    { dim_font_size: 'calc(100vw)' },
    { dim_font_size: '16px; position: fixed' },
    { dim_font_size: '-16px' },
    { dim_font_size: '1e1px' },
    { dim_border_radius: '50%' },
    { dim_border_radius: '9px' },
    { font_family_body: 'Comic Sans MS' },
    { font_family_body: 'Arial; color: red' },
    { font_family_body: 'Arial, "x"; @import url(//evil.example)' },
    { font_family_body: "Arial', serif}" },
    { font_family_body: 'Arial\\, serif' },
    { font_family_body: 'constructor' },
    { font_family_body: '__proto__, toString' },
    { font_family_body: `${'Arial, '.repeat(100)}Arial` },
  ])('ignores %j', (style) => {
    expect(readStyle(style)).toEqual(nothing);
  });

  it.each([null, undefined, 'color_highlight', 7, [], [{ color_highlight: '#005eb8' }]])('ignores %j whole', (json) => {
    expect(readStyle(json)).toEqual(nothing);
  });

  it('lets no text through to CSS that it did not write itself', () => {
    const key = fc.constantFrom('color_highlight', 'dim_font_size', 'dim_border_radius', 'font_family_body');
    const piece = fc.constantFrom('#', ';', '}', 'url(', '"', "'", '\\', 'Arial', 'px', '16', 'a', ',', ' ', '(', ')');
    const value = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 12 }).map((parts) => parts.join('')),
      fc.anything(),
    );
    fc.assert(
      fc.property(fc.dictionary(key, value), (json) => {
        const { fontFamily = '', accent = '#000000', fontSizePx = 16, radiusPx = 4 } = readStyle(json);
        expect(fontFamily).toMatch(/^[A-Za-z", -]*$/);
        expect((fontFamily.match(/"/g) ?? []).length % 2).toBe(0);
        expect(accent).toMatch(/^#[0-9A-F]{6}$/);
        expect(fontSizePx >= 14 && fontSizePx <= 20 && radiusPx >= 0 && radiusPx <= 8).toBe(true);
      }),
    );
  });
});

describe('a host’s accent', () => {
  it('stands only in the schemes in which it can be read', () => {
    expect(accentIn('light', '#005EB8')).toEqual({ primary: '#005EB8', onPrimary: '#FFFFFF' });
    expect(accentIn('dark', '#005EB8')).toBeUndefined();
    expect(accentIn('light', '#79BBF7')).toBeUndefined();
    expect(accentIn('dark', '#79BBF7')).toEqual({ primary: '#79BBF7', onPrimary: '#000000' });
  });

  it('is never a colour that says something: a link is no allergy, and no conflict', () => {
    for (const scheme of schemes)
      for (const [status, { text }] of Object.entries(palettes[scheme].ohc.status))
        if (status !== 'unknown' && status !== 'critical')
          expect(accentIn(scheme, text), `${scheme} ${status}`).toBeUndefined();
    expect(accentIn('light', '#B00000')).toBeUndefined();
  });
});

describe('the theme within a host', () => {
  it('has the host’s look, and its own colours of status', () => {
    const plain = themeWith({});
    const styled = themeWith({ accent: '#1D4ED8', radiusPx: 8, fontFamily: 'Verdana', fontSizePx: 16 });
    expect(styled.colorSchemes.light?.palette.primary.main).toBe('#1D4ED8');
    expect(styled.colorSchemes.dark?.palette.primary.main).toBe(plain.colorSchemes.dark?.palette.primary.main);
    expect(styled.shape.borderRadius).toBe(8);
    expect(styled.typography.fontFamily).toMatch(/^Verdana, Arial/);
    for (const scheme of schemes)
      expect(styled.colorSchemes[scheme]?.palette.ohc).toEqual(plain.colorSchemes[scheme]?.palette.ohc);
  });
});
