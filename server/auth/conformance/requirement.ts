import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One numbered requirement of SMART App Launch 2.2: whom it binds, how strictly, and where it stands. */
export type Requirement = {
  readonly id: number;
  readonly conformance: Conformance;
  readonly actor: 'Server' | 'Client' | '';
  /** Page and anchor of the specification. */
  readonly page: string;
};

const words = ['SHALL', 'SHALL NOT', 'SHOULD', 'SHOULD NOT', 'MAY', 'DEPRECATED'] as const;
type Conformance = (typeof words)[number];

/** What is said of a requirement that no test shows. */
export type Answer = {
  readonly id: number;
  /**
   * `not-applicable`: it binds something that this software is not or does not claim. `yes`, `no`: whether a
   * recommendation is followed. `open`: it binds this software, and is not met or not shown yet.
   */
  readonly answer: 'not-applicable' | 'yes' | 'no' | 'open';
  readonly reason: string;
};

/** Which test files show which requirement. */
export type Proofs = ReadonlyMap<number, readonly string[]>;

/** The rows of a table with a head line, in which every row has as many columns as the head. */
function rowsOf(name: string, content: string): readonly (readonly string[])[] {
  const [head = '', ...lines] = content.trimEnd().split('\n');
  const columns = head.split('\t').length;
  return lines.map((line, index) => {
    const row = line.split('\t');
    if (row.length !== columns) throw new Error(`${name}:${index + 2} has ${row.length} columns, not ${columns}`);
    return row;
  });
}

function oneOf<Word extends string>(found: string | undefined, allowed: readonly Word[], where: string): Word {
  const word = allowed.find((one) => one === found);
  if (word === undefined) throw new Error(`${where}: ${found ?? 'nothing'} is none of ${allowed.join(', ')}`);
  return word;
}

/** Reads `requirements.tsv`. @throws {Error} that names the line */
export function readRequirements(content: string): readonly Requirement[] {
  return rowsOf('requirements.tsv', content).map(([id, conformance, actor, page = '']) => ({
    id: Number(id),
    conformance: oneOf(conformance, words, `@${id}`),
    actor: oneOf(actor, ['Server', 'Client', ''], `@${id}`),
    page,
  }));
}

/** Reads `answers.tsv`, whose first column may name several requirements: `396 398 400`. @throws {Error} */
export function readAnswers(content: string): readonly Answer[] {
  return rowsOf('answers.tsv', content).flatMap(([ids = '', answer, reason = '']) =>
    ids.split(' ').map((id) => ({
      id: Number(id),
      answer: oneOf(answer, ['not-applicable', 'yes', 'no', 'open'], `@${id}`),
      reason,
    })),
  );
}

/**
 * `answers.tsv` without the answers to what tests show: a requirement that is shown needs no words. Gives what is left,
 * and the numbers that were taken out.
 */
export function withoutShown(
  content: string,
  proofs: Proofs,
): { readonly left: string; readonly out: readonly number[] } {
  const out: number[] = [];
  const [head = '', ...lines] = content.trimEnd().split('\n');
  const left = lines.flatMap((line) => {
    const [ids = '', ...rest] = line.split('\t');
    const kept = ids.split(' ').filter((id) => {
      if (proofs.has(Number(id))) out.push(Number(id));
      return !proofs.has(Number(id));
    });
    return kept.length === 0 ? [] : [[kept.join(' '), ...rest].join('\t')];
  });
  return { left: `${[head, ...left].join('\n')}\n`, out };
}

/** The file in which the answers stand. */
export const answersFile: string = join(import.meta.dirname, 'answers.tsv');

/** The two tables of this folder. */
export async function loadTables(): Promise<{
  readonly requirements: readonly Requirement[];
  readonly answers: readonly Answer[];
}> {
  const [requirements, answers] = await Promise.all(
    ['requirements.tsv', 'answers.tsv'].map((name) => readFile(join(import.meta.dirname, name), 'utf8')),
  );
  return { requirements: readRequirements(requirements ?? ''), answers: readAnswers(answers ?? '') };
}

/** The requirements that a test names at the end of its title: `refuses a plain challenge @15 @394`. */
export function requirementsIn(title: string): readonly number[] {
  const tail = /(?:\s@\d{1,3})+$/.exec(title)?.[0] ?? '';
  return [...tail.matchAll(/@(\d+)/g)].map(([, id]) => Number(id));
}
