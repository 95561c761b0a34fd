import { number, object, objects, text } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { each, keep, kept, notKnown, translate, translateAs } from './element.ts';

/**
 * Immunization: not given is a status in R4, and means that day only. What was entered in error stays so whatever it says
 * besides (H6). A date and a number of the dose R4 must have: where there is none, it is not known.
 */
export function immunization(from: Resource): Resource {
  const notDone = from['notGiven'] === true && from['status'] !== 'entered-in-error';
  const into = translateAs('Immunization', from, {
    date: 'occurrenceDateTime',
    status: (status) => (notDone ? { status: 'not-done', ...kept('status', status) } : { status }),
    // Said by the status, but where that says the other thing.
    notGiven: (value) => (value === false || notDone ? {} : kept('notGiven', value)),
    practitioner: each('performer', (one) => translate(one, { role: 'function' })),
    explanation: (value) => {
      const { reason, reasonNotGiven, ...rest } = object(value) ?? {};
      const [first, ...others] = objects(reasonNotGiven);
      return {
        ...(reason === undefined ? {} : { reasonCode: objects(reason) }),
        ...(first === undefined ? {} : { statusReason: first }),
        extension: [
          ...kept('explanation-reasonNotGiven', others).extension,
          ...(Object.keys(rest).length === 0 ? [] : kept('explanation', rest).extension),
        ],
      };
    },
    vaccinationProtocol: each('protocolApplied', (one) => ({
      ...translate(one, {
        doseSequence: (value) =>
          number(value) === undefined ? { doseNumberString: text(value) } : { doseNumberPositiveInt: value },
        seriesDoses: 'seriesDosesPositiveInt',
        description: keep('vaccinationProtocol-description'),
        doseStatus: keep('vaccinationProtocol-doseStatus'),
        doseStatusReason: keep('vaccinationProtocol-doseStatusReason'),
      }),
      ...(one['doseSequence'] === undefined ? { _doseNumberString: notKnown } : {}),
    })),
  });
  return {
    ...into,
    ...(notDone && into['status'] === undefined ? { status: 'not-done' } : {}),
    ...(from['date'] === undefined && from['_date'] === undefined ? { _occurrenceDateTime: notKnown } : {}),
  };
}
