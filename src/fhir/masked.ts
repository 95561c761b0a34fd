import { codingsOf } from './coding.ts';
import { objects, type JsonObject } from './json.ts';
import { metaOf, type Resource } from './resource.ts';
import { system } from './systems.ts';

const absent = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';

/** What stands for an address or a way to reach somebody that may not be told: FHIR's own word for it, and nothing else. */
export const masked: JsonObject = { extension: [{ url: absent, valueCode: 'masked' }] };

/** True where there is such an element, which may not be told. */
export function isMasked(element: JsonObject): boolean {
  return objects(element['extension']).some((one) => one['url'] === absent && one['valueCode'] === 'masked');
}

/** True where whoever keeps this Patient marks it as restricted or very restricted: where they live is then not told. */
export function isRestricted(patient: Resource): boolean {
  return codingsOf(metaOf(patient)['security']).some(
    (one) =>
      (one.system === undefined || one.system === system.confidentiality) && (one.code === 'R' || one.code === 'V'),
  );
}
