import type { LaunchView } from '../../src/fhir/region.ts';
import type { Config } from '../config/config.ts';
import { keyedHash } from '../keyed-hash.ts';
import type { LaunchContext } from '../launch/context.ts';

/** The facade's id of a user: opaque, the same at each launch. A FHIR id of 64 hexadecimal digits. */
export function practitionerId(idKey: Buffer, user: { readonly host: string; readonly id: string }): string {
  return Buffer.from(keyedHash(idKey, 'practitioner', user.host, user.id), 'base64url').toString('hex');
}

/** `fhirUser`: the user as a resource of the facade. */
export function fhirUserOf(baseUrl: string, practitioner: string): string {
  return `${baseUrl}/fhir/Practitioner/${practitioner}`;
}

/** The launch context that a client is told, in the token response and by introspection (SMART 2.2, "Launch Context"). */
export type TokenContext = {
  readonly patient?: string;
  readonly encounter?: string;
  readonly need_patient_banner: boolean;
  readonly intent?: string;
};

/** What a client is told of a launch. The person only where one of its scopes is on the person. */
export function tokenContext(
  config: Config,
  context: LaunchContext,
  scopes: readonly string[],
  patientId: (nhsNumber: string) => string,
): TokenContext {
  const { patient, encounter, intent } = context;
  const ofPatient = patient !== undefined && scopes.some((scope) => scope.startsWith('patient/'));
  return {
    ...(ofPatient ? { patient: patientId(patient.nhsNumber) } : {}),
    ...(ofPatient && encounter !== undefined ? { encounter } : {}),
    need_patient_banner: config.hosts.find((host) => host.id === context.host)?.showsBanner !== true,
    ...(intent === undefined ? {} : { intent }),
  };
}

/** What the viewer is told besides: who looks and from where, for its own words. */
export function launchView(config: Config, context: LaunchContext): LaunchView {
  const host = config.hosts.find((one) => one.id === context.host);
  const roleOf = (code: string) => config.roles.find((one) => one.code === code);
  const { declaredRole, messaging } = context;
  return {
    hostName: host?.name ?? '',
    hostOrigins: host?.origins ?? [],
    userName: context.user.name,
    role: { code: context.role, title: roleOf(context.role)?.title ?? '' },
    ...(declaredRole === undefined
      ? {}
      : { declaredRole: { code: declaredRole, title: roleOf(declaredRole)?.title ?? '' } }),
    organisation: context.organisation,
    own: { said: context.user.said ?? [], bodies: roleOf(declaredRole ?? context.role)?.registration ?? [] },
    ...(messaging === undefined ? {} : { messaging }),
  };
}
