import { readFileSync } from 'node:fs';
import { codingsOf } from '../../../src/fhir/coding.ts';
import { isObject, objects, text, type JsonObject } from '../../../src/fhir/json.ts';
import { isResource, type Resource } from '../../../src/fhir/resource.ts';

/** One element of a FHIR type, as `definitions/` has it: what HL7 publishes of STU3 (3.0.1) and R4 (4.0.1), under CC0. */
export type Element = {
  /** The path without the element's own name: the type, or a group within it (`Observation.component`). */
  readonly of: string;
  readonly name: string;
  /** Empty for a group of elements that stands here; `#path` for one that stands elsewhere. */
  readonly type: string;
  readonly required: boolean;
  readonly many: boolean;
  /** The name before `[x]`, where it is one of several that exclude each other. R4 alone. */
  readonly choice: string;
  /** The codes of a required binding. */
  readonly codes: readonly string[];
};

function read(version: 'r4' | 'stu3'): ReadonlyMap<string, readonly Element[]> {
  const [head = '', ...lines] = readFileSync(new URL(`definitions/${version}.tsv`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n');
  const names = head.split('\t');
  const byOwner = new Map<string, Element[]>();
  for (const line of lines) {
    const cells = line.split('\t');
    const cell = (name: string): string => cells[names.indexOf(name)] ?? '';
    const path = cell('element');
    const of = path.slice(0, path.lastIndexOf('.'));
    const element: Element = {
      of,
      name: path.slice(of.length + 1),
      type: cell('type'),
      required: cell('cardinality').startsWith('1'),
      many: cell('cardinality').endsWith('*'),
      choice: cell('choice'),
      codes: cell('codes') === '' ? [] : cell('codes').split('|'),
    };
    byOwner.set(of, [...(byOwner.get(of) ?? []), element]);
  }
  return byOwner;
}

export const r4 = read('r4');
export const stu3 = read('stu3');

const dateTime = /^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2}))?)?)?$/;
const primitives: Readonly<Record<string, (value: unknown) => boolean>> = {
  boolean: (value) => typeof value === 'boolean',
  decimal: (value) => typeof value === 'number',
  integer: Number.isInteger,
  positiveInt: (value) => Number.isInteger(value) && Number(value) > 0,
  unsignedInt: (value) => Number.isInteger(value) && Number(value) >= 0,
  dateTime: (value) => typeof value === 'string' && dateTime.test(value),
  date: (value) => typeof value === 'string' && /^\d{4}(-\d{2}(-\d{2})?)?$/.test(value),
  instant: (value) => typeof value === 'string' && dateTime.test(value) && value.includes('T'),
  time: (value) => typeof value === 'string' && /^\d{2}:\d{2}:\d{2}/.test(value),
  code: (value) => typeof value === 'string' && /^\S+( \S+)*$/.test(value),
  id: (value) => typeof value === 'string' && /^[A-Za-z0-9\-.]{1,64}$/.test(value),
  uri: (value) => typeof value === 'string' && /^\S+$/.test(value),
};
const words = new Set(['string', 'markdown', 'xhtml', 'base64Binary', 'url', 'canonical', 'oid', 'uuid']);

/** True for a type that is one value and no group of elements. */
export function isPrimitive(type: string): boolean {
  return type in primitives || words.has(type);
}

function isOf(type: string, value: unknown): boolean {
  const check = primitives[type];
  return check === undefined ? typeof value === 'string' && value.trim() !== '' : check(value);
}

const asIs = new Set(['resourceType', 'id', 'meta', 'implicitRules', 'language', 'text', 'contained']);

/** What keeps a resource from being R4: elements that it has not, their number, their types, codes, and rules of HL7's. */
export function faultsOf(resource: Resource): readonly string[] {
  const faults: string[] = [];

  const value = (element: Element, given: unknown, at: string): void => {
    if (isPrimitive(element.type)) {
      if (!isOf(element.type, given)) faults.push(`${at} is no ${element.type}`);
      else if (element.codes.length > 0 && !element.codes.includes(String(given)))
        faults.push(`${at} has no code ${String(given)}`);
    } else if (!isObject(given)) faults.push(`${at} is no ${element.type}`);
    else if (element.type.startsWith('#')) group(given, element.type.slice(1), at);
    else group(given, element.type === '' ? `${element.of}.${element.name}` : element.type, at);
  };

  const beside = (given: unknown, at: string): void => {
    for (const one of Array.isArray(given) ? (given as readonly unknown[]) : [given])
      if (one !== null && !isObject(one)) faults.push(`${at} is no Element`);
      else if (one !== null) extensions(one['extension'], at);
  };

  const extensions = (given: unknown, at: string): void => {
    if (given === undefined) return;
    if (!Array.isArray(given) || given.length === 0) faults.push(`${at}.extension is no list`);
    for (const one of objects(given)) {
      group(one, 'Extension', `${at}.extension`);
      const values = Object.keys(one).filter((name) => /^_?value/.test(name));
      if (values.length > 0 === (one['extension'] !== undefined)) faults.push(`${at}.extension has both or neither`);
    }
  };

  function group(given: JsonObject, of: string, at: string): void {
    const elements = r4.get(of);
    if (elements === undefined) {
      faults.push(`${at} has the unknown type ${of}`);
      return;
    }
    if (Object.keys(given).length === 0) faults.push(`${at} is empty`);
    const chosen = new Map<string, string>();
    for (const [name, one] of Object.entries(given)) {
      if (name === 'extension' || name === 'modifierExtension') extensions(one, at);
      if (name === 'extension' || name === 'modifierExtension' || name === 'id') continue;
      if (at === of && asIs.has(name)) continue;
      const element = elements.find((known) => known.name === name.replace(/^_/, ''));
      if (element === undefined) faults.push(`${at}.${name} is unknown`);
      else if (name.startsWith('_')) beside(one, `${at}.${name}`);
      else if (element.many !== Array.isArray(one)) faults.push(`${at}.${name} is ${element.many ? 'no' : 'a'} list`);
      else if (Array.isArray(one) && one.length === 0) faults.push(`${at}.${name} is an empty list`);
      else
        for (const each of Array.isArray(one) ? (one as readonly unknown[]) : [one])
          value(element, each, `${at}.${name}`);
      if (element !== undefined && element.choice !== '') {
        const other = chosen.get(element.choice);
        if (other !== undefined && other !== element.name) faults.push(`${at} has ${other} and ${element.name}`);
        chosen.set(element.choice, element.name);
      }
    }
    const has = (name: string): boolean => given[name] !== undefined || given[`_${name}`] !== undefined;
    for (const element of elements)
      if (element.required && (element.choice === '' ? !has(element.name) : !chosen.has(element.choice)))
        faults.push(`${at} lacks ${element.choice === '' ? element.name : `${element.choice}[x]`}`);
  }

  group(resource, resource.resourceType, resource.resourceType);
  const error = (name: string): boolean => codingsOf(resource[name]).some((one) => one.code === 'entered-in-error');
  if (resource.resourceType === 'AllergyIntolerance' || resource.resourceType === 'Condition')
    if (error('verificationStatus') && resource['clinicalStatus'] !== undefined)
      faults.push('a clinical status of what was entered in error (ait-2, con-5)');
  if (
    resource.resourceType === 'List' &&
    resource['emptyReason'] !== undefined &&
    objects(resource['entry']).length > 0
  )
    faults.push('a reason for being empty of a list that is not (lst-3)');
  if (resource['orderDetail'] !== undefined && resource['code'] === undefined)
    faults.push('details of no order (prr-1)');
  for (const one of objects(resource['contained']))
    if (isResource(one)) faults.push(...faultsOf(one).map((fault) => `${text(one['id']) ?? ''}: ${fault}`));
  return faults;
}
