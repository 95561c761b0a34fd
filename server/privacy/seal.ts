import { z } from 'zod';
import { keyedHash } from '../keyed-hash.ts';
import { sealText, unsealText } from '../sealed.ts';

/** Whom an objection is about, for the officer's screen and letters. */
export type Objector = {
  readonly nhsNumber: string;
  readonly name: string;
  readonly birthDate: string;
  /** ODS code of the practice that decides; absent where the records team does. */
  readonly practice?: string | undefined;
};

/** What was said with one step of an objection. */
export type Said = {
  readonly reason?: string | undefined;
  /** Of a decision: a child's age and maturity, or with what authority a representative acts. */
  readonly weighed?: string | undefined;
};

const objector = z.object({
  nhsNumber: z.string(),
  name: z.string(),
  birthDate: z.string(),
  practice: z.string().optional(),
});
const said = z.object({ reason: z.string().optional(), weighed: z.string().optional() });

/** The name of a register key: tells one key from another and nothing of either. */
export function keyName(registerKey: Buffer): string {
  return keyedHash(registerKey, 'key-name').slice(0, 12);
}

/** Seals a person. It opens only in the row whose `id` it was sealed for. */
export function seal(registerKey: Buffer, id: string, person: Objector): Buffer {
  return sealText(registerKey, id, JSON.stringify(person));
}

/** @throws where the seal is of another version, key or row, or was changed */
export function unseal(registerKey: Buffer, id: string, sealed: Buffer): Objector {
  return objector.parse(JSON.parse(unsealText(registerKey, id, sealed)));
}

/** Where in the history something was said: it opens nowhere else. */
type Step = { readonly objectionId: string; readonly action: string; readonly at: Date };

const placeOf = ({ objectionId, action, at }: Step): string => `${objectionId} ${action} ${at.toISOString()}`;

/** Seals what was said with a step. */
export function sealSaid(registerKey: Buffer, step: Step, what: Said): Buffer {
  return sealText(registerKey, placeOf(step), JSON.stringify(what));
}

/** @throws where the seal is of another version, key or step, or was changed */
export function unsealSaid(registerKey: Buffer, step: Step, sealed: Buffer): Said {
  return said.parse(JSON.parse(unsealText(registerKey, placeOf(step), sealed)));
}
