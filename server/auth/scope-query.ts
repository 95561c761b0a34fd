import { isObject } from '../../src/fhir/json.ts';
import type { Resource } from '../../src/fhir/resource.ts';

/** One value of a token parameter as FHIR's search writes it: `code`, `system|code`, `|code` or `system|`. */
type Token = {
  /** As it was written, percent-encoding and all. */
  readonly raw: string;
  /** Absent: any system. Empty: none. */
  readonly system?: string;
  /** Empty: any code of the system. */
  readonly code: string;
};

/** One parameter of a scope's query: a resource holds to it where it has one of the tokens. */
export type Condition = { readonly param: string; readonly tokens: readonly Token[] };

/** A search parameter that can be held against a resource itself: its element, and the types that have it (R4). */
type Parameter = {
  readonly element: string;
  /** True where the element is a plain code, whose system is not in the resource. */
  readonly plain: boolean;
  readonly types: readonly string[];
};

const coded = (element: string, ...types: readonly string[]): Parameter => ({ element, plain: false, types });
const plain = (element: string, ...types: readonly string[]): Parameter => ({ element, plain: true, types });

const parameters: Readonly<Record<string, readonly Parameter[]>> = {
  category: [
    coded(
      'category',
      'CarePlan',
      'CareTeam',
      'Communication',
      'Condition',
      'Consent',
      'DiagnosticReport',
      'DocumentReference',
      'MedicationStatement',
      'Observation',
      'Procedure',
      'ServiceRequest',
    ),
    plain('category', 'AllergyIntolerance'),
  ],
  code: [
    coded(
      'code',
      'AllergyIntolerance',
      'Condition',
      'DiagnosticReport',
      'List',
      'Medication',
      'Observation',
      'Procedure',
      'ServiceRequest',
    ),
    coded(
      'medicationCodeableConcept',
      'MedicationAdministration',
      'MedicationDispense',
      'MedicationRequest',
      'MedicationStatement',
    ),
  ],
  status: [
    plain(
      'status',
      'Appointment',
      'CarePlan',
      'CareTeam',
      'Communication',
      'Composition',
      'Consent',
      'DiagnosticReport',
      'DocumentReference',
      'Encounter',
      'EpisodeOfCare',
      'FamilyMemberHistory',
      'Immunization',
      'List',
      'MedicationAdministration',
      'MedicationDispense',
      'MedicationRequest',
      'MedicationStatement',
      'Observation',
      'Procedure',
      'QuestionnaireResponse',
      'ServiceRequest',
      'Specimen',
      'Task',
    ),
  ],
  'clinical-status': [coded('clinicalStatus', 'AllergyIntolerance', 'Condition')],
  'verification-status': [coded('verificationStatus', 'AllergyIntolerance', 'Condition')],
  type: [
    coded(
      'type',
      'Composition',
      'DocumentReference',
      'Encounter',
      'EpisodeOfCare',
      'Location',
      'Organization',
      'Specimen',
    ),
    plain('type', 'AllergyIntolerance'),
  ],
  class: [coded('class', 'Encounter')],
  'vaccine-code': [coded('vaccineCode', 'Immunization')],
  intent: [plain('intent', 'MedicationRequest', 'ServiceRequest', 'CarePlan', 'Task')],
};

function parameterOf(param: string, type: string): Parameter | undefined {
  return Object.hasOwn(parameters, param) ? parameters[param]?.find(({ types }) => types.includes(type)) : undefined;
}

function tokenOf(raw: string): Token | undefined {
  let value: string;
  try {
    value = decodeURIComponent(raw);
  } catch {
    return undefined;
  }
  const [first = '', second, ...rest] = value.split('|');
  if (rest.length > 0 || /[\\$]/.test(value)) return undefined;
  if (second === undefined) return first === '' ? undefined : { raw, code: first };
  return first === '' && second === '' ? undefined : { raw, system: first, code: second };
}

/**
 * Reads the query of a scope on one resource type: `category=system|code,other&status=final`. Undefined where any of it
 * cannot be held against a resource of that type: without that part the scope would say more than was asked.
 */
export function readQuery(query: string, type: string): readonly Condition[] | undefined {
  const conditions: Condition[] = [];
  for (const part of query.split('&')) {
    const at = part.indexOf('=');
    const param = part.slice(0, Math.max(at, 0));
    const parameter = parameterOf(param, type);
    if (parameter === undefined) return undefined;
    const tokens: Token[] = [];
    for (const raw of part.slice(at + 1).split(',')) {
      const token = tokenOf(raw);
      if (token === undefined || (parameter.plain && token.system !== undefined)) return undefined;
      tokens.push(token);
    }
    conditions.push({ param, tokens });
  }
  return tidy(conditions);
}

/** The query again, in the words it was written in. */
export function writeQuery(conditions: readonly Condition[]): string {
  return conditions.map(({ param, tokens }) => `${param}=${tokens.map(({ raw }) => raw).join(',')}`).join('&');
}

function impliesToken(narrow: Token, wide: Token): boolean {
  if (wide.system !== undefined && wide.system !== narrow.system) return false;
  // An empty code, after a system, stands for all of its codes.
  return wide.code === narrow.code || (wide.code === '' && wide.system !== '');
}

function impliesCondition(narrow: Condition, wide: Condition): boolean {
  return (
    narrow.param === wide.param &&
    narrow.tokens.every((token) => wide.tokens.some((other) => impliesToken(token, other)))
  );
}

/** True where whatever holds to `narrow` holds to `wide` as well. No conditions: everything holds to them. */
export function implies(narrow: readonly Condition[], wide: readonly Condition[]): boolean {
  return wide.every((condition) => narrow.some((one) => impliesCondition(one, condition)));
}

/** Leaves out conditions that another one of them implies. */
function tidy(conditions: readonly Condition[]): readonly Condition[] {
  return conditions.filter(
    (condition, at) =>
      !conditions.some(
        (other, otherAt) =>
          otherAt !== at &&
          impliesCondition(other, condition) &&
          // Of two that say the same the first stays.
          (!impliesCondition(condition, other) || otherAt < at),
      ),
  );
}

/** What holds to both. */
export function both(one: readonly Condition[], other: readonly Condition[]): readonly Condition[] {
  return tidy([...one, ...other]);
}

type Coding = { readonly system?: string; readonly code: string };

/** The codings of an element: a code, a Coding, a CodeableConcept, or a list of those. */
function codingsOf(value: unknown): readonly Coding[] {
  if (Array.isArray(value)) return value.flatMap(codingsOf);
  if (typeof value === 'string') return [{ code: value }];
  if (!isObject(value)) return [];
  if (value['coding'] !== undefined) return codingsOf(value['coding']);
  const { code, system } = value;
  return typeof code === 'string' ? [{ code, ...(typeof system === 'string' ? { system } : {}) }] : [];
}

function matches({ system, code }: Token, coding: Coding): boolean {
  if (system !== undefined && system !== (coding.system ?? '')) return false;
  return code === coding.code || (code === '' && system !== '');
}

/** True where the resource has, for each condition, one of its tokens on the element that the parameter stands for. */
export function holds(conditions: readonly Condition[], resource: Resource): boolean {
  return conditions.every(({ param, tokens }) => {
    const parameter = parameterOf(param, resource.resourceType);
    if (parameter === undefined) return false;
    const codings = codingsOf(resource[parameter.element]);
    return tokens.some((token) => codings.some((coding) => matches(token, coding)));
  });
}
