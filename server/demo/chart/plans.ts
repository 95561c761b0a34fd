import { hl7, sct, words, type Concept } from '../codes.ts';
import type { When } from '../calendar.ts';
import type { Chart, Members, Ref } from './chart.ts';
import type { Staff } from './staff.ts';

/** Document and plan types of the National Record Locator. */
export const planTypes = {
  respect: sct('1382601000000107', 'ReSPECT (Recommended Summary Plan for Emergency Care and Treatment) form'),
  crisis: sct('736253002', 'Mental health crisis plan'),
  endOfLife: sct('736373009', 'End of life care plan'),
  advance: sct('736366004', 'Advance care plan'),
  contingency: sct('325691000000100', 'Contingency plan'),
  personalised: sct('2181441000000107', 'Personalised care and support plan'),
  emergency: sct('887701000000100', 'Emergency health care plan'),
  care: sct('734163000', 'Care plan'),
} as const;

/** A care plan with what it sets out to do. */
export function carePlan(
  chart: Chart,
  entry: {
    readonly title: string;
    readonly type?: Concept;
    readonly at: When;
    readonly until?: When;
    readonly status?: 'active' | 'completed' | 'draft' | 'revoked';
    readonly description?: string;
    readonly goals?: readonly string[];
    readonly activities?: readonly string[];
    readonly by?: Staff;
    readonly about?: readonly Ref[];
    readonly careTeam?: readonly Ref[];
    readonly note?: string;
  },
): Ref {
  const { calendar } = chart;
  const goal = (entry.goals ?? []).map((description) =>
    chart.add('Goal', entry.at, {
      lifecycleStatus: 'active',
      description: { text: description },
      startDate: calendar.day(entry.at),
    }),
  );
  return chart.add('CarePlan', entry.at, {
    status: entry.status ?? 'active',
    intent: 'plan',
    category: [entry.type ?? planTypes.care],
    title: entry.title,
    description: entry.description,
    period: {
      start: calendar.day(entry.at),
      ...(entry.until === undefined ? {} : { end: calendar.day(entry.until) }),
    },
    created: chart.recorded(entry.at),
    author: entry.by === undefined ? chart.organisation : chart.staff(entry.by),
    careTeam: entry.careTeam,
    addresses: entry.about,
    goal: goal.length === 0 ? undefined : goal,
    activity: entry.activities?.map((description) => ({ detail: { status: 'in-progress', description } })),
    note: entry.note === undefined ? undefined : [{ text: entry.note }],
  });
}

/** An alert: a risk, a safety note, a reasonable adjustment, a legal fact. */
export function flag(
  chart: Chart,
  entry: {
    readonly what: Concept;
    readonly category: string;
    readonly from: When;
    readonly to?: When;
    readonly by?: Staff;
  },
): Ref {
  return chart.add('Flag', entry.from, {
    status: entry.to === undefined ? 'active' : 'inactive',
    category: [{ text: entry.category }],
    code: entry.what,
    period: {
      start: chart.calendar.day(entry.from),
      ...(entry.to === undefined ? {} : { end: chart.calendar.day(entry.to) }),
    },
    author: entry.by === undefined ? chart.organisation : chart.staff(entry.by),
  });
}

/** A risk that was assessed, and what follows from it. */
export function risk(
  chart: Chart,
  entry: {
    readonly what: string;
    readonly at: When;
    readonly level: string;
    readonly mitigation: string;
    readonly by?: Staff;
  },
): Ref {
  return chart.add('RiskAssessment', entry.at, {
    status: 'final',
    code: words(entry.what),
    occurrenceDateTime: chart.calendar.instant(entry.at),
    performer: entry.by === undefined ? undefined : chart.staff(entry.by),
    prediction: [{ outcome: words(entry.what), qualitativeRisk: words(entry.level) }],
    mitigation: entry.mitigation,
  });
}

/** An assessment: questions with their answers. */
export function assessment(
  chart: Chart,
  entry: {
    readonly title: string;
    readonly at: When;
    readonly answers: readonly (readonly [question: string, answer: string | number | boolean])[];
    readonly by?: Staff;
    readonly encounter?: Ref;
  },
): Ref {
  const answer = (value: string | number | boolean): Members => {
    if (typeof value === 'string') return { valueString: value };
    return typeof value === 'number' ? { valueInteger: value } : { valueBoolean: value };
  };
  return chart.add('QuestionnaireResponse', entry.at, {
    _questionnaire: {
      extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/display', valueString: entry.title }],
    },
    status: 'completed',
    encounter: entry.encounter,
    authored: chart.calendar.instant(entry.at),
    author: entry.by === undefined ? undefined : chart.staff(entry.by),
    item: entry.answers.map(([text, value], index) => ({ linkId: String(index + 1), text, answer: [answer(value)] })),
  });
}

/** A clinical impression: the formulation of mental health services. */
export function formulation(chart: Chart, at: When, summary: string, by: Staff, problems: readonly Ref[]): Ref {
  return chart.add('ClinicalImpression', at, {
    status: 'completed',
    code: words('Formulation'),
    description: 'Formulation',
    effectiveDateTime: chart.calendar.instant(at),
    date: chart.recorded(at),
    assessor: chart.staff(by),
    problem: problems.length === 0 ? undefined : problems,
    summary,
  });
}

/** A legal decision or consent: advance decision, lasting power of attorney, treatment under the Mental Health Act. */
export function legal(chart: Chart, at: When, what: string, kind: 'adr' | 'treatment' | 'research', deny = false): Ref {
  return chart.add('Consent', at, {
    status: 'active',
    scope: hl7.consentScope(kind),
    category: [words(what)],
    dateTime: chart.calendar.instant(at),
    organization: [chart.organisation],
    policyRule: words(what),
    provision: { type: deny ? 'deny' : 'permit', period: { start: chart.calendar.day(at) } },
  });
}

/** A task of social care: a review or assessment that is due or done. */
export function task(
  chart: Chart,
  entry: {
    readonly what: string;
    readonly at: When;
    readonly due?: When;
    readonly status?: 'requested' | 'completed' | 'in-progress';
  },
): Ref {
  return chart.add('Task', entry.at, {
    status: entry.status ?? 'requested',
    intent: 'order',
    code: words(entry.what),
    description: entry.what,
    authoredOn: chart.calendar.instant(entry.at),
    owner: chart.organisation,
    restriction: entry.due === undefined ? undefined : { period: { end: chart.calendar.day(entry.due) } },
  });
}
