import { codingsOf, hasCode, nameOf, type Coding } from '../fhir/coding.ts';
import { lookup, number, object, objects, text, type JsonObject } from '../fhir/json.ts';
import { system } from '../fhir/systems.ts';
import {
  amountOf,
  choiceDates,
  conceptKeys,
  formatNumber,
  identifierKeys,
  joined,
  namesOf,
  notesOf,
  quantityText,
  statusOf,
  statusWord,
  unitOf,
  whenOf,
} from './element.ts';
import { attachmentOf } from './attachments.ts';
import { fact, type Fact, type Reader } from './fact.ts';
import type { Flag, SectionId, Value } from './record.ts';
import { specimenOf } from './analyte.ts';
import { unitKey } from './unit.ts';
import { words } from './words.ts';

const vitalCodes = new Set(
  // LOINC, then SNOMED CT: pressure, pulse, temperature, breathing, saturation, weight, height, BMI, head, NEWS2, ACVPU.
  '85354-9 55284-4 8480-6 8462-4 8867-4 8310-5 9279-1 2708-6 59408-5 29463-7 3141-9 8302-2 39156-5 9843-4 8287-5 8289-1 75367002 163020007 72313002 271649006 271650006 1091811000000102 364075005 78564009 431314004 386725007 276885007 86290005 103228002 431314004 27113001 50373000 60621009 363812007 1104051000000101 1104441000000107'.split(
    ' ',
  ),
);
const socialCodes = new Set(
  '72166-2 11367-0 74013-4 11331-6 229819007 160573003 897148007 365981007 228273003 77176002 8517006 266919005 365980008'.split(
    ' ',
  ),
);

const systolic = new Set(['8480-6', '271649006', '72313002', '400974009']);
const diastolic = new Set(['8462-4', '271650006', '1091811000000102', '400975005']);

const flags: Readonly<Record<string, Flag | 'normal'>> = {
  h: 'high',
  hu: 'high',
  '>': 'high',
  l: 'low',
  lu: 'low',
  '<': 'low',
  hh: 'critical-high',
  ll: 'critical-low',
  aa: 'critical',
  a: 'abnormal',
  pos: 'abnormal',
  n: 'normal',
  neg: 'normal',
};

function flagOf(interpretation: unknown): Flag | 'normal' | undefined {
  for (const one of codingsOf(interpretation)) {
    const flag = lookup(flags, one.code?.toLowerCase());
    if (flag !== undefined) return flag;
  }
  const named = namesOf(interpretation).join(' ').toLowerCase();
  if (named === '') return undefined;
  const critical = /critical|panic/.test(named);
  if (/(above|high)/.test(named)) return critical ? 'critical-high' : 'high';
  if (/(below|low)/.test(named)) return critical ? 'critical-low' : 'low';
  return critical ? 'critical' : undefined;
}

type Range = { readonly text: string | undefined; readonly low: number | undefined; readonly high: number | undefined };

const noRange: Range = { text: undefined, low: undefined, high: undefined };

/**
 * The reference range in its own words. A bound in another unit than the value's keeps that unit beside it and is no
 * number to draw or compare the value with (H5).
 */
function rangeOf(ranges: unknown, unit: string | undefined): Range {
  const all = objects(ranges);
  if (all.length === 0) return noRange;
  // A range that is said to be something else than the usual one (a target, a range for treatment) flags nothing.
  const normal = all.find((one) => one['type'] === undefined || hasNormal(one['type']));
  const [low, high] = [boundOf(normal?.['low'], unit), boundOf(normal?.['high'], unit)];
  const [lowText, highText] = [low?.text, high?.text];
  const told = text(normal?.['text']);
  const made =
    lowText !== undefined && highText !== undefined
      ? `${lowText}–${highText}`
      : lowText !== undefined
        ? `≥${lowText}`
        : highText !== undefined
          ? `≤${highText}`
          : undefined;
  const rest = all.filter((one) => one !== normal).map((one) => joined([nameOf(one['type']), text(one['text'])], ' '));
  return {
    text: joined([made ?? told, ...rest]),
    low: low?.number,
    high: high?.number,
  };
}

/** A bound without a unit is in the value's unit. */
function boundOf(quantity: unknown, unit: string | undefined): Pick<Value, 'text' | 'number'> | undefined {
  const bound = object(quantity);
  if (bound === undefined) return undefined;
  const own = unitOf(bound);
  const isIn = own === undefined || unitKey(own) === unitKey(unit);
  const told = isIn ? amountOf(bound) : quantityText(bound);
  return told === undefined ? undefined : { text: told, number: isIn ? number(bound['value']) : undefined };
}

function hasNormal(concept: unknown): boolean {
  return codingsOf(concept).some((one) => one.code === 'normal') || nameOf(concept)?.toLowerCase() === 'normal';
}

function rangeText(value: unknown): string | undefined {
  const range = object(value);
  if (range === undefined) return undefined;
  return joined([quantityText(range['low']), quantityText(range['high'])], '–');
}

function ratioText(value: unknown): string | undefined {
  const ratio = object(value);
  if (ratio === undefined) return undefined;
  return joined([quantityText(ratio['numerator']), quantityText(ratio['denominator'])], ' : ');
}

/** A value exactly as it was recorded, with its unit beside it; never converted (H5). */
export function valueOf(element: JsonObject): Value | undefined {
  const quantity = object(element['valueQuantity']);
  const unit = quantity === undefined ? undefined : unitOf(quantity);
  const range = rangeOf(element['referenceRange'], unit);
  const told = quantity === undefined ? undefined : amountOf(quantity);
  const plainNumber = number(element['valueInteger']) ?? number(element['valueDecimal']);
  const other =
    told ??
    nameOf(element['valueCodeableConcept']) ??
    text(element['valueString']) ??
    (plainNumber === undefined ? undefined : formatNumber(plainNumber)) ??
    (typeof element['valueBoolean'] === 'boolean' ? (element['valueBoolean'] ? 'Yes' : 'No') : undefined) ??
    rangeText(element['valueRange']) ??
    ratioText(element['valueRatio']) ??
    dateText(element['valueDateTime'] ?? element['valuePeriod']) ??
    text(element['valueTime']) ??
    (object(element['valueSampledData']) === undefined
      ? undefined
      : text(object(element['valueSampledData'])?.['data']));
  if (other === undefined) return undefined;
  const exact =
    quantity === undefined
      ? plainNumber
      : text(quantity['comparator']) === undefined
        ? number(quantity['value'])
        : undefined;
  const said = flagOf(element['interpretation']);
  const measured: Flag | undefined =
    exact === undefined
      ? undefined
      : range.high !== undefined && exact > range.high
        ? 'high'
        : range.low !== undefined && exact < range.low
          ? 'low'
          : undefined;
  return {
    text: other,
    unit,
    number: exact,
    flag: said === undefined ? measured : said === 'normal' ? undefined : said,
    range: range.text,
    low: range.low,
    high: range.high,
  };
}

function dateText(value: unknown): string | undefined {
  return value === undefined ? undefined : whenOf(value).text;
}

const statusWords: Readonly<Record<string, string>> = {
  preliminary: words.preliminary,
  registered: words.notYetReported,
  partial: words.preliminary,
  amended: words.corrected,
  corrected: words.corrected,
  appended: words.corrected,
  cancelled: words.cancelled,
};

/** Preliminary and corrected results carry their word; final ones none (H17). */
function resultStatus(status: string | undefined): string | undefined {
  if (status === undefined || status === 'final') return undefined;
  return lookup(statusWords, status) ?? statusWord(status);
}

function categoriesOf(resource: JsonObject): string {
  let said = '';
  for (const one of codingsOf(resource['category'])) said += ` ${one.code ?? ''}`;
  for (const name of namesOf(resource['category'])) said += ` ${name}`;
  return said.toLowerCase();
}

type Home = { readonly section: SectionId; readonly subsection: string };

function homeOf({ resource, setting }: Reader, codes: readonly Coding[]): Home {
  const categories = categoriesOf(resource);
  if (categories.includes('vital-signs') || codes.some((one) => vitalCodes.has(one.code ?? '')))
    return { section: 'vital-signs', subsection: 'current' };
  if (setting === 'council' || setting === 'continuing-care')
    return { section: 'social-care', subsection: 'assessments' };
  if (setting === 'mental-community' && /survey|therapy|exam|assessment/.test(categories))
    return { section: 'mental-health', subsection: 'assessments' };
  if (categories.includes('social-history') || codes.some((one) => socialCodes.has(one.code ?? '')))
    return { section: 'immunisations', subsection: 'prevention' };
  if (/imaging|radiology|\brad\b/.test(categories)) return { section: 'results', subsection: 'radiology' };
  if (/laboratory|\blab\b|haematology|hematology|chemistry/.test(categories))
    return { section: 'results', subsection: 'blood' };
  if (codes.some((one) => one.system === system.loinc) && resource['valueQuantity'] !== undefined)
    return { section: 'results', subsection: 'blood' };
  if (
    resource['specimen'] !== undefined ||
    (resource['valueQuantity'] !== undefined && resource['referenceRange'] !== undefined)
  )
    return { section: 'results', subsection: 'blood' };
  return { section: 'results', subsection: 'other' };
}

/** Who measured or which specimen, where that can be told exactly; else undefined. */
function performerKey(reader: Reader): string | undefined {
  for (const one of objects(reader.resource['performer'])) {
    const target = reader.follow(one) ?? one;
    const ods = objects(target['identifier']).find((id) => text(id['system']) === system.odsOrganisation);
    const value = text(ods?.['value']);
    if (value !== undefined) return value;
  }
  const specimen = reader.follow(object(reader.resource['specimen']));
  const keys = specimen === undefined ? [] : identifierKeys(specimen, 'accessionIdentifier', 'identifier');
  return keys[0];
}

/** Which specimen was tested: as the specimen is called, else as the test's own name tells it. */
function specimenIn(reader: Reader, test: string): string | undefined {
  const specimen = reader.follow(object(reader.resource['specimen']));
  const kind = specimen === undefined ? undefined : nameOf(specimen['type']);
  return specimenOf(kind === undefined ? test : `${kind} ${test}`);
}

/** Observation: results, vital signs, social history and what else was observed. */
export function readObservation(reader: Reader): Fact {
  const { resource } = reader;
  const home = homeOf(reader, codingsOf(resource['code']));
  const name = nameOf(resource['code']);
  const status = statusOf(resource['status']);
  const inError = status === 'entered-in-error';
  const when = whenOf(...choiceDates(resource, 'effective'), resource['issued']);
  const components = objects(resource['component']).map((one) => ({
    name: nameOf(one['code']) ?? words.nameNotRecorded,
    codes: codingsOf(one['code']),
    value: valueOf(one),
  }));
  const pressure = pressureOf(components);
  const own = valueOf(resource);
  const value = own ?? pressure;
  const concept = conceptKeys(resource['code']);
  const specimen = specimenIn(reader, name ?? '');
  const said = value === undefined ? componentText(components) : `${value.text} ${value.unit ?? ''}`;
  const told = said ?? namesOf(resource['dataAbsentReason'])[0] ?? '';
  const absent = value === undefined && components.length === 0 ? namesOf(resource['dataAbsentReason'])[0] : undefined;
  const moment = when.date;
  const who = performerKey(reader);
  // Rule 6: the same test at the same instant with the same value and unit, from the same laboratory or specimen.
  const exact = moment?.precision === 'time' && who !== undefined;
  const on = ` on ${moment === undefined ? when.text : `${moment.year}-${moment.month}-${moment.day}`} ${told}`;
  const dayKeys = concept.map((one) => one + on);
  const at = moment?.precision === 'time' ? ` at ${moment.instant} ${told}` : undefined;
  const instantKeys = at === undefined ? [] : concept.map((one) => one + at);
  return fact(reader, {
    ...home,
    title: name ?? words.nameNotRecorded,
    status: resultStatus(status),
    value,
    detail: joined([
      value === undefined ? (componentText(components) ?? absent) : undefined,
      value !== undefined && components.length > (value === pressure ? 2 : 0) ? componentText(components) : undefined,
      ...namesOf(resource['bodySite']),
      ...notesOf(resource['note']),
      ...notesOf(resource['comment']),
    ]),
    when,
    struckThrough: inError,
    keys: exact
      ? [...identifierKeys(resource), ...instantKeys.map((one) => `${one} ${who}`)]
      : identifierKeys(resource),
    offers: exact ? [...instantKeys, ...dayKeys] : moment?.precision === 'time' ? dayKeys : [],
    seeks: exact ? [] : instantKeys.length > 0 ? instantKeys : dayKeys,
    concept,
    rank: status === 'corrected' || status === 'amended' ? 0 : status === 'final' ? 1 : 2,
    compared: { value: told === '' ? undefined : told, status, 'reference range': value?.range, flag: value?.flag },
    result: {
      scale: `${specimen ?? ''}|${unitKey(value?.unit)}`,
      specimen,
      status: resultStatus(status),
      components: components.map(({ name, value }) => ({ name, value })),
      results: [...objects(resource['hasMember']), ...objects(resource['related']).map((one) => one['target'])]
        .map((one) => reader.entryId(one))
        .filter((one) => one !== undefined),
    },
  });
}

type Component = {
  readonly name: string;
  readonly codes: readonly { readonly code?: string }[];
  readonly value: Value | undefined;
};

/** Blood pressure as one value, `140/85`, where both sides and one unit are there. */
function pressureOf(components: readonly Component[]): Value | undefined {
  const side = (codes: ReadonlySet<string>): Value | undefined =>
    components.find((one) => one.codes.some((code) => codes.has(code.code ?? '')))?.value;
  const [upper, lower] = [side(systolic), side(diastolic)];
  if (upper === undefined || lower === undefined || upper.unit !== lower.unit) return undefined;
  return { ...upper, text: `${upper.text}/${lower.text}`, number: undefined, flag: upper.flag ?? lower.flag };
}

function componentText(components: readonly Component[]): string | undefined {
  return joined(components.map((one) => joined([one.name, one.value?.text, one.value?.unit], ' ')));
}

/** DiagnosticReport: a report whole, with its results and its conclusion. */
export function readReport(reader: Reader): Fact {
  const { resource } = reader;
  const status = statusOf(resource['status']);
  const kinds = categoriesOf(resource);
  const radiology =
    /radiology|imaging|\brad\b|\bct\b|\bmrx?\b|\brus\b|ultrasound|\bxr\b/.test(kinds) ||
    resource['imagingStudy'] !== undefined;
  return fact(reader, {
    section: 'results',
    subsection: radiology ? 'radiology' : 'reports',
    title: nameOf(resource['code']) ?? words.nameNotRecorded,
    status: resultStatus(status),
    detail: joined([
      text(resource['conclusion']),
      ...namesOf(resource['conclusionCode']),
      ...notesOf(resource['note']),
    ]),
    when: whenOf(...choiceDates(resource, 'effective'), resource['issued']),
    struckThrough: status === 'entered-in-error',
    keys: identifierKeys(resource),
    rank: status === 'corrected' || status === 'amended' ? 0 : status === 'final' ? 1 : 2,
    compared: { status },
    result: {
      scale: undefined,
      status: resultStatus(status),
      components: [],
      results: objects(resource['result'])
        .map((one) => reader.entryId(one))
        .filter((one) => one !== undefined),
    },
    attachments: objects(resource['presentedForm']).map(attachmentOf),
  });
}

/** ImagingStudy and Media: what was imaged. */
export function readImaging(reader: Reader): Fact {
  const { resource } = reader;
  const status = statusOf(resource['status']);
  const series = objects(resource['series']);
  const modality = joined([...namesOf(resource['modality']), ...namesOf(series.map((one) => one['modality']))], ', ');
  const site = joined(namesOf(series.map((one) => one['bodySite'])), ', ');
  return fact(reader, {
    section: 'results',
    subsection: 'radiology',
    title:
      text(resource['description']) ??
      joined([...namesOf(resource['procedureCode']), modality, site], ', ') ??
      words.nameNotRecorded,
    status: status === 'available' ? undefined : statusWord(status),
    detail: joined([modality, site, ...notesOf(resource['note'])]),
    when: whenOf(resource['started'], ...choiceDates(resource, 'created'), resource['issued']),
    struckThrough: status === 'entered-in-error',
    keys: identifierKeys(resource),
    attachments: objects(resource['content']).map(attachmentOf),
  });
}

/** True for a request that is a test and no referral. */
export function isTestRequest(resource: JsonObject): boolean {
  return (
    hasCode(resource['category'], system.snomed, '108252007', '363679005') ||
    /laboratory|imaging/.test(categoriesOf(resource))
  );
}
