import { nameOf } from '../fhir/coding.ts';
import { number, object, objects, text, type JsonObject } from '../fhir/json.ts';
import {
  anyValue,
  conceptKeys,
  extensionsOf,
  identifierKeys,
  joined,
  notesOf,
  plainText,
  quantityText,
  statusOf,
  statusWord,
  whenOf,
  type When,
} from './element.ts';
import { fact, type Fact, type MedicinePart, type Reader } from './fact.ts';
import { stopOf } from './medicine-stop.ts';
import { agencyOf, isInpatient, supplyDaysOf } from './medicine-supply.ts';
import { words } from './words.ts';

const digits: Readonly<Record<string, string>> = {
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  ten: '10',
};

/** A dose as it is compared: only case, spaces, stops and number words are overlooked. Any other difference is one (rule 9). */
function doseKeyOf(dose: string | undefined, route: string | undefined): string {
  if (dose === undefined && route === undefined) return '';
  const worded = plainText(dose ?? '')
    .replaceAll(/\b(one|two|three|four|five|six|seven|eight|nine|ten)\b/g, (word) => digits[word] ?? word)
    .replaceAll(/[.,;]+(?=\s|$)/g, '');
  return `${worded}|${plainText(route ?? '')}`;
}

const periodWords: Readonly<Record<string, string>> = {
  s: 'second',
  min: 'minute',
  h: 'hour',
  d: 'day',
  wk: 'week',
  mo: 'month',
  a: 'year',
};

function timingText(timing: unknown): string | undefined {
  const whole = object(timing);
  if (whole === undefined) return undefined;
  const named = nameOf(whole['code']);
  const repeat = object(whole['repeat']);
  if (named !== undefined || repeat === undefined) return named;
  const frequency = number(repeat['frequency']);
  const period = number(repeat['period']);
  const unit = periodWords[text(repeat['periodUnit']) ?? ''];
  if (frequency === undefined || period === undefined || unit === undefined) return undefined;
  return `${frequency === 1 ? 'once' : `${frequency} times`} ${period === 1 ? `a ${unit}` : `every ${period} ${unit}s`}`;
}

function dosageText(dosage: JsonObject): string | undefined {
  const told = text(dosage['text']);
  const instructions = [text(dosage['patientInstruction']), ...objects(dosage['additionalInstruction']).map(nameOf)];
  if (told !== undefined) return joined([told, ...instructions], '. ');
  const doses = [dosage, ...objects(dosage['doseAndRate'])].flatMap((one) => {
    const range = object(one['doseRange']);
    const low = quantityText(range?.['low']);
    return [
      quantityText(one['doseQuantity']),
      low === undefined ? undefined : `${low}–${quantityText(range?.['high']) ?? ''}`,
    ];
  });
  const asNeeded = dosage['asNeededBoolean'] === true ? 'as needed' : nameOf(dosage['asNeededCodeableConcept']);
  return joined([...doses, nameOf(dosage['route']), timingText(dosage['timing']), asNeeded, ...instructions], ' ');
}

const saysAsNeeded = /\b(?:when|as|if) (?:needed|required|necessary)\b|\bp\.?r\.?n\b/i;

function isAsNeeded(dosage: JsonObject): boolean {
  if (dosage['asNeededBoolean'] === true || dosage['asNeededCodeableConcept'] !== undefined) return true;
  return saysAsNeeded.test(dosageText(dosage) ?? '');
}

type Names = { readonly title: string; readonly concept: readonly string[]; readonly strength: string | undefined };

/** What the medicine is: its own code, or that of the Medication it points at, contained or apart. */
function medicineOf(reader: Reader): Names {
  const { resource } = reader;
  const medication = reader.follow(resource['medicationReference']);
  const own = resource['medicationCodeableConcept'];
  const code = own ?? medication?.['code'];
  const title = nameOf(code) ?? nameOf(object(resource['medicationReference'])) ?? words.nameNotRecorded;
  const keys = conceptKeys(own, medication?.['code']);
  const form = nameOf(medication?.['form']);
  const ingredients = objects(medication?.['ingredient']).map((one) => {
    const strength = object(one['strength']);
    const amount = quantityText(strength?.['numerator']);
    return joined([nameOf(one['itemCodeableConcept']), amount], ' ');
  });
  const strength = joined([form, ...ingredients], ', ');
  return {
    title,
    concept: keys.length > 0 || title === words.nameNotRecorded ? keys : [`text|${plainText(title)}`],
    strength,
  };
}

type Part = Pick<MedicinePart, 'part' | 'start' | 'issued' | 'end' | 'kind' | 'supplyDays' | 'state' | 'stopped'> & {
  readonly dosages: unknown;
  readonly quantity: unknown;
  readonly basedOn: readonly unknown[];
  readonly status: string | undefined;
  readonly when: When;
  readonly more?: readonly (string | undefined)[];
};

const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

function readPart(reader: Reader, part: Part): Fact {
  const { resource } = reader;
  const { title, concept, strength } = medicineOf(reader);
  const dosages = objects(part.dosages);
  const dose = joined(dosages.map(dosageText), '; then ');
  const routes = joined(
    dosages.map((one) => nameOf(one['route'])),
    ', ',
  );
  const quantity = quantityText(part.quantity) ?? text(part.quantity);
  const inError = part.status === 'entered-in-error';
  const basedOn = part.basedOn.map((one) => reader.entryId(one)).filter((one) => one !== undefined);
  const notes = notesOf(resource['note']);
  const stop = stopOf(reader);
  const medicine: MedicinePart = {
    part: part.part,
    dose,
    doseKey: doseKeyOf(dose, routes),
    quantity,
    strength: /\d/.test(title) ? undefined : strength,
    note: joined([...(part.more ?? []), ...notes.filter((one) => !saysContinued.test(one))]),
    continued: notes.some((one) => saysContinued.test(one)),
    start: part.start,
    issued: part.issued,
    end: part.end.date === undefined && part.stopped ? stop.on : part.end,
    kind: part.kind,
    stop,
    onHold: part.status === 'on-hold',
    agency: agencyOf(resource),
    inpatient: isInpatient(resource),
    supplyDays: part.supplyDays,
    asNeeded: dosages.some(isAsNeeded),
    state: inError ? 'past' : part.state,
    stopped: part.stopped,
    basedOn,
  };
  return fact(reader, {
    section: 'medicines',
    subsection: medicine.state,
    lane: 'Medicine',
    strategy: 'medicine',
    title,
    status: statusWord(part.status),
    detail: joined([dose, quantity, strength, stop.reason, ...(part.more ?? []), ...notes]),
    when: part.when,
    struckThrough: inError,
    keys: identifierKeys(resource),
    concept,
    rank: rankOf(part.part),
    current: medicine.state === 'current',
    medicine,
  });
}

/** A note that says no more than that a medicine goes on. */
const saysContinued = /^(continued?|unchanged|no change)\b[\s.]*$/i;

const parts: readonly MedicinePart['part'][] = ['statement', 'plan', 'order', 'dispense', 'administration'];
const rankOf = (part: MedicinePart['part']): number => parts.indexOf(part);

/** What no one has ended counts as current: a status that is missing never hides a medicine. */
function stateOf(status: string | undefined): MedicinePart['state'] {
  if (status === 'draft' || status === 'intended') return 'planned';
  const ended = ['completed', 'stopped', 'cancelled', 'entered-in-error', 'not-taken', 'declined'];
  return status !== undefined && ended.includes(status) ? 'past' : 'current';
}

function prescriptionKind(resource: JsonObject): string | undefined {
  const own = ['PrescriptionType', 'prescription-type', 'prescriptionType']
    .flatMap((name) => extensionsOf(resource, name))
    .map((one) => nameOf(anyValue(one)) ?? statusWord(text(anyValue(one))))
    .find((one) => one !== undefined);
  return own ?? nameOf(resource['courseOfTherapyType']);
}

/** MedicationStatement: what a source lists as taken. */
export function readMedicationStatement(reader: Reader): Fact {
  const { resource } = reader;
  const status = statusOf(resource['status']);
  const lastIssue = extensionsOf(resource, 'MedicationStatementLastIssueDate').map((one) => anyValue(one));
  const effective = resource['effectivePeriod'] ?? resource['effectiveDateTime'];
  const end = whenOf(object(effective)?.['end']);
  const taken = text(resource['taken']) === 'n';
  const when = whenOf(effective, resource['dateAsserted']);
  return readPart(reader, {
    part: 'statement',
    status,
    state: taken ? 'past' : stateOf(status),
    stopped: status === 'stopped' || status === 'not-taken',
    dosages: resource['dosage'],
    quantity: undefined,
    supplyDays: undefined,
    start: whenOf(effective),
    issued: whenOf(...lastIssue),
    end,
    kind: prescriptionKind(resource),
    basedOn: [...list(resource['basedOn']), ...list(resource['derivedFrom'])],
    when,
    more: [taken ? 'not taken' : undefined, ...objects(resource['reasonCode']).map(nameOf)],
  });
}

/** MedicationRequest: a plan (authorisation), an order (issue) or a hospital's prescription. */
export function readMedicationRequest(reader: Reader): Fact {
  const { resource } = reader;
  const status = statusOf(resource['status']);
  const intent = statusOf(resource['intent']);
  const dispense = object(resource['dispenseRequest']);
  const validity = object(dispense?.['validityPeriod']);
  const isPlan = intent === 'plan' || intent === 'proposal';
  const authored = whenOf(resource['authoredOn']);
  const start = whenOf(validity?.['start'], resource['authoredOn']);
  const state = stateOf(status);
  return readPart(reader, {
    part: isPlan ? 'plan' : 'order',
    status,
    state,
    stopped: status === 'stopped' || status === 'cancelled',
    dosages: resource['dosageInstruction'],
    quantity: dispense?.['quantity'],
    supplyDays: supplyDaysOf(dispense?.['expectedSupplyDuration']),
    start,
    issued: isPlan ? whenOf(undefined) : authored,
    end: state === 'current' ? whenOf(undefined) : whenOf(validity?.['end']),
    kind: prescriptionKind(resource),
    basedOn: list(resource['basedOn']),
    when: start.date === undefined ? authored : start,
    more: objects(resource['reasonCode']).map(nameOf),
  });
}

/** MedicationDispense: what was handed out. */
export function readMedicationDispense(reader: Reader): Fact {
  const { resource } = reader;
  const handed = whenOf(resource['whenHandedOver'], resource['whenPrepared']);
  const status = statusOf(resource['status']);
  return readPart(reader, {
    part: 'dispense',
    status,
    state: handed.date === undefined && stateOf(status) === 'current' ? 'current' : 'past',
    stopped: false,
    dosages: resource['dosageInstruction'],
    quantity: resource['quantity'],
    supplyDays: supplyDaysOf(resource['daysSupply']),
    start: handed,
    issued: handed,
    end: whenOf(undefined),
    kind: nameOf(resource['type']),
    basedOn: list(resource['authorizingPrescription']),
    when: handed,
  });
}

/** MedicationAdministration: what was given. */
export function readMedicationAdministration(reader: Reader): Fact {
  const { resource } = reader;
  const status = statusOf(resource['status']);
  const given = whenOf(resource['effectiveDateTime'], resource['effectivePeriod']);
  const dosage = object(resource['dosage']);
  return readPart(reader, {
    part: 'administration',
    status,
    state: status === 'in-progress' || status === 'on-hold' ? 'current' : 'past',
    stopped: status === 'stopped',
    dosages: dosage === undefined ? undefined : { ...dosage, doseQuantity: dosage['dose'] },
    quantity: undefined,
    supplyDays: undefined,
    start: given,
    issued: whenOf(undefined),
    end: whenOf(object(resource['effectivePeriod'])?.['end']),
    kind: undefined,
    basedOn: list(resource['request']),
    when: given,
  });
}

/** DeviceUseStatement and DeviceRequest: what the person uses. */
export function readDeviceUse(reader: Reader): Fact {
  const { resource } = reader;
  const status = statusOf(resource['status']);
  const device = resource['device'] ?? resource['codeReference'];
  const when = whenOf(
    resource['timingDateTime'],
    resource['timingPeriod'],
    resource['recordedOn'],
    resource['authoredOn'],
  );
  return fact(reader, {
    section: 'medicines',
    subsection: 'devices',
    title: nameOf(resource['codeCodeableConcept']) ?? reader.nameOf(device) ?? words.nameNotRecorded,
    status: statusWord(status),
    detail: joined([nameOf(resource['bodySite']), ...notesOf(resource['note'])]),
    when,
    struckThrough: status === 'entered-in-error',
    keys: identifierKeys(resource),
  });
}
