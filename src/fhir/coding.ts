import { boolean, object, objects, text, type JsonObject } from './json.ts';

/** A code in a system. Codes are texts, never numbers: a SNOMED CT id may have more digits than a number can hold. */
export type Coding = {
  readonly system?: string;
  readonly code?: string;
  readonly display?: string;
  readonly userSelected?: boolean;
};

function coding(value: JsonObject): Coding {
  const system = text(value['system']);
  const code = text(value['code']);
  const display = text(value['display']);
  const userSelected = boolean(value['userSelected']);
  return {
    ...(system === undefined ? {} : { system }),
    ...(code === undefined ? {} : { code }),
    ...(display === undefined ? {} : { display }),
    ...(userSelected === undefined ? {} : { userSelected }),
  };
}

/** All codings of a CodeableConcept, of a list of them, or of a bare Coding. */
export function codingsOf(value: unknown): readonly Coding[] {
  return objects(value).flatMap((one) => {
    const inner = objects(one['coding']);
    if (inner.length > 0) return inner.map(coding);
    return text(one['code']) === undefined && text(one['display']) === undefined ? [] : [coding(one)];
  });
}

/** True where any coding of the concept is this code in this system. */
export function hasCode(concept: unknown, system: string, ...codes: readonly string[]): boolean {
  return codingsOf(concept).some((one) => one.system === system && one.code !== undefined && codes.includes(one.code));
}

/**
 * What a CodeableConcept is called: its text, else the display that a user selected, else the first display
 * (the order that UK aggregators agreed on). Undefined where the sender named nothing.
 */
export function nameOf(concept: unknown): string | undefined {
  const first = objects(concept)[0];
  if (first === undefined) return typeof concept === 'string' ? text(concept) : undefined;
  const codings = codingsOf(first);
  return (
    text(first['text']) ??
    codings.find((one) => one.userSelected === true && one.display !== undefined)?.display ??
    codings.find((one) => one.display !== undefined)?.display ??
    text(object(first)?.['display'])
  );
}

/** The first code of a concept in the given system, or of any system where none is given. */
export function codeOf(concept: unknown, system?: string): string | undefined {
  return codingsOf(concept).find((one) => (system === undefined || one.system === system) && one.code !== undefined)
    ?.code;
}
