import { objects, text } from '../../src/fhir/json.ts';
import { entriesOf, isResource } from '../../src/fhir/resource.ts';
import { system } from '../../src/fhir/systems.ts';
import type { PartialReason } from './words.ts';

/**
 * The clinical areas of GP Connect Access Record Structured 1.6, each the parameter that asks for it, with the parts that
 * it must or should carry. None is narrowed: beside consultations and problems GP Connect takes no part that does
 * (`includeNotGiven`, `filterStatus`, any search period) and answers INVALID_PARAMETER. There is no parameter for
 * documents: they come with consultations, as DocumentReference. `includeFullRecord` is for record transfers alone.
 */
const parts = {
  includeAllergies: ['includeResolvedAllergies'],
  includeMedication: ['includePrescriptionIssues'],
  includeProblems: [],
  includeConsultations: [],
  includeImmunisations: [],
  includeUncategorisedData: [],
  includeInvestigations: [],
  includeReferrals: [],
  includeDiaryEntries: [],
} as const;
export type Area = keyof typeof parts;

const reasons: Readonly<Record<Area, PartialReason>> = {
  includeAllergies: 'allergies-not-given',
  includeMedication: 'medicines-not-given',
  includeProblems: 'problems-not-given',
  includeConsultations: 'consultations-not-given',
  includeImmunisations: 'immunisations-not-given',
  includeUncategorisedData: 'uncategorised-not-given',
  includeInvestigations: 'investigations-not-given',
  includeReferrals: 'referrals-not-given',
  includeDiaryEntries: 'diary-not-given',
};

/** Every area: all of them are asked for in one call, as GP Connect advises. */
export const everyArea = Object.keys(parts) as readonly Area[];

/** What the first version of GP Connect's structured record had; every practice gives it. */
const firstAreas: readonly Area[] = ['includeAllergies', 'includeMedication'];

/** Where practices record what has no area of its own, a consent code among it. */
const consentArea: Area = 'includeUncategorisedData';

/** The body of `$gpc.getstructuredrecord` for these areas, as FHIR STU3 `Parameters`. */
export function parametersOf(nhsNumber: string, areas: readonly Area[]): string {
  return JSON.stringify({
    resourceType: 'Parameters',
    parameter: [
      { name: 'patientNHSNumber', valueIdentifier: { system: system.nhsNumber, value: nhsNumber } },
      ...areas.map((name) =>
        parts[name].length === 0
          ? { name }
          : { name, part: parts[name].map((part) => ({ name: part, valueBoolean: true })) },
      ),
    ],
  });
}

/** What the issues of an OperationOutcome say in words. Read for parameters' names alone, never passed on. */
function toldIn(outcome: unknown): readonly string[] {
  const issues = isResource(outcome) ? objects(outcome['issue']) : [];
  return issues.flatMap((issue) => [
    text(issue['diagnostics']) ?? '',
    ...objects(issue['details']).map((details) => text(details['text']) ?? ''),
  ]);
}

/** The areas that an OperationOutcome names, by themselves or by one of their parts. */
function namedIn(outcome: unknown): readonly Area[] {
  const told = toldIn(outcome);
  return everyArea.filter((area) => told.some((one) => new RegExp(`\\b${area}\\b`).test(one)));
}

/**
 * What to ask a practice that refused the parameters: all but the areas that it names, or where it names none the two
 * that every version has. Undefined where it is not the areas that it refuses.
 */
export function lesserAreas(refusal: unknown): readonly Area[] | undefined {
  const named = namedIn(refusal);
  if (named.length === everyArea.length) return undefined;
  if (named.length > 0) return everyArea.filter((area) => !named.includes(area));
  return toldIn(refusal).some((one) => one.includes('patientNHSNumber')) ? undefined : firstAreas;
}

/** The areas that a record came without: those that were not asked for, and those that it says itself it leaves out. */
export function areasNotGiven(asked: readonly Area[], bundle: unknown): readonly Area[] {
  const outcomes = entriesOf(bundle).filter((one) => one.resourceType === 'OperationOutcome');
  const said = new Set(outcomes.flatMap(namedIn));
  return everyArea.filter((area) => !asked.includes(area) || said.has(area));
}

/** Why a record without these areas is only a part. */
export function reasonsFor(missing: readonly Area[]): readonly PartialReason[] {
  return missing.map((area) => reasons[area]);
}

/** True where what is missing might be the word that the person does not want to be shared. */
export function mayHideDissent(missing: readonly Area[]): boolean {
  return missing.includes(consentArea);
}
