import type { LaunchView } from '../../src/fhir/region.ts';
import type { Config } from '../config/config.ts';
import { keyedHash } from '../keyed-hash.ts';
import { contributorsOf } from '../config/config.ts';
import type { FacadeIds } from '../federation/facade-id.ts';
import { configuredSourceOf, hostSource } from '../federation/host-record.ts';
import { sourceViewOf } from '../federation/source-view.ts';
import { patientIdOf, type LaunchContext } from '../launch/context.ts';
import { styleUrlOf } from './style.ts';

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
  readonly fhirContext?: readonly Readonly<Record<string, unknown>>[];
  readonly need_patient_banner: boolean;
  readonly intent?: string;
  readonly tenant?: string;
  readonly smart_style_url?: string;
};

/** What token contexts are made from. */
export type TokenContextDeps = { readonly config: Config; readonly baseUrl: string; readonly ids: FacadeIds };

/**
 * The scope under which the host's own things have their facade ids: its record where it joins, else the configured
 * source of the same organisation. Undefined where the facade knows nothing of the host's.
 */
function scopeOfHost({ config }: TokenContextDeps, context: LaunchContext): string | undefined {
  const host = config.hosts.find((one) => one.id === context.host);
  if (host === undefined) return undefined;
  const joins = host.door === 'smart' && host.recordAsSource && context.hostRecord !== undefined;
  if (joins && context.patient === undefined) return hostSource(host).id;
  const configured = configuredSourceOf(contributorsOf(config), {
    ods: host.organisation,
    ...(host.door === 'smart' ? { baseUrl: host.iss } : {}),
  });
  return configured?.id ?? (joins ? hostSource(host).id : undefined);
}

/** What else is open at the host, by ids that the facade answers; what it could not answer is left out. */
function fhirContextOf(
  { ids }: TokenContextDeps,
  context: LaunchContext,
  scope: string | undefined,
): readonly Readonly<Record<string, unknown>>[] {
  return (context.fhirContext ?? []).flatMap((item) => {
    const { reference } = item;
    if (typeof reference !== 'string') return [item];
    const [, type, id] = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9.-]{1,64})$/.exec(reference) ?? [];
    if (type === undefined || id === undefined || scope === undefined) return [];
    return [{ ...item, reference: `${type}/${ids.of(scope, type, id)}` }];
  });
}

/**
 * What a client is told of a launch. The person only where one of its scopes is on the person, or asks who it is; the
 * encounter only by an
 * id that the facade can answer.
 */
export function tokenContext(deps: TokenContextDeps, context: LaunchContext, scopes: readonly string[]): TokenContext {
  const { config, baseUrl, ids } = deps;
  const { encounter, intent } = context;
  const host = config.hosts.find((one) => one.id === context.host);
  const patient = patientIdOf(ids, context);
  const ofPatient =
    patient !== undefined && scopes.some((one) => one === 'launch/patient' || one.startsWith('patient/'));
  const scope = scopeOfHost(deps, context);
  const fhirContext = ofPatient ? fhirContextOf(deps, context, scope) : [];
  const styleUrl = styleUrlOf(baseUrl, host);
  return {
    ...(ofPatient ? { patient } : {}),
    ...(ofPatient && encounter !== undefined && scope !== undefined
      ? { encounter: ids.of(scope, 'Encounter', encounter) }
      : {}),
    ...(fhirContext.length === 0 ? {} : { fhirContext }),
    need_patient_banner: context.needsBanner ?? host?.showsBanner !== true,
    ...(intent === undefined ? {} : { intent }),
    ...(host?.tenant === undefined ? {} : { tenant: host.tenant }),
    ...(styleUrl === undefined ? {} : { smart_style_url: styleUrl }),
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
    ...hostSourceView(config, context),
    own: { said: context.user.said ?? [], bodies: roleOf(declaredRole ?? context.role)?.registration ?? [] },
    ...(messaging === undefined ? {} : { messaging }),
    ...(context.firstTime === undefined ? {} : { firstTime: true }),
  };
}

/** The host's own record as a chip of the strip, where it joins; and whether it is all there is. */
function hostSourceView(config: Config, { host: id, patient, hostRecord }: LaunchContext): Partial<LaunchView> {
  const host = config.hosts.find((one) => one.id === id);
  if (hostRecord === undefined || host?.door !== 'smart' || !host.recordAsSource) return {};
  const source = hostSource(host);
  if (patient === undefined) return { hostSource: sourceViewOf(source, host.setting), hostAlone: true };
  if (configuredSourceOf(contributorsOf(config), source) !== undefined) return {};
  return { hostSource: sourceViewOf(source, host.setting) };
}
