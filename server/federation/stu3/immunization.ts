import { number, object, objects, text } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { ohc } from '../../../src/fhir/systems.ts';
import { each, keep, kept, notKnown, translate, translateAs, type Members } from './element.ts';

/** When it was written down stands in an extension in STU3 and has an element in R4. */
function extension(value: unknown): Members {
  const all = objects(value);
  const [only, ...others] = all.filter((one) => one['url'] === `${ohc.gpConnect}DateRecorded`);
  const recorded = text(only?.['valueDateTime']);
  if (recorded === undefined || others.length > 0) return { extension: value };
  return { recorded, extension: all.filter((one) => one !== only) };
}

/**
 * Immunization: not given is a status in R4, and means that day only. What was entered in error stays so whatever it says
 * besides (H6). A date and a number of the dose R4 must have: where there is none, it is not known.
 */
export function immunization(from: Resource): Resource {
  const notDone = from['notGiven'] === true && from['status'] !== 'entered-in-error';
  const into = translateAs('Immunization', from, {
    extension,
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
