import { words, type Concept } from '../codes.ts';
import type { When } from '../calendar.ts';
import { system } from '../../../src/fhir/systems.ts';
import type { Chart, Ref } from './chart.ts';
import type { Staff } from './staff.ts';

/** An encounter: a stay, an attendance, a clinic, a visit, a phone call. */
export type EncounterEntry = {
  readonly kind: 'IMP' | 'EMER' | 'AMB' | 'HH' | 'VR';
  readonly type: Concept;
  readonly from: When;
  readonly to?: When;
  readonly status?: 'finished' | 'in-progress' | 'cancelled';
  readonly service?: Concept;
  /** A treatment function, in the national value set. */
  readonly treatmentFunction?: readonly [code: string, display: string];
  readonly reason?: Concept;
  readonly diagnosis?: readonly Ref[];
  /** Where it was, and what kind of service works there. */
  readonly place?: string;
  readonly placeType?: Concept;
  readonly by?: Staff;
  readonly admission?: string;
  readonly discharge?: string;
  /** Legal status of the stay, where the person is detained. */
  readonly legalStatus?: string;
  readonly episode?: Ref;
};

const classes = {
  IMP: 'inpatient encounter',
  EMER: 'emergency',
  AMB: 'ambulatory',
  HH: 'home health',
  VR: 'virtual',
} as const;

const treatment = (one: readonly [code: string, display: string] | undefined): Concept | undefined =>
  one === undefined ? undefined : { coding: [{ system: system.practiceSetting, code: one[0], display: one[1] }] };

/** A place of the system's own organisation, once for each name. */
export function place(chart: Chart, name: string, type?: Concept): Ref {
  const id = `${chart.system.id}-loc-${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`.slice(0, 60);
  return {
    ...chart.share('Location', id, {
      status: 'active',
      name,
      type: type === undefined ? undefined : [type],
      managingOrganization: chart.organisation,
    }),
    display: name,
  };
}

export function encounter(chart: Chart, entry: EncounterEntry): Ref {
  const { calendar } = chart;
  return chart.add('Encounter', entry.to ?? entry.from, {
    extension:
      entry.legalStatus === undefined
        ? undefined
        : [
            {
              url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-LegalStatus',
              extension: [{ url: 'LegalStatusContext', valueCodeableConcept: words(entry.legalStatus) }],
            },
          ],
    status: entry.status ?? 'finished',
    class: {
      system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
      code: entry.kind,
      display: classes[entry.kind],
    },
    type: [entry.type],
    serviceType: treatment(entry.treatmentFunction) ?? entry.service,
    episodeOfCare: entry.episode === undefined ? undefined : [entry.episode],
    participant: entry.by === undefined ? undefined : [{ individual: chart.staff(entry.by) }],
    period: {
      start: calendar.instant(entry.from),
      ...(entry.to === undefined ? {} : { end: calendar.instant(entry.to) }),
    },
    reasonCode: entry.reason === undefined ? undefined : [entry.reason],
    diagnosis: entry.diagnosis?.map((condition) => ({ condition })),
    hospitalization:
      entry.admission === undefined && entry.discharge === undefined
        ? undefined
        : {
            ...(entry.admission === undefined ? {} : { admitSource: words(entry.admission) }),
            ...(entry.discharge === undefined ? {} : { dischargeDisposition: words(entry.discharge) }),
          },
    location: entry.place === undefined ? undefined : [{ location: place(chart, entry.place, entry.placeType) }],
    serviceProvider: chart.organisation,
  });
}

/** An appointment, to come or past. */
export function appointment(
  chart: Chart,
  entry: {
    readonly at: When;
    readonly what: string;
    readonly minutes?: number;
    readonly status?: 'booked' | 'fulfilled' | 'cancelled' | 'noshow';
    readonly specialty?: readonly [code: string, display: string];
    readonly service?: Concept;
    readonly place?: string;
    readonly placeType?: Concept;
    readonly by?: Staff;
    readonly recorded?: When;
  },
): Ref {
  const start = chart.calendar.instant(entry.at);
  const end = new Date(chart.calendar.ms(entry.at) + (entry.minutes ?? 20) * 60_000)
    .toISOString()
    .replace('.000Z', 'Z');
  const actors = [
    chart.patient,
    ...(entry.by === undefined ? [] : [chart.staff(entry.by)]),
    ...(entry.place === undefined ? [] : [place(chart, entry.place, entry.placeType)]),
  ];
  return chart.add('Appointment', entry.recorded ?? -20, {
    status: entry.status ?? (chart.calendar.ms(entry.at) > chart.calendar.ms(0) ? 'booked' : 'fulfilled'),
    serviceType: entry.service === undefined ? undefined : [entry.service],
    specialty: entry.specialty === undefined ? undefined : [treatment(entry.specialty)],
    description: entry.what,
    start,
    end,
    minutesDuration: entry.minutes ?? 20,
    created: chart.recorded(entry.recorded ?? -20),
    participant: actors.map((actor) => ({ actor, status: 'accepted' })),
  });
}

/** A referral. */
export function referral(
  chart: Chart,
  entry: {
    readonly what: Concept;
    readonly at: When;
    readonly status?: 'active' | 'completed' | 'revoked';
    readonly reason?: Concept | Ref;
    readonly to?: string;
    readonly by?: Staff;
    readonly priority?: 'routine' | 'urgent';
    readonly note?: string;
    readonly encounter?: Ref;
  },
): Ref {
  const { reason } = entry;
  return chart.add('ServiceRequest', entry.at, {
    status: entry.status ?? 'active',
    intent: 'order',
    category: [{ text: 'Referral' }],
    priority: entry.priority ?? 'routine',
    code: entry.what,
    encounter: entry.encounter,
    authoredOn: chart.calendar.instant(entry.at),
    requester: entry.by === undefined ? chart.organisation : chart.staff(entry.by),
    performer: entry.to === undefined ? undefined : [{ display: entry.to }],
    reasonCode: reason !== undefined && !('reference' in reason) ? [reason] : undefined,
    reasonReference: reason !== undefined && 'reference' in reason ? [reason] : undefined,
    note: entry.note === undefined ? undefined : [{ text: entry.note }],
  });
}

/** A span of care by one service: a social care package, a community caseload, maternity. */
export function episode(
  chart: Chart,
  entry: {
    readonly type: Concept;
    readonly from: When;
    readonly to?: When;
    readonly status?: 'active' | 'finished' | 'planned' | 'onhold';
    readonly by?: Staff;
    readonly team?: readonly Ref[];
    readonly reason?: Ref;
  },
): Ref {
  return chart.add('EpisodeOfCare', entry.to ?? entry.from, {
    status: entry.status ?? (entry.to === undefined ? 'active' : 'finished'),
    type: [entry.type],
    diagnosis: entry.reason === undefined ? undefined : [{ condition: entry.reason }],
    managingOrganization: chart.organisation,
    period: {
      start: chart.calendar.day(entry.from),
      ...(entry.to === undefined ? {} : { end: chart.calendar.day(entry.to) }),
    },
    careManager: entry.by === undefined ? undefined : chart.staff(entry.by),
    team: entry.team,
  });
}

/** Codes of `Encounter.type` that the stories share. */
export const visits = {
  inpatient: words('Inpatient stay'),
  emergency: words('A&E attendance'),
  clinic: words('Outpatient clinic'),
  home: words('Home visit'),
  phone: words('Phone call'),
  review: words('Review'),
} as const;
