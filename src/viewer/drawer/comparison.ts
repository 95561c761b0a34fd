import type { Conflict, MemberDetail } from '../../record/record.ts';

/** One line of the comparison: a field, and what each member says; undefined where it says nothing. */
export type ComparedField = {
  readonly label: string;
  readonly values: readonly (string | undefined)[];
  readonly differs: boolean;
};

/**
 * The fields of a group's members side by side: those that differ first. A field named twice in one member is joined, so
 * that nothing is left out.
 */
export function compare(members: readonly MemberDetail[], conflicts: readonly Conflict[]): readonly ComparedField[] {
  const labels = [...new Set(members.flatMap((member) => member.fields.map((field) => field.label)))];
  const named = conflicts.map((conflict) => conflict.field.toLocaleLowerCase('en-GB'));
  // `Reaction` names `Reaction: manifestation` too.
  const isNamed = (label: string): boolean => {
    const own = label.toLocaleLowerCase('en-GB');
    return named.some((field) => own === field || own.startsWith(`${field}:`));
  };
  const rows = labels.map((label): ComparedField => {
    const values = members.map((member) => {
      const own = member.fields.filter((field) => field.label === label).map((field) => field.value);
      return own.length === 0 ? undefined : own.join('\n');
    });
    return { label, values, differs: members.length > 1 && isNamed(label) && new Set(values).size > 1 };
  });
  return [...rows.filter((row) => row.differs), ...rows.filter((row) => !row.differs)];
}
