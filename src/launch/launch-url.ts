import { LaunchFailure } from './failure.ts';

/** What the launch URL gives: the handle. The issuer is ours, or there is no launch. */
export type LaunchParameters = { readonly iss: string; readonly launch: string };

/**
 * Reads the parameters of a launch. Only `iss` and `launch`, once each: fhirclient lets others (`fhirServiceUrl`,
 * `patientId`, `clientId`) override the code, and so choose the person.
 * @throws LaunchFailure `no-launch` without a handle, `foreign-launch` for another issuer or any further parameter
 */
export function readLaunchUrl(url: URL): LaunchParameters {
  const names = [...url.searchParams.keys()];
  const handle = url.searchParams.get('launch');
  if (handle === null || handle === '') throw new LaunchFailure('no-launch', 'no launch parameter');
  const extra = names.filter((name, index) => !['iss', 'launch'].includes(name) || names.indexOf(name) !== index);
  if (extra.length > 0) throw new LaunchFailure('foreign-launch', `unexpected parameters: ${extra.join(', ')}`);
  const ours = `${url.origin}/fhir`;
  if (url.searchParams.get('iss') !== ours) throw new LaunchFailure('foreign-launch', 'iss is not our FHIR base');
  return { iss: ours, launch: handle };
}
