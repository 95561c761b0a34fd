/** The sections of the viewer, in the order of the rail. */
export const sectionIds = [
  'overview',
  'timeline',
  'problems',
  'medicines',
  'allergies',
  'results',
  'vital-signs',
  'encounters',
  'appointments',
  'procedures',
  'immunisations',
  'documents',
  'care-plans',
  'social-care',
  'mental-health',
  'alerts',
  'people',
  'about',
] as const;
export type SectionId = (typeof sectionIds)[number];

/** What a user may do with what they see that the person can be told of. */
export const lookKinds = ['section', 'item', 'document', 'copy', 'print', 'safeguarding'] as const;
export type LookKind = (typeof lookKinds)[number];

/** One look, as the viewer reports it: where, and by the facade's opaque ids at what. Nothing of what was seen. */
export type Look = {
  readonly kind: LookKind;
  /** The section looked at; of a print all that were chosen. */
  readonly sections: readonly SectionId[];
  /** `Type/id` of each record that was shown side by side, copied or printed; none for a section. */
  readonly items: readonly string[];
  /** ISO instant, by the user's clock. */
  readonly at: string;
};

/** How many looks one report may hold, how many records one look, and how many looks a launch may report in a minute. */
export const lookLimits = { looks: 100, items: 50, perMinute: 600 } as const;
/** A reference to a resource of the facade. */
export const lookItem = /^[A-Z][A-Za-z]{2,39}\/[A-Za-z0-9.-]{1,64}$/;
