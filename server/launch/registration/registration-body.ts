import { object, text } from '../../../src/fhir/json.ts';
import { bodyOf, readNumber, type Body } from '../../../src/fhir/registration-body.ts';

export { bodies, bodyOf, readNumber, type Body } from '../../../src/fhir/registration-body.ts';

/**
 * What a host asserts about its user's registration: `{ body, number }`, or a text such as `GMC 1234567`.
 * Undefined where it names no body that we know or its number has the wrong form: the user is asked then.
 */
export function readRegistration(claim: unknown): { readonly body: Body; readonly number: string } | undefined {
  const [, bodyText, numberText] =
    typeof claim === 'string'
      ? (/^\s*([A-Za-z]+)[\s:|/-]+(\S.*)$/.exec(claim) ?? [])
      : [undefined, text(object(claim)?.['body']), text(object(claim)?.['number'])];
  const body = bodyOf(bodyText ?? '');
  const number = body === undefined ? undefined : readNumber(body, numberText ?? '');
  return body === undefined || number === undefined ? undefined : { body, number };
}
