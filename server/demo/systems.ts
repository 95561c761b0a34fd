/** How a UK Core R4 system of the demo behaves: each differs, because real ones do. */
export type R4Style = {
  /** `everything`: `Patient/{id}/$everything`; `search`: one search a type. */
  readonly asked: 'everything' | 'search';
  /** Resources on a page; the rest behind `next` links. */
  readonly pageSize: number;
  readonly ids: 'uuid' | 'number' | 'slug';
  readonly references: 'relative' | 'absolute';
  /** Staff as resources of their own, contained, or only as a display. */
  readonly staff: 'resource' | 'contained' | 'display';
  /** Whether it says when a resource was last updated, and when a fact was recorded. */
  readonly lastUpdated: boolean;
  readonly recordedDate: boolean;
};

/** A UK Core R4 system. `id` is the key of its switch and of its lines in the log. */
export type R4System = {
  readonly kind: 'fhir-r4';
  readonly id: string;
  readonly path: string;
  readonly ods: string;
  readonly name: string;
  readonly latencyMs: number;
  /** How old its data usually is; its Bundles say so in `meta.lastUpdated`. */
  readonly dataAgeHours: number;
  readonly style: R4Style;
};
export type OtherSystem = {
  readonly kind: 'pds' | 'gp-connect';
  readonly id: string;
  readonly path: string;
  readonly name: string;
  readonly latencyMs: number;
};
export type System = R4System | OtherSystem;

const plain = { references: 'relative', staff: 'resource', lastUpdated: true, recordedDate: true } as const;

export const r4Systems = [
  {
    kind: 'fhir-r4',
    id: 'uhnm',
    path: '/uhnm/fhir',
    ods: 'RJE',
    name: 'University Hospitals of North Midlands',
    latencyMs: 60,
    dataAgeHours: 0,
    style: { ...plain, asked: 'everything', pageSize: 2000, ids: 'uuid' },
  },
  {
    kind: 'fhir-r4',
    id: 'uhdb',
    path: '/uhdb/fhir',
    ods: 'RTG',
    name: 'University Hospitals of Derby and Burton',
    latencyMs: 35,
    dataAgeHours: 0.5,
    style: { ...plain, asked: 'search', pageSize: 10, ids: 'number', references: 'absolute' },
  },
  {
    kind: 'fhir-r4',
    id: 'mpft',
    path: '/mpft/fhir',
    ods: 'RRE',
    name: 'Midlands Partnership University NHS Foundation Trust',
    latencyMs: 180,
    dataAgeHours: 12,
    style: { ...plain, asked: 'everything', pageSize: 25, ids: 'slug' },
  },
  {
    kind: 'fhir-r4',
    id: 'nscht',
    path: '/nscht/fhir',
    ods: 'RLY',
    name: 'North Staffordshire Combined Healthcare',
    latencyMs: 45,
    dataAgeHours: 12,
    style: { ...plain, asked: 'search', pageSize: 20, ids: 'number', staff: 'contained', recordedDate: false },
  },
  {
    kind: 'fhir-r4',
    id: 'scc',
    path: '/scc/fhir',
    ods: '413',
    name: 'Staffordshire County Council',
    latencyMs: 90,
    dataAgeHours: 72,
    style: { ...plain, asked: 'search', pageSize: 50, ids: 'slug', staff: 'display', recordedDate: false },
  },
  {
    kind: 'fhir-r4',
    id: 'stc',
    path: '/stc/fhir',
    ods: '414',
    name: 'Stoke-on-Trent City Council',
    latencyMs: 140,
    dataAgeHours: 30,
    style: { ...plain, asked: 'everything', pageSize: 100, ids: 'uuid', lastUpdated: false },
  },
  {
    kind: 'fhir-r4',
    id: 'chc',
    path: '/chc/fhir',
    ods: '0CX',
    name: 'Midlands and Lancashire continuing healthcare',
    latencyMs: 55,
    dataAgeHours: 60,
    style: { ...plain, asked: 'search', pageSize: 20, ids: 'number', lastUpdated: false },
  },
  {
    kind: 'fhir-r4',
    id: 'wmshcr',
    path: '/wmshcr/fhir',
    ods: 'QHL',
    name: 'West Midlands Shared Care Record',
    latencyMs: 400,
    dataAgeHours: 20,
    style: { ...plain, asked: 'everything', pageSize: 100, ids: 'uuid', references: 'absolute' },
  },
] as const satisfies readonly R4System[];

export type R4SystemId = (typeof r4Systems)[number]['id'];

/** Every system behind the one port, in the order of the switches' page. */
export const systems: readonly System[] = [
  {
    kind: 'pds',
    id: 'pds',
    path: '/pds/personal-demographics/FHIR/R4',
    name: 'Personal Demographics Service',
    latencyMs: 20,
  },
  { kind: 'gp-connect', id: 'gp', path: '/gp', name: 'GP practices (GP Connect)', latencyMs: 120 },
  ...r4Systems,
];

/** A practice that GP Connect reaches; `sharing` false: it answers that the organisation does not consent. */
export type Practice = {
  readonly ods: string;
  readonly name: string;
  readonly phone: string;
  readonly sharing: boolean;
  /** The code system that its own codes are in, beside SNOMED CT. */
  readonly legacy: 'Read v2' | 'CTV3';
  readonly gp: { readonly title: string; readonly given: string; readonly family: string };
};

export const practices: readonly Practice[] = [
  {
    ods: 'M83001',
    name: 'Etruria Vale Surgery',
    phone: '01632 960104',
    sharing: true,
    legacy: 'Read v2',
    gp: { title: 'Dr', given: 'Aisha', family: 'Rahman' },
  },
  {
    ods: 'M83002',
    name: 'Hanford Health Centre',
    phone: '01632 960105',
    sharing: true,
    legacy: 'CTV3',
    gp: { title: 'Dr', given: 'Owen', family: 'Platt' },
  },
  {
    ods: 'M83003',
    name: 'Meir Park Surgery',
    phone: '01632 960106',
    sharing: false,
    legacy: 'Read v2',
    gp: { title: 'Dr', given: 'Lorna', family: 'Finney' },
  },
];

/** The practice outside the region: the demographics service names it, GP Connect here does not reach it. */
export const practiceOutside = { ods: 'C81998', name: 'Dovecote Lane Practice, Derby' } as const;
