import '@mui/material/themeCssVarsAugmentation';
import { createTheme, enhanceHighContrast, type Theme } from '@mui/material/styles';
import { accentIn, type HostStyle } from './host-style.ts';
import { palettes, schemes, type OhcPalette, type Scheme } from './palette.ts';

declare module '@mui/material/styles' {
  interface Palette {
    ohc: OhcPalette;
  }
  interface PaletteOptions {
    ohc?: OhcPalette;
  }
  interface ColorSchemeOverrides {
    contrast: true;
  }
}

const font = 'Arial, "Liberation Sans", Helvetica, sans-serif';
/** For codes, ids and raw FHIR. */
export const codeFont = 'Consolas, "Liberation Mono", monospace';

const px = (value: number): string => `${value / 16}rem`;
const type = (size: number, line: number, fontWeight: 400 | 700) => ({
  fontSize: px(size),
  lineHeight: line / size,
  fontWeight,
  letterSpacing: 0 as const,
});

function muiPalette(scheme: Scheme, { accent }: HostStyle): object {
  const own = palettes[scheme];
  const { page, paper, text, secondary, divider, ohc } = own;
  const { primary, onPrimary } = (accent === undefined ? undefined : accentIn(scheme, accent)) ?? own;
  return {
    mode: scheme === 'light' ? 'light' : 'dark',
    background: { default: page, paper },
    text: { primary: text, secondary, disabled: secondary },
    primary: { main: primary, contrastText: onPrimary },
    error: { main: ohc.status.danger.text },
    divider,
    action: { hover: ohc.selected, selected: ohc.selected, focus: 'transparent' },
    ohc,
  };
}

/** Hatching: not known. Nothing else is ever hatched. */
export function hatching(ground: string, line: string, step = 4): object {
  return {
    backgroundColor: ground,
    backgroundImage: `repeating-linear-gradient(135deg, transparent 0 ${step}px, ${line} ${step}px ${step + 1.25}px)`,
    printColorAdjust: 'exact',
  };
}

const ring = {
  outlineColor: '#FFEB3B',
  outlineWidth: 2,
  outlineStyle: 'solid',
  outlineOffset: 0,
} as const;

function base(style: HostStyle): Theme {
  const { fontFamily, fontSizePx = 14, radiusPx = 4 } = style;
  return createTheme({
    cssVariables: { colorSchemeSelector: 'data-scheme', cssVarPrefix: 'ohc' },
    colorSchemes: {
      light: { palette: muiPalette('light', style) },
      dark: { palette: muiPalette('dark', style) },
      // A custom scheme is taken as it stands: its palette has to be whole.
      contrast: { palette: createTheme({ palette: muiPalette('contrast', style) }).palette },
    },
    spacing: 4,
    shape: { borderRadius: radiusPx },
    breakpoints: { values: { xs: 0, sm: 600, md: 900, lg: 1280, xl: 1600 } },
    transitions: { duration: { enteringScreen: 120, leavingScreen: 120 } },
    motion: { reducedMotion: 'system' },
    focusVisible: { ...ring, boxShadow: '0 0 0 4px var(--ohc-ring, #212B32)' },
    typography: {
      fontFamily: fontFamily === undefined ? font : `${fontFamily}, ${font}`,
      fontSize: 14,
      fontWeightRegular: 400,
      fontWeightMedium: 700,
      fontWeightBold: 700,
      h1: type(20, 28, 700),
      h2: type(15, 20, 700),
      h3: type(14, 20, 700),
      h4: type(24, 32, 700),
      h5: type(18, 24, 700),
      h6: type(16, 20, 700),
      body1: type(14, 20, 400),
      body2: type(13, 18, 400),
      caption: type(12, 16, 400),
      button: { ...type(14, 20, 400), textTransform: 'none' },
    },
    components: {
      MuiButtonBase: { defaultProps: { disableRipple: true, disableTouchRipple: true } },
      MuiCssBaseline: {
        styleOverrides: (theme) => ({
          // All type is in rem: the whole of it grows with the body text that the host wants.
          html: { height: '100%', fontSize: `${(fontSizePx / 14) * 100}%` },
          'body, #root': { height: '100%' },
          body: {
            ...theme.typography.body1,
            backgroundColor: theme.vars.palette.background.default,
            textSizeAdjust: '100%',
          },
          '[data-scheme="contrast"]': { '--ohc-ring': '#000000' },
          '[tabindex="-1"]:focus': { outline: 'none' },
          bdi: { overflowWrap: 'anywhere' },
          'ul, ol, dl, dd, h1, h2, h3, p': { margin: 0 },
          ':focus-visible:where(a, button, input, select, [tabindex]:not([tabindex="-1"]))': {
            ...ring,
            boxShadow: '0 0 0 4px var(--ohc-ring, #212B32)',
          },
        }),
      },
      MuiPaper: { defaultProps: { elevation: 0 }, styleOverrides: { root: { backgroundImage: 'none' } } },
      MuiPopover: {
        defaultProps: { transitionDuration: 0 },
        styleOverrides: {
          paper: ({ theme }) => ({ border: `1px solid ${theme.vars.palette.ohc.control}`, maxWidth: 440 }),
        },
      },
    },
  });
}

/** The theme: every look of the viewer comes from here, within a host as far as its style is taken. */
export function themeWith(style: HostStyle): Theme {
  return Object.keys(style).length === 0 ? theme : enhanceHighContrast(base(style));
}

/** The theme as it is by itself. */
export const theme: Theme = enhanceHighContrast(base({}));

/** The scheme that this browser asks for. */
export function preferredScheme(match: (query: string) => boolean): Scheme {
  if (match('(prefers-contrast: more)')) return 'contrast';
  return match('(prefers-color-scheme: dark)') ? 'dark' : 'light';
}

/** The text as a scheme, or undefined. */
export function schemeOf(value: string | null): Scheme | undefined {
  return schemes.find((one) => one === value);
}
