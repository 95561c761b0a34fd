import { system } from '../../src/fhir/systems.ts';

/** A CodeableConcept. */
export type Concept = {
  readonly coding?: readonly { readonly system: string; readonly code: string; readonly display?: string }[];
  readonly text?: string;
};

/** A SNOMED CT code with its display, and the words of the sender where they differ. */
export function sct(code: string, display: string, text?: string): Concept {
  return { coding: [{ system: system.snomed, code, display }], ...(text === undefined ? {} : { text }) };
}

/** What a sender only wrote down: no code at all, as happens. */
export function words(text: string): Concept {
  return { text };
}

/** A code of any system. */
export function coded(codeSystem: string, code: string, display: string): Concept {
  return { coding: [{ system: codeSystem, code, display }] };
}

/** Both concepts' codings as one concept, called by the first. */
export function also(first: Concept, ...others: readonly Concept[]): Concept {
  return { ...first, coding: [...(first.coding ?? []), ...others.flatMap((one) => one.coding ?? [])] };
}

/** What a concept is called. */
export function called(concept: Concept): string {
  return concept.text ?? concept.coding?.find((one) => one.display !== undefined)?.display ?? '';
}

const terminology = 'http://terminology.hl7.org/CodeSystem';
const v3 = (name: string) => (code: string, display: string) => coded(`${terminology}/v3-${name}`, code, display);
const base = (name: string) => (code: string, display?: string) =>
  coded(`${terminology}/${name}`, code, display ?? code);

/** The small code systems of FHIR R4 that the stories need. */
export const hl7 = {
  roleCode: v3('RoleCode'),
  interpretation: v3('ObservationInterpretation'),
  allergyClinical: base('allergyintolerance-clinical'),
  allergyVerification: base('allergyintolerance-verification'),
  conditionClinical: base('condition-clinical'),
  conditionVerification: base('condition-ver-status'),
  conditionCategory: base('condition-category'),
  observationCategory: base('observation-category'),
  diagnosticService: (code: string, display: string) => coded(`${terminology}/v2-0074`, code, display),
  consentScope: base('consentscope'),
} as const;
