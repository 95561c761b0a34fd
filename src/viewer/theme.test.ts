import { describe, expect, it } from 'vitest';
import { palettes, schemes, type Scheme, type StatusColour } from './palette.ts';
import { preferredScheme, schemeOf, theme } from './theme.ts';

/** Relative luminance (WCAG 2.2) of `#RRGGBB`. */
function luminance(colour: string): number {
  const channel = (at: number): number => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function ratio(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].toSorted((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function lowest(colour: string, grounds: readonly string[]): number {
  return Math.min(...grounds.map((ground) => ratio(colour, ground)));
}

function grounds(scheme: Scheme): readonly string[] {
  const { page, paper, ohc } = palettes[scheme];
  return [page, paper, ohc.sunken, ohc.banner, ohc.selected, ohc.band];
}

const withoutBand = (scheme: Scheme): readonly string[] => grounds(scheme).slice(0, 5);

describe('the contrast of the theme', () => {
  // Section 3: the lowest ratio over all grounds where the colour may stand, light / dark / contrast.
  it.each([
    ['text', { light: 11.9, dark: 10.7, contrast: 13.3 }],
    ['secondary', { light: 5.2, dark: 6.4, contrast: 13.3 }],
    ['primary', { light: 5.4, dark: 6.6, contrast: 8 }],
  ] as const)('%s reaches what the specification says', (name, listed) => {
    for (const scheme of schemes)
      expect(lowest(palettes[scheme][name], withoutBand(scheme)), scheme).toBeGreaterThan(listed[scheme] - 0.1);
  });

  it('shows the border of a control at 3 to 1 and text on primary at 4.5 to 1', () => {
    for (const scheme of schemes) {
      const { ohc, primary, onPrimary } = palettes[scheme];
      expect(lowest(ohc.control, grounds(scheme)), scheme).toBeGreaterThan(3);
      expect(ratio(onPrimary, primary), scheme).toBeGreaterThan(6.3);
    }
  });

  const listedStatus: Readonly<Record<StatusColour, readonly [light: number, dark: number]>> = {
    danger: [6.4, 6.6],
    critical: [7.6, 9.4],
    conflict: [8.5, 8.5],
    fresh: [6.9, 8.1],
    stale: [7.1, 9.6],
    unknown: [11.9, 10.7],
  };

  it.each(Object.entries(listedStatus))(
    '%s reads on its own ground, on paper, and where a row is chosen',
    (name, [light, dark]) => {
      const status = name as StatusColour;
      for (const scheme of schemes) {
        const { ohc, paper } = palettes[scheme];
        const { text, ground } = ohc.status[status];
        const least = scheme === 'light' ? light : scheme === 'dark' ? dark : 7;
        expect(ratio(text, ground), `${scheme} ground`).toBeGreaterThan(least - 0.1);
        // A filled tag stands on its own ground alone.
        if (status !== 'critical')
          expect(lowest(text, [paper, ohc.selected]), scheme).toBeGreaterThan(Math.min(least, 6.3) - 0.1);
      }
    },
  );

  it('gives every source shape at least 4.9 to 1 on every ground of a row', () => {
    for (const scheme of schemes) {
      const { ohc, paper, page } = palettes[scheme];
      for (const hue of Object.values(ohc.setting))
        expect(lowest(hue, [paper, page]), `${scheme} ${hue}`).toBeGreaterThan(4.85);
    }
  });

  it('keeps the dark banner of someone who died readable', () => {
    for (const scheme of schemes) {
      const { ground, line, text } = palettes[scheme].ohc.deceased;
      expect(lowest(text, [ground, line]), scheme).toBeGreaterThan(7.1);
    }
  });

  it('rings focus with two colours, so that one shows on any ground', () => {
    const ring = ['#FFEB3B', '#212B32'];
    expect(ratio('#FFEB3B', '#212B32')).toBeGreaterThan(11.7);
    for (const scheme of schemes)
      for (const ground of grounds(scheme))
        expect(Math.max(...ring.map((one) => ratio(one, ground)))).toBeGreaterThan(3);
  });
});

describe('the schemes', () => {
  it('follow what the browser asks for, contrast first', () => {
    expect(preferredScheme((query) => query.includes('more'))).toBe('contrast');
    expect(preferredScheme((query) => query.includes('dark'))).toBe('dark');
    expect(preferredScheme(() => false)).toBe('light');
    expect(schemeOf('dark')).toBe('dark');
    expect(schemeOf('green')).toBeUndefined();
  });

  it('hold the own tokens in each', () => {
    for (const scheme of schemes)
      expect(theme.colorSchemes[scheme]?.palette.ohc.status.conflict.text, scheme).toBe(
        palettes[scheme].ohc.status.conflict.text,
      );
  });
});
