import { object, objects, text, type JsonObject } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { ohc } from '../../../src/fhir/systems.ts';

/** Members of a resource or an element, by name. */
export type Members = Readonly<Record<string, unknown>>;

/** How one STU3 member reads in R4: under another name, or as what a function makes of it. */
export type Rules = Readonly<Record<string, string | ((value: unknown, whole: JsonObject) => Members)>>;

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? (value as readonly unknown[]) : value === undefined ? [] : [value];

function merge(into: Record<string, unknown>, members: Members): void {
  for (const [name, value] of Object.entries(members)) {
    const before = into[name];
    if (value === undefined) continue;
    if (name === 'extension') {
      // Whatever stood there: what is kept goes here, so that it must have a place.
      const all = [...listOf(before), ...listOf(value)];
      if (all.length > 0) into[name] = all;
    } else if (before === undefined) into[name] = value;
    else if (Array.isArray(before) && Array.isArray(value)) into[name] = [...listOf(before), ...listOf(value)];
    else if (before !== value) merge(into, kept(name, value));
  }
}

/** An element with its members as R4 has them; a member without a rule stays as it is. */
export function translate(from: JsonObject, rules: Rules): Record<string, unknown> {
  const into: Record<string, unknown> = {};
  for (const name of Object.keys(from)) {
    if (name === '__proto__') continue;
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (typeof rule === 'function') merge(into, rule(from[name], from));
    else if (rule !== undefined) merge(into, { [rule]: from[name] });
    else {
      // What stands beside a primitive (`_assertedDate`) goes where the primitive goes, and is kept where that became a
      // concept or another thing that nothing may stand beside.
      const beside = name.startsWith('_') && Object.hasOwn(rules, name.slice(1)) ? rules[name.slice(1)] : undefined;
      if (typeof beside === 'function') merge(into, keptBeside(name, from[name]));
      else merge(into, { [beside === undefined ? name : `_${beside}`]: from[name] });
    }
  }
  return into;
}

/** A whole resource as R4 of the given type. */
export function translateAs(type: string, from: Resource, rules: Rules): Resource {
  return { ...translate(from, rules), resourceType: type };
}

/** The extension `value[x]` of a STU3 value, by its shape; a value of parts becomes an extension of parts. */
function extensionValue(value: unknown): Members {
  if (typeof value === 'string') return { valueString: value };
  if (typeof value === 'boolean') return { valueBoolean: value };
  if (typeof value === 'number') return { valueDecimal: value };
  const known = object(value) ?? {};
  if (typeof known['reference'] === 'string' || 'display' in known) return { valueReference: known };
  if ('coding' in known) return { valueCodeableConcept: known };
  if ('start' in known || 'end' in known) return { valuePeriod: known };
  if ('contentType' in known) return { valueAttachment: known };
  const names = Object.keys(known);
  if (names.length === 1 && names[0] === 'text') return { valueCodeableConcept: known };
  return { extension: names.flatMap((name) => extensionsOf(name, known[name])) };
}

function extensionsOf(url: string, value: unknown): readonly Members[] {
  if (value === undefined || value === null) return [];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.map((one) => ({ url, ...extensionValue(one) }));
}

/** A STU3 value that R4 has no place for, kept in an extension under its STU3 name. */
export function kept(name: string, value: unknown): { readonly extension: readonly Members[] } {
  return { extension: extensionsOf(`${ohc.gpConnect}${name}`, value) };
}

function keptBeside(name: string, value: unknown): Members {
  const { id, extension } = object(value) ?? {};
  const url = `${ohc.gpConnect}${name}`;
  if (extension === undefined) return { extension: id === undefined ? [] : [{ url, valueString: id }] };
  return { extension: [{ url, ...(id === undefined ? {} : { id }), extension }] };
}

/** A rule that keeps a member in an extension. */
export function keep(name: string): (value: unknown) => Members {
  return (value) => kept(name, value);
}

/** A rule for a member that may repeat in R4. */
export function listed(to: string): (value: unknown) => Members {
  return (value) => ({ [to]: Array.isArray(value) ? value : [value] });
}

/** A rule for a code that is a concept in R4, in the given system; a code that the system lacks stays as text. */
export function concept(to: string, system: string, codes: readonly string[]): (value: unknown) => Members {
  return (value) => {
    const code = text(value);
    if (code === undefined) return { [to]: value };
    return { [to]: codes.includes(code) ? { coding: [{ system, code }] } : { text: code } };
  };
}

/** `context` (an encounter or an episode of care) is `encounter` in R4; an episode is kept in an extension. */
export function context(value: unknown): Members {
  const reference = text(object(value)?.['reference']);
  return reference !== undefined && /(^|\/)EpisodeOfCare\//.test(reference)
    ? kept('context', value)
    : { encounter: value };
}

/** `requester { agent, onBehalfOf }` is a Reference in R4. */
export function requester(value: unknown): Members {
  const { agent, onBehalfOf, ...rest } = object(value) ?? {};
  return {
    ...(agent === undefined ? {} : { requester: agent }),
    ...(onBehalfOf === undefined ? {} : kept('requester-onBehalfOf', onBehalfOf)),
    ...(Object.keys(rest).length === 0 ? {} : agent === undefined ? { requester: rest } : kept('requester', rest)),
  };
}

/** Each object of a list (or the one object) as a rule makes it. */
export function each(to: string, make: (one: JsonObject) => unknown): (value: unknown) => Members {
  return (value) => ({ [to]: objects(value).map(make) });
}

/** What stands for a value that R4 must have and STU3 need not: HL7's word that it is not known. */
export const notKnown = {
  extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
} as const;

/** STU3's request statuses as R4 has them; any other is the same in both. */
export const requestStatus: Readonly<Record<string, string>> = { suspended: 'on-hold', cancelled: 'revoked' };

/** A comment as an Annotation. */
export function annotation(value: unknown): Members {
  return typeof value === 'string' ? { note: [{ text: value }] } : {};
}

/** STU3 doses and rates stand in the dosage itself, R4's in `doseAndRate`. */
export function dosage(one: JsonObject): Members {
  const into: Record<string, unknown> = {};
  const doseAndRate: Record<string, unknown> = {};
  for (const name of Object.keys(one)) {
    if (/^(dose|rate)(Quantity|Range|Ratio|SimpleQuantity)$/.test(name)) doseAndRate[name] = one[name];
    else into[name] = one[name];
  }
  return Object.keys(doseAndRate).length === 0 ? into : { ...into, doseAndRate: [doseAndRate] };
}
