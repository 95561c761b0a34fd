import { z } from 'zod';
import { isObject } from '../../../src/fhir/json.ts';
import type { Config } from '../../config/config.ts';
import type { EncryptedLinkHost, SignInHost } from '../../config/schema.ts';
import { refuse } from '../page/refusal.ts';

/** A host whose users sign in at an OpenID provider. */
export type OpenIdHost = SignInHost | EncryptedLinkHost;

/** A role as the provider asserts it: what the user does, and where. */
export type AssertedRole = {
  /** The provider's id of this role of this user (`person_roleid`). */
  readonly id: string;
  /** National job role (R-code). */
  readonly code: string;
  readonly organisation: { readonly ods: string; readonly name: string };
};

/** Who signed in, as the provider asserts it. */
export type Identity = {
  readonly id: string;
  readonly name: string;
  /** Their id in the Spine's directory of users (SDS), where it is a national provider that says so. */
  readonly sdsUserId?: string;
  readonly roles: readonly AssertedRole[];
  /** Id of the role that the user chose at the provider, where it says so. */
  readonly selected?: string;
};

/** A line of text with no control characters and none that turn the direction of what follows. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .normalize('NFC')
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\u2028-\u202e\u2066-\u2069]*$/u);
const level = z.union([z.number().int(), z.string().regex(/^\d$/)]).transform(Number);
const ods = z.string().regex(/^[A-Z0-9]{2,12}$/);

const claimsSchema = z.looseObject({
  sub: line(256),
  nhsid_useruid: line(64).optional(),
  uid: line(64).optional(),
  display_name: line(200).optional(),
  name: line(200).optional(),
  idassurancelevel: level.optional(),
  id_assurance_level: level.optional(),
  authentication_assurance_level: level.optional(),
  nhsid_nrbac_roles: z.array(z.unknown()).max(500).default([]),
  nhsid_user_orgs: z.array(z.unknown()).max(500).default([]),
  selected_roleid: z.string().max(64).optional(),
});
const roleSchema = z.looseObject({
  person_roleid: line(64),
  /** Staff group, sub-group and job role: `S8000:G8000:R8000`; some providers give the job role alone. */
  role_code: z.string().regex(/^(?:S\d{4}:G\d{4}:)?R\d{4}$/),
  org_code: ods.optional(),
});
const organisationSchema = z.looseObject({ org_code: ods, org_name: line(200) });

function fitting<Shape>(schema: z.ZodType<Shape>, rows: readonly unknown[]): readonly Shape[] {
  return rows.flatMap((row) => {
    const parsed = isObject(row) ? schema.safeParse(row) : undefined;
    return parsed?.success === true ? [parsed.data] : [];
  });
}

/** The organisation that the host is registered for. */
export function organisationOf(host: OpenIdHost): AssertedRole['organisation'] {
  return { ods: host.organisation, name: host.organisationName ?? host.name };
}

/**
 * Reads what a provider says of a user in the claims of CIS2. Rows of roles and organisations that are not as agreed
 * are left out; a role without an organisation is one at the host's own.
 * @throws {Fault} `sign-in-failed` where claims are not as agreed; `sign-in-not-allowed` where the assurance is too low
 */
export function readIdentity(claims: unknown, host: OpenIdHost): Identity {
  const parsed = claimsSchema.safeParse(claims);
  if (!parsed.success) {
    const wrong = new Set(parsed.error.issues.map((issue) => issue.path.join('.')));
    throw refuse('sign-in-failed', `claims not as agreed: ${[...wrong].join(', ').slice(0, 200)}`);
  }
  const given = parsed.data;
  const identity = Math.min(
    ...[given.idassurancelevel, given.id_assurance_level].filter((one) => one !== undefined),
    // Of two names for one thing the lower counts; of neither, none.
    given.idassurancelevel === undefined && given.id_assurance_level === undefined ? 0 : 3,
  );
  if (identity < host.leastAssurance) throw refuse('sign-in-not-allowed', 'identity assurance level');
  if ((given.authentication_assurance_level ?? 0) < host.leastAssurance)
    throw refuse('sign-in-not-allowed', 'authentication assurance level');
  if (given.nhsid_useruid !== undefined && given.uid !== undefined && given.nhsid_useruid !== given.uid)
    throw refuse('sign-in-failed', 'two user ids');
  const name = given.display_name ?? given.name;
  if (name === undefined) throw refuse('sign-in-failed', 'no name');

  const names = new Map(
    fitting(organisationSchema, given.nhsid_user_orgs).map((one) => [one.org_code, one.org_name] as const),
  );
  const own = organisationOf(host);
  const placeOf = (code: string): AssertedRole['organisation'] => ({
    ods: code,
    name: names.get(code) ?? (code === own.ods ? own.name : code),
  });
  return {
    id: given.nhsid_useruid ?? given.uid ?? given.sub,
    name,
    ...(given.nhsid_useruid === undefined ? {} : { sdsUserId: given.nhsid_useruid }),
    roles: fitting(roleSchema, given.nhsid_nrbac_roles).map((role) => ({
      id: role.person_roleid,
      code: role.role_code.slice(-5),
      organisation: role.org_code === undefined ? own : placeOf(role.org_code),
    })),
    ...(given.selected_roleid === undefined ? {} : { selected: given.selected_roleid }),
  };
}

/**
 * The roles of a user that count here: allowed to the host and known to `roles.json`. At a sign-in host, whose provider
 * serves many organisations, each role stands for its own organisation; the EPR behind an encrypted link is one
 * organisation's, so there only the roles held at that one count.
 */
export function usableRoles(config: Config, host: OpenIdHost, roles: readonly AssertedRole[]): readonly AssertedRole[] {
  const known = new Set(config.roles.map((role) => role.code));
  return roles.filter(
    ({ code, organisation }) =>
      host.roles.includes(code) &&
      known.has(code) &&
      (host.door === 'sign-in' || organisation.ods === host.organisation),
  );
}
