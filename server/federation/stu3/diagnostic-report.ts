import { object, objects } from '../../../src/fhir/json.ts';
import type { Resource } from '../../../src/fhir/resource.ts';
import { context, kept, listed, translateAs } from './element.ts';

/** DiagnosticReport: a performer is a reference in R4; the role in which it performed is kept beside it. */
export function diagnosticReport(from: Resource): Resource {
  return translateAs('DiagnosticReport', from, {
    context,
    category: listed('category'),
    codedDiagnosis: 'conclusionCode',
    image: 'media',
    performer: (value) => ({
      performer: objects(value).map((one) => {
        const { actor, role, ...rest } = one;
        const reference = object(actor);
        if (reference === undefined) return one;
        const extension = [
          ...objects(reference['extension']),
          ...objects(rest['extension']),
          ...kept('performer-role', role).extension,
        ];
        return { ...reference, ...(extension.length === 0 ? {} : { extension }) };
      }),
    }),
  });
}
