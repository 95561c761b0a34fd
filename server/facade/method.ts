import { servedTypes } from './search/parameter.ts';

const served = new Set(servedTypes);
const operations: ReadonlyMap<string, readonly string[]> = new Map([
  ['$everything', ['GET', 'POST']],
  ['$summary', ['GET', 'POST']],
  ['$looked', ['GET', 'POST']],
  ['$standing', ['GET']],
]);

/**
 * The methods that a path of the facade answers, for `Allow` (RFC 9110 §10.2.1); none where nothing is served there.
 * @param path below the FHIR base, as `/Observation/1`
 */
export function methodsAt(path: string): readonly string[] {
  const methods = given(path.split('/').filter((part) => part !== ''));
  if (methods.length === 0) return [];
  return [...methods.flatMap((one) => (one === 'GET' ? ['GET', 'HEAD'] : [one])), 'OPTIONS'];
}

function given([first, second, third, ...more]: readonly string[]): readonly string[] {
  if (more.length > 0) return [];
  if (first === undefined) return ['POST'];
  if (first === 'metadata') return second === undefined ? ['GET'] : [];
  if (first === '.well-known') return second === 'smart-configuration' && third === undefined ? ['GET'] : [];
  if (third !== undefined) return first === 'Patient' ? (operations.get(third) ?? []) : [];
  if (first === 'Binary') return second === undefined ? [] : ['GET'];
  if (!served.has(first) && first !== 'AuditEvent') return [];
  if (second === '_search') return ['POST'];
  // The objections register: governance/routes.ts.
  if (first === 'Consent') return second === undefined ? ['GET', 'POST'] : ['GET', 'PUT'];
  // A user may correct what they said of themselves: own-profile.ts.
  return first === 'Practitioner' && second !== undefined ? ['GET', 'PUT'] : ['GET'];
}
