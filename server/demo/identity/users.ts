/** A role that a user of the care identity holds in an organisation. */
export type NationalRole = {
  /** The id of this role of this user (`person_roleid`). */
  readonly id: string;
  readonly ods: string;
  /** National job role (R-code), with its staff group and sub-group. */
  readonly code: `S${string}:G${string}:R${string}`;
  readonly name: string;
  readonly activities?: readonly (readonly [code: string, name: string])[];
};

/** A user of the demo's care identity. All are invented; the ids are of no real range. */
export type IdentityUser = {
  /** `uid`, and `sub`: twelve digits. */
  readonly id: string;
  readonly title: string;
  readonly given: string;
  readonly family: string;
  /** What they are to whoever tries the demo. */
  readonly post: string;
  readonly about: string;
  /** How sure the provider is who they are, and how strongly they have shown it: 0 to 3. */
  readonly assurance: { readonly identity: 0 | 1 | 2 | 3; readonly authentication: 0 | 1 | 2 | 3 };
  readonly roles: readonly NationalRole[];
  /** Id of the role that was chosen when signing in. */
  readonly selected?: string;
};

/** The organisations of the users' roles, by ODS code. */
export const identityOrganisations: Readonly<Record<string, string>> = {
  RYA: 'West Midlands Ambulance Service',
  NNH01: 'Out-of-hours doctors',
  M83002: 'Hanford Health Centre',
};

const clinician = {
  code: 'S8000:G8000:R8000',
  name: '"Clinical":"Clinical Provision":"Clinical Practitioner Access Role"',
} as const;
const nurse = {
  code: 'S8000:G8000:R8001',
  name: '"Clinical":"Clinical Provision":"Nurse Access Role"',
} as const;
const high = { identity: 3, authentication: 3 } as const;

export const identityUsers = [
  {
    id: '990000000011',
    title: 'Mrs',
    given: 'Kerry',
    family: 'Whitmore',
    post: 'Paramedic',
    about: 'One role, at the ambulance service.',
    assurance: high,
    roles: [
      {
        id: '990000000111',
        ods: 'RYA',
        code: 'S0080:G0430:R1070',
        name: '"Allied Health Professionals":"Ambulance":"Paramedic"',
        activities: [['B0401', 'View Patient Medical Records']],
      },
    ],
  },
  {
    id: '990000000022',
    title: 'Dr',
    given: 'Samir',
    family: 'Qureshi',
    post: 'GP, in practice and out of hours',
    about: 'Two roles in two organisations, none chosen: One Health and Care asks which.',
    assurance: high,
    roles: [
      { id: '990000000221', ods: 'NNH01', ...clinician },
      { id: '990000000222', ods: 'M83002', ...clinician },
    ],
  },
  {
    id: '990000000033',
    title: 'Ms',
    given: 'Beth',
    family: 'Tranter',
    post: 'Nurse, in practice and out of hours',
    about: 'Two roles, one of them chosen at the sign-in: nothing is asked.',
    assurance: high,
    roles: [
      { id: '990000000331', ods: 'NNH01', ...nurse },
      { id: '990000000332', ods: 'M83002', ...nurse },
    ],
    selected: '990000000332',
  },
  {
    id: '990000000044',
    title: 'Dr',
    given: 'Neil',
    family: 'Hobson',
    post: 'Locum GP, signed in with a password',
    about: 'His identity is proved to level 1 only: he is turned away.',
    assurance: { identity: 1, authentication: 1 },
    roles: [{ id: '990000000441', ods: 'NNH01', ...clinician }],
  },
  {
    id: '990000000055',
    title: 'Miss',
    given: 'Paula',
    family: 'Deakin',
    post: 'Receptionist, out of hours',
    about: 'No clinical role: the record holds no clinical data.',
    assurance: high,
    roles: [
      {
        id: '990000000551',
        ods: 'NNH01',
        code: 'S8002:G8003:R8009',
        name: '"Admin & Clerical":"Admin & Clerical":"Receptionist Access Role"',
      },
    ],
  },
] as const satisfies readonly IdentityUser[];

type Claims = Readonly<Record<string, unknown>>;

/** What stands in an ID token: who it is, and how strongly that was shown. */
export function idTokenClaims(user: IdentityUser): Claims {
  return {
    sub: user.id,
    nhsid_useruid: user.id,
    idassurancelevel: String(user.assurance.identity),
    authentication_assurance_level: String(user.assurance.authentication),
  };
}

/** What the UserInfo endpoint says besides: names, roles and organisations, in the shape of CIS2. */
export function userInfoClaims(user: IdentityUser): Claims {
  const { id, title, given, family } = user;
  const organisations = [...new Set(user.roles.map(({ ods }) => ods))];
  return {
    ...idTokenClaims(user),
    uid: id,
    name: `${title} ${given} ${family}`,
    display_name: `${title} ${given} ${family}`,
    given_name: given,
    family_name: family,
    title,
    initials: given.charAt(0),
    nhsid_nrbac_roles: user.roles.map((role) => ({
      org_code: role.ods,
      person_orgid: `${role.id.slice(0, -1)}9`,
      person_roleid: role.id,
      role_code: role.code,
      role_name: role.name,
      activities: (role.activities ?? []).map(([, name]) => name),
      activity_codes: (role.activities ?? []).map(([code]) => code),
      aow_codes: [],
      workgroups_codes: [],
    })),
    nhsid_user_orgs: organisations.map((ods) => ({ org_code: ods, org_name: identityOrganisations[ods] ?? ods })),
    ...(user.selected === undefined ? {} : { selected_roleid: user.selected }),
  };
}
