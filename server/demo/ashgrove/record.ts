import { object, objects } from '../../../src/fhir/json.ts';
import { idOf, type Resource } from '../../../src/fhir/resource.ts';
import { system as fhirSystem } from '../../../src/fhir/systems.ts';
import type { Calendar } from '../calendar.ts';
import { openChart, type Chart, type SystemRecord } from '../chart/chart.ts';
import { appointment, encounter } from '../chart/contacts.ts';
import { letter } from '../chart/documents.ts';
import { allergy, observation, problem, vitalSigns } from '../chart/findings.ts';
import { prescription } from '../chart/medicines.ts';
import { words } from '../codes.ts';
import { ashgrovePatients, type AshgrovePatient } from './patients.ts';
import { ashgroveSystem } from './system.ts';

const physiotherapist = {
  title: 'Ms',
  given: 'Ines',
  family: 'Carvalho',
  job: 'Physiotherapist',
  phone: '01632 960141',
  registration: ['hcpc', 'PH99117'],
} as const;

/** What is written of each: the Encounter that is open when the record is launched comes first. */
const stories: Readonly<Record<string, (chart: Chart) => void>> = {
  smith: (chart) => {
    const stay = encounter(chart, {
      kind: 'AMB',
      type: words('Rehabilitation day hospital'),
      from: [-3, '09:30'],
      status: 'in-progress',
      place: 'Ashgrove day hospital',
      by: physiotherapist,
    });
    problem(chart, { what: words('Reduced exercise tolerance after heart failure'), onset: -9, by: physiotherapist });
    observation(chart, {
      what: words('Six-minute walk distance'),
      at: [-3, '10:15'],
      value: 210,
      unit: ['m', 'm'],
      encounter: stay,
      by: physiotherapist,
    });
    observation(chart, {
      what: words('Falls risk assessment'),
      at: [-3, '10:40'],
      value: 'High risk',
      encounter: stay,
    });
    vitalSigns(chart, [-3, '09:45'], { pulse: 74, pressure: [112, 66] }, { encounter: stay, by: physiotherapist });
    appointment(chart, { what: 'Strength and balance group', at: [4, '10:00'], by: physiotherapist });
  },
  forsyth: (chart) => {
    const stay = encounter(chart, {
      kind: 'IMP',
      type: words('Rehabilitation stay'),
      from: [-6, '14:00'],
      status: 'in-progress',
      place: 'Ashgrove ward 2',
      by: physiotherapist,
    });
    observation(chart, {
      what: words('Timed up and go test'),
      at: [-2, '11:00'],
      value: 24,
      unit: ['s', 's'],
      encounter: stay,
      by: physiotherapist,
    });
    letter(chart, {
      title: 'Rehabilitation plan, right hip',
      at: [-5, '16:00'],
      paragraphs: ['Walks 40 m with a frame. Aim: home with one stick in two weeks.'],
      encounter: stay,
      by: physiotherapist,
    });
  },
  moreau: (chart) => {
    const visit = encounter(chart, {
      kind: 'AMB',
      type: words('Plaster clinic'),
      from: [-1, '08:30'],
      status: 'in-progress',
      place: 'Ashgrove plaster room',
      by: physiotherapist,
    });
    problem(chart, { what: words('Closed fracture of left distal radius'), onset: -5, encounter: visit });
    allergy(chart, {
      to: words('Codeine'),
      recorded: [-5, '17:20'],
      reaction: words('Vomiting'),
      severity: 'moderate',
      criticality: 'low',
      kind: 'intolerance',
      category: 'medication',
      clinical: 'active',
      verification: 'confirmed',
    });
    prescription(chart, {
      what: words('Paracetamol 500 mg tablets'),
      dose: '2 tablets up to four times a day',
      from: -5,
      encounter: visit,
    });
    vitalSigns(chart, [-1, '08:40'], { pulse: 68, pressure: [124, 78] }, { encounter: visit });
    appointment(chart, { what: 'Plaster check', at: [7, '09:00'] });
  },
  wardle: (chart) => {
    encounter(chart, {
      kind: 'AMB',
      type: words('Memory and balance clinic'),
      from: [-1, '10:00'],
      status: 'in-progress',
      place: 'Ashgrove day hospital',
    });
  },
};

/** The Patient of someone without an NHS number does not pretend to one. */
function withoutEmptyNumber(resource: Resource): Resource {
  if (resource.resourceType !== 'Patient') return resource;
  const identifier = objects(resource['identifier']).filter(
    (one) => one['system'] !== fhirSystem.nhsNumber || one['value'] !== '',
  );
  return { ...resource, identifier };
}

/** What Ashgrove holds, by the key of the person; made when first asked for. */
export type AshgroveRecords = {
  readonly of: (patient: Pick<AshgrovePatient, 'key'>) => SystemRecord;
  /** Id of the Encounter that is open in Ashgrove. */
  readonly encounterOf: (record: SystemRecord) => string | undefined;
};

export function ashgroveRecords(calendar: Calendar): AshgroveRecords {
  const made = new Map<string, SystemRecord>();
  return {
    of: ({ key }) => {
      const kept = made.get(key);
      if (kept !== undefined) return kept;
      const index = ashgrovePatients.findIndex((one) => one.key === key);
      const patient = ashgrovePatients[index];
      if (patient === undefined) throw new Error(`Ashgrove has no patient ${key}`);
      const person = { ...patient, hosts: [] };
      const { chart, close } = openChart(ashgroveSystem, person, index, calendar);
      stories[key]?.(chart);
      const record = close();
      const fresh = { ...record, resources: record.resources.map(withoutEmptyNumber) };
      made.set(key, fresh);
      return fresh;
    },
    encounterOf: ({ resources }) => {
      const open = resources.find((one) => one.resourceType === 'Encounter' && one['status'] === 'in-progress');
      return object(open) === undefined || open === undefined ? undefined : idOf(open);
    },
  };
}
