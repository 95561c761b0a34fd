import { object, text } from '../fhir/json.ts';
import { contrast } from './contrast.ts';
import { palettes, type Scheme } from './palette.ts';

/**
 * What the viewer takes of a host's look (SMART App Launch 2.2, "Styling"): font, size, corners and the colour of what
 * can be pressed. Colours of status are never the host's to set: they say something about the person.
 */
export type HostStyle = {
  /** Families of {@link families}, in CSS. */
  readonly fontFamily?: string;
  /** Size of body text, px: 14 to 20. */
  readonly fontSizePx?: number;
  /** Corners, px: 0 to 8. */
  readonly radiusPx?: number;
  /** `#RRGGBB`; it stands in a scheme only where {@link accentIn} finds that it can be read there. */
  readonly accent?: string;
};

/**
 * Typefaces that are on NHS desktops or come with a system, all with digits of one width: columns of doses and results
 * stay columns (H7). Nothing is ever loaded.
 */
const families: ReadonlyMap<string, string> = new Map(
  Object.entries({
    arial: 'Arial',
    calibri: 'Calibri',
    'frutiger lt std': '"Frutiger LT Std"',
    helvetica: 'Helvetica',
    'helvetica neue': '"Helvetica Neue"',
    'liberation sans': '"Liberation Sans"',
    'noto sans': '"Noto Sans"',
    'open sans': '"Open Sans"',
    roboto: 'Roboto',
    'segoe ui': '"Segoe UI"',
    tahoma: 'Tahoma',
    verdana: 'Verdana',
    'sans-serif': 'sans-serif',
    'system-ui': 'system-ui',
  }),
);

function readFamilies(value: unknown): string | undefined {
  const given = text(value);
  if (given === undefined || given.length > 200) return undefined;
  const names = given.split(',').map((name) => /^\s*(["']?)([A-Za-z -]{1,40})\1\s*$/.exec(name)?.[2]);
  // Of a list with anything strange in it nothing is taken; a name that is none of ours is passed over.
  if (names.includes(undefined)) return undefined;
  const known = names.flatMap((name) => {
    const family = families.get((name ?? '').trim().toLowerCase());
    return family === undefined ? [] : [family];
  });
  return known.length === 0 ? undefined : known.join(', ');
}

/** A length in px or rem, as px; undefined outside the bounds. */
function readLength(value: unknown, least: number, most: number): number | undefined {
  const [, digits, unit] = /^(\d{1,3}(?:\.\d{1,3})?)(px|rem)$/.exec(text(value) ?? '') ?? [];
  if (digits === undefined) return value === '0' && least === 0 ? 0 : undefined;
  const px = Number(digits) * (unit === 'rem' ? 16 : 1);
  return px >= least && px <= most ? px : undefined;
}

function hex(value: number): string {
  return value.toString(16).padStart(2, '0').toUpperCase();
}

/** A colour as `#RRGGBB`: from `#RGB`, `#RRGGBB` or `rgb(r, g, b)`, and from nothing else. */
function readColour(value: unknown): string | undefined {
  const given = text(value)?.trim() ?? '';
  if (/^#[0-9a-f]{6}$/i.test(given)) return given.toUpperCase();
  const [, short] = /^#([0-9a-f]{3})$/i.exec(given) ?? [];
  if (short !== undefined) return `#${[...short].map((digit) => digit + digit).join('')}`.toUpperCase();
  const parts = /^rgb\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*\)$/i.exec(given)?.slice(1).map(Number);
  return parts === undefined || parts.some((part) => part > 255) ? undefined : `#${parts.map(hex).join('')}`;
}

/**
 * Reads a host's style. Each value stands or falls by itself; one that is not of the form expected, or is out of bounds,
 * is as if it had not been given. Text below 14 px is not taken, since the smallest would then be under 12.
 */
export function readStyle(json: unknown): HostStyle {
  const style = object(json) ?? {};
  const fontFamily = readFamilies(style['font_family_body']);
  const fontSizePx = readLength(style['dim_font_size'], 14, 20);
  const radiusPx = readLength(style['dim_border_radius'], 0, 8);
  const accent = readColour(style['color_highlight']);
  return {
    ...(fontFamily === undefined ? {} : { fontFamily }),
    ...(fontSizePx === undefined ? {} : { fontSizePx }),
    ...(radiusPx === undefined ? {} : { radiusPx }),
    ...(accent === undefined ? {} : { accent }),
  };
}

/** The least contrast of text (WCAG 2.2 AA). */
const least = 4.5;

/**
 * A host's accent as a scheme's colour for what can be pressed, with the text that stands on it. Undefined where it could
 * not be read on every ground of that scheme, or is so like a colour of status that it would be taken for one.
 */
export function accentIn(
  scheme: Scheme,
  accent: string,
): { readonly primary: string; readonly onPrimary: string } | undefined {
  const { page, paper, ohc } = palettes[scheme];
  const grounds = [page, paper, ohc.sunken, ohc.banner, ohc.selected];
  if (grounds.some((ground) => contrast(accent, ground) < least)) return undefined;
  const meaning = Object.values(ohc.status).flatMap(({ text: words, border }) => [words, border]);
  if (meaning.some((colour) => alike(accent, colour))) return undefined;
  const onPrimary = ['#FFFFFF', '#000000'].find((colour) => contrast(accent, colour) >= least);
  return onPrimary === undefined ? undefined : { primary: accent, onPrimary };
}

/** True where two colours are of one hue, both strong: a link in the red of "known allergy" would cry out. */
function alike(a: string, b: string): boolean {
  const [first, second] = [hueOf(a), hueOf(b)];
  if (first === undefined || second === undefined) return false;
  const apart = Math.abs(first - second);
  return Math.min(apart, 360 - apart) < 20;
}

/** The hue in degrees; undefined for a grey, and for what is no `#RRGGBB`. */
function hueOf(colour: string): number | undefined {
  if (!colour.startsWith('#')) return undefined;
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const most = Math.max(r, g, b);
  const span = most - Math.min(r, g, b);
  if (span < 48) return undefined;
  const turn = most === r ? ((g - b) / span) % 6 : most === g ? (b - r) / span + 2 : (r - g) / span + 4;
  return (turn * 60 + 360) % 360;
}
