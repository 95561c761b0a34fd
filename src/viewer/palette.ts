import type { Setting } from '../fhir/status.ts';

/** The three colour schemes. */
export const schemes = ['light', 'dark', 'contrast'] as const;
export type Scheme = (typeof schemes)[number];

/** The six things that colour is for. */
export const statuses = ['danger', 'critical', 'conflict', 'fresh', 'stale', 'unknown'] as const;
export type StatusColour = (typeof statuses)[number];

/** Text on its ground within its border. */
export type Tint = { readonly text: string; readonly ground: string; readonly border: string };

/** The project's own colours, under `palette.ohc` in every scheme. */
export type OhcPalette = {
  readonly sunken: string;
  readonly banner: string;
  readonly bannerLine: string;
  readonly selected: string;
  readonly control: string;
  readonly band: string;
  /** Lines of hatching behind words. */
  readonly hatch: string;
  readonly deceased: { readonly ground: string; readonly line: string; readonly text: string };
  readonly status: Readonly<Record<StatusColour, Tint>>;
  readonly setting: Readonly<Record<Setting, string>>;
};

/** One scheme's colours, before MUI derives the rest. */
export type SchemePalette = {
  readonly page: string;
  readonly paper: string;
  readonly text: string;
  readonly secondary: string;
  readonly primary: string;
  readonly onPrimary: string;
  readonly divider: string;
  readonly ohc: OhcPalette;
};

/** Every colour of the viewer. Colour is spent on status alone; the rest is ground, text, and blue for what can be pressed. */
export const palettes: Readonly<Record<Scheme, SchemePalette>> = {
  light: {
    page: '#F0F4F5',
    paper: '#FFFFFF',
    text: '#212B32',
    secondary: '#4C6272',
    primary: '#005EB8',
    onPrimary: '#FFFFFF',
    divider: '#D8DDE0',
    ohc: {
      sunken: '#F7F9FA',
      banner: '#E3EDF7',
      bannerLine: '#B9CFE4',
      selected: '#E3EDF7',
      control: '#6B7B87',
      band: '#E9EEF1',
      hatch: '#D8DDE0',
      deceased: { ground: '#37444D', line: '#4A5963', text: '#FFFFFF' },
      status: {
        danger: { text: '#A6180F', ground: '#FDECEA', border: '#D5281B' },
        critical: { text: '#FFFFFF', ground: '#A6180F', border: '#A6180F' },
        conflict: { text: '#5A2A82', ground: '#F3ECF9', border: '#7C4DA8' },
        fresh: { text: '#005A52', ground: '#DDF2EF', border: 'transparent' },
        stale: { text: '#704300', ground: '#FFF1D6', border: '#B86E00' },
        unknown: { text: '#212B32', ground: '#E4EAED', border: '#6B7B87' },
      },
      setting: {
        gp: '#1D5FA8',
        acute: '#A8431A',
        'mental-community': '#6A3FA0',
        council: '#7A5C00',
        'continuing-care': '#1B7340',
        ambulance: '#A3246B',
        'shared-record': '#3E5462',
      },
    },
  },
  dark: {
    page: '#12181C',
    paper: '#1B2328',
    text: '#E9EEF0',
    secondary: '#AEBBC3',
    primary: '#79BBF7',
    onPrimary: '#0B1B2B',
    divider: '#34424B',
    ohc: {
      sunken: '#171E22',
      banner: '#16293B',
      bannerLine: '#2E4A66',
      selected: '#14304A',
      control: '#8495A0',
      band: '#26323A',
      hatch: '#34424B',
      deceased: { ground: '#D8DDE0', line: '#C3CACE', text: '#212B32' },
      status: {
        danger: { text: '#FF9E94', ground: '#3A1A17', border: '#E0655A' },
        critical: { text: '#2A0603', ground: '#FF9E94', border: '#FF9E94' },
        conflict: { text: '#D6B8F3', ground: '#2E2140', border: '#A67BD0' },
        fresh: { text: '#70D6CB', ground: '#10312F', border: 'transparent' },
        stale: { text: '#FFC772', ground: '#33260F', border: '#C98A22' },
        unknown: { text: '#E9EEF0', ground: '#2A353C', border: '#8495A0' },
      },
      setting: {
        gp: '#7FB6F0',
        acute: '#F0976B',
        'mental-community': '#BC9BEA',
        council: '#D9B84A',
        'continuing-care': '#6CC58D',
        ambulance: '#EE8FC0',
        'shared-record': '#B3C1C9',
      },
    },
  },
  contrast: {
    page: '#000000',
    paper: '#000000',
    text: '#FFFFFF',
    secondary: '#FFFFFF',
    primary: '#8FD0FF',
    onPrimary: '#000000',
    divider: '#8A8A8A',
    ohc: {
      sunken: '#000000',
      banner: '#000000',
      bannerLine: '#8A8A8A',
      selected: '#00305C',
      control: '#FFFFFF',
      band: '#2B2B2B',
      hatch: '#3A3A3A',
      deceased: { ground: '#D8DDE0', line: '#C3CACE', text: '#212B32' },
      status: {
        danger: { text: '#FFB0A8', ground: '#2B0B08', border: '#FFB0A8' },
        critical: { text: '#000000', ground: '#FFB0A8', border: '#FFB0A8' },
        conflict: { text: '#E3C8FF', ground: '#1A1024', border: '#E3C8FF' },
        fresh: { text: '#7CF0E2', ground: '#00201D', border: '#7CF0E2' },
        stale: { text: '#FFD27F', ground: '#241A06', border: '#FFD27F' },
        unknown: { text: '#FFFFFF', ground: '#2B2B2B', border: '#FFFFFF' },
      },
      setting: {
        gp: '#8FC8FF',
        acute: '#FFB083',
        'mental-community': '#D9BEFF',
        council: '#FFE07A',
        'continuing-care': '#8DF0B0',
        ambulance: '#FFB0D8',
        'shared-record': '#FFFFFF',
      },
    },
  },
};
