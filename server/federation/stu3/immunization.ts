import { number, object, objects, text } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { each, kept, translate, translateAs } from './element.ts';

/** Immunization: not given is a status in R4, and means that day only. */
export function immunization(from: Resource): Resource {
  const notGiven = from['notGiven'] === true;
  const into = translateAs('Immunization', from, {
    date: 'occurrenceDateTime',
    status: (status) => (notGiven ? { status: 'not-done', ...kept('status', status) } : { status }),
    // Said by the status.
    notGiven: () => ({}),
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
    vaccinationProtocol: each('protocolApplied', (one) =>
      translate(one, {
        doseSequence: (value) =>
          number(value) === undefined ? { doseNumberString: text(value) } : { doseNumberPositiveInt: value },
        seriesDoses: 'seriesDosesPositiveInt',
        description: (value) => kept('vaccinationProtocol-description', value),
        doseStatus: (value) => kept('vaccinationProtocol-doseStatus', value),
        doseStatusReason: (value) => kept('vaccinationProtocol-doseStatusReason', value),
      }),
    ),
  });
  return notGiven && into['status'] === undefined ? { ...into, status: 'not-done' } : into;
}
