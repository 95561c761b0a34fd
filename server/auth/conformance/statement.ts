import type { Answer, Proofs, Requirement } from './requirement.ts';

/** How a requirement stands: shown by tests, or answered in words. */
export type Judged = Requirement & {
  readonly files: readonly string[];
  readonly answer: Answer | undefined;
};

/** A statement of conformance: every requirement as it stands, and what is wrong with the statement itself. */
export type Statement = { readonly judged: readonly Judged[]; readonly faults: readonly string[] };

/** True for what binds without leave: SHALL and SHALL NOT. */
export function binds({ conformance }: Requirement): boolean {
  return conformance === 'SHALL' || conformance === 'SHALL NOT';
}

/** True for SHOULD and SHOULD NOT. */
export function isRecommended({ conformance }: Requirement): boolean {
  return conformance === 'SHOULD' || conformance === 'SHOULD NOT';
}

/** What is wrong with how one requirement is answered, or undefined. */
function faultOf(one: Judged): string | undefined {
  const { id, files, answer } = one;
  if (!binds(one) && !isRecommended(one))
    return answer === undefined ? undefined : `@${id} is ${one.conformance} and needs no answer.`;
  if (files.length > 0)
    return answer === undefined ? undefined : `@${id} is shown by a test: take its answer out of answers.tsv.`;
  if (answer === undefined) return `@${id} (${one.conformance}) is named by no test and has no answer in answers.tsv.`;
  if (answer.reason.trim() === '') return `@${id} is answered without a reason.`;
  if (binds(one) && (answer.answer === 'yes' || answer.answer === 'no'))
    return `@${id} binds: a ${answer.answer} is no answer to it.`;
  return undefined;
}

/** Holds what a run has shown, and what is answered, against the table. Pure; the order of what is given is of no matter. */
export function judge(requirements: readonly Requirement[], answers: readonly Answer[], proofs: Proofs): Statement {
  const known = new Set(requirements.map(({ id }) => id));
  const answered = new Map(answers.map((answer) => [answer.id, answer]));
  const judged = requirements.map((requirement) => ({
    ...requirement,
    files: [...(proofs.get(requirement.id) ?? [])].sort(),
    answer: answered.get(requirement.id),
  }));
  const strangers = [...proofs, ...answers.map(({ id }) => [id, ['answers.tsv']] as const)]
    .filter(([id]) => !known.has(id))
    .map(([id, files]) => `@${id}, named in ${[...files].sort().join(', ')}, is no requirement.`)
    .sort();
  const twice = answers
    .filter(({ id }, index) => answers.findIndex((other) => other.id === id) !== index)
    .map(({ id }) => `@${id} is answered twice.`);
  return { judged, faults: [...strangers, ...twice, ...judged.map(faultOf).filter((fault) => fault !== undefined)] };
}
