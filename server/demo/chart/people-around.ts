import { hl7, words } from '../codes.ts';
import type { When } from '../calendar.ts';
import type { Chart, Ref } from './chart.ts';
import type { Staff } from './staff.ts';

/** Someone in the person's life: next of kin, carer, guardian, attorney. */
export type Relative = {
  readonly given: string;
  readonly family: string;
  readonly relationship: readonly [code: string, display: string];
  readonly roles?: readonly string[];
  readonly phone?: string;
  readonly since?: When;
};

export function relatedPerson(chart: Chart, one: Relative, recorded: When = -400): Ref {
  return {
    ...chart.add('RelatedPerson', recorded, {
      active: true,
      relationship: [
        { ...hl7.roleCode(...one.relationship), text: relationshipWords(one.relationship) },
        ...(one.roles ?? []).map((role) => words(role)),
      ],
      name: [{ use: 'official', family: one.family, given: [one.given] }],
      telecom: one.phone === undefined ? undefined : [{ system: 'phone', value: one.phone, use: 'mobile' }],
      period: one.since === undefined ? undefined : { start: chart.calendar.day(one.since) },
    }),
    display: `${one.given} ${one.family}`,
  };
}

/** What people call a relationship whose code has words of its own. */
export function relationshipWords([code, display]: Relative['relationship']): string {
  const own: Readonly<Record<string, string>> = { DAU: 'Daughter', NBOR: 'Neighbour' };
  return own[code] ?? display.charAt(0).toUpperCase() + display.slice(1);
}

/** The people of a service who care for the person. */
export function careTeam(
  chart: Chart,
  name: string,
  at: When,
  members: readonly Staff[],
  relatives: readonly Ref[] = [],
): Ref {
  return {
    ...chart.add('CareTeam', at, {
      status: 'active',
      name,
      period: { start: chart.calendar.day(at) },
      participant: [
        ...members.map((one) => ({ role: [words(one.job)], member: chart.staff(one) })),
        ...relatives.map((member) => ({ role: [words('Carer')], member })),
      ],
      managingOrganization: [chart.organisation],
      telecom: members.flatMap((one) =>
        one.phone === undefined ? [] : [{ system: 'phone', value: one.phone, use: 'work' }],
      ),
    }),
    display: name,
  };
}
