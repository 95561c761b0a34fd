import { z } from 'zod';
import { isObject } from '../../src/fhir/json.ts';
import { sectionIds } from '../../src/fhir/look.ts';
import { dataClasses, settings } from '../../src/fhir/status.ts';
import { templateFault } from './link-template.ts';
import { authFaults, sourceAuthSchema } from './source-auth-schema.ts';

/** A rule over several fields is checked also where one field has a fault of its own: every fault is told at once. */
const always = ({ value }: { readonly value: unknown }): boolean => isObject(value);

/** An ODS code as the directory writes it: letters and digits, upper case. */
const ods = z
  .string()
  .regex(/^[A-Z0-9]{2,12}$/, 'an ODS code: 2 to 12 capital letters and digits')
  .describe('ODS code of an organisation or site');
const id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,40}$/, 'an id: small letters, digits and hyphens')
  .describe('An id of this configuration; ids that begin "demo-" are refused by `npm run serve`');
const role = z
  .string()
  .regex(/^R\d{4}$/, 'a role code such as R8000')
  .describe('National RBAC job role');
const httpUrl = z.url({ protocol: /^https?$/ });
const origin = z.string().regex(/^https?:\/\/[^/\s]+$/, 'an origin such as https://epr.example.nhs.uk, without a path');
const jwk = z
  .looseObject({ kty: z.string(), kid: z.string().min(1) })
  .refine((key) => !('d' in key || 'k' in key), 'a public key: its private members belong to its owner alone');
const jwks = z
  .strictObject({ keys: z.array(jwk).min(1) })
  .refine(({ keys }) => new Set(keys.map((key) => key.kid)).size === keys.length, 'each key needs a kid of its own');

/** `region.json`: who runs this record, whom to phone, and the region's choices where the design leaves one. */
export const regionSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().min(1),
  contacts: z.strictObject({
    pals: z.string().min(1),
    email: z.email(),
    reverseEmail: z.email(),
    post: z.string().min(1).optional().describe('Postal address of the records team, in one line'),
  }),
  notices: z
    .array(
      z
        .strictObject({
          section: z.enum(sectionIds).optional().describe('The section that it is about; absent: the whole record'),
          text: z.string().min(1).max(300),
          from: z.iso.date(),
          until: z.iso.date().optional().describe('The last day on which it stands'),
        })
        .refine(({ from, until }) => until === undefined || until >= from, {
          path: ['until'],
          error: 'a day that is not before "from"',
        }),
    )
    .default([])
    .describe(
      'What every user is to know for a time: stands in the strip and on prints, from the first day to the last',
    ),
  medicines: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A TSV file, from this folder on, of the dictionary of medicines and devices: child (an AMP) and parent (its VMP). By it a brand and its generic are one line; absent: each row says that they are not compared',
    ),
  consentAnswerDays: z
    .number()
    .int()
    .min(0)
    .max(31)
    .default(7)
    .describe('How long a practice’s last answer about consent stands while it cannot be reached'),
  consentAnswerFreshHours: z
    .number()
    .min(0)
    .max(168)
    .default(24)
    .describe('How long a yes lets the others be shown before the practice has answered again; 0 always waits'),
  practiceUnreachable: z
    .enum(['refuse', 'show'])
    .default('refuse')
    .describe('What happens where the practice never answered and cannot be reached'),
  receivedObjectionHides: z
    .boolean()
    .default(true)
    .describe('Whether an objection hides the record from its receipt, before it is decided'),
  test: z.boolean().default(false).describe('Off live systems: every page says "Test: invented people"'),
  documents: z
    .strictObject({
      readMegabytes: z
        .number()
        .min(0.1)
        .max(50)
        .default(5)
        .describe('The largest document whose text is read; a larger one that has a text is not shown'),
      openMegabytes: z.number().min(1).max(500).default(50).describe('The largest document that can be opened'),
    })
    .default({ readMegabytes: 5, openMegabytes: 50 }),
  testPerson: z
    .string()
    .regex(/^9\d{9}$/, 'the NHS number of a test person: ten digits that begin with 9')
    .optional()
    .describe('NHS number of an invented person whom `npm run source:check` asks for'),
  home: httpUrl.optional().describe('Where the root page leads; absent: a page that says how to open a record'),
  accessReasons: z
    .array(z.strictObject({ code: id, title: z.string().min(1) }))
    .min(1)
    .default([
      { code: 'direct-care', title: 'I am looking after this person now' },
      { code: 'referral', title: 'This person has been referred to me or my team' },
      { code: 'call', title: 'This person, or someone for them, has called for help' },
      { code: 'follow-up', title: 'I am following up care that my team gave' },
    ])
    .describe('Reasons of which a user who finds a person by hand must state one; both are shown to the person'),
  idleLockMinutes: z.number().int().min(1).max(60).default(15),
  gatherDeadlineMs: z
    .number()
    .int()
    .min(500)
    .max(60_000)
    .default(10_000)
    .describe('The whole time that the sources together may take'),
});

const secretEnv = z
  .string()
  .regex(/^[A-Z][A-Z0-9_]*$/, 'the name of an environment variable')
  .describe('Name of the environment variable that holds the client secret');
const clientAuth = z.enum(['none', 'private_key_jwt', 'client_secret_basic']);
const styleText = z.string().min(1).max(100);

/** SMART App Launch 2.2, "Styling": what a host may set of the viewer's look. */
const style = z.strictObject({
  color_background: styleText.optional(),
  color_error: styleText.optional(),
  color_highlight: styleText.optional(),
  color_modal_backdrop: styleText.optional(),
  color_success: styleText.optional(),
  color_text: styleText.optional(),
  dim_border_radius: styleText.optional(),
  dim_font_size: styleText.optional(),
  dim_spacing_size: styleText.optional(),
  font_family_body: styleText.optional(),
  font_family_heading: styleText.optional(),
});

/** An OpenID provider at which the users of a host sign in. */
const openIdProvider = {
  issuer: httpUrl,
  clientId: z.string().min(1),
  clientAuth: clientAuth.default('private_key_jwt'),
  secretEnv: secretEnv.optional(),
  scope: z
    .string()
    .min(1)
    .default('openid profile nhsperson nationalrbacaccess associatedorgs selectedrole')
    .describe('What is asked of the OpenID provider; the default is CIS2’s'),
  leastAssurance: z
    .number()
    .int()
    .min(0)
    .max(3)
    .default(2)
    .describe('Least identity and authentication assurance level of a sign-in'),
};

const hostShared = {
  id,
  name: z.string().min(1),
  organisation: ods.describe(
    'ODS code of the organisation whose host it is. At door sign-in a user stands for the organisation of the role that the provider asserts, and for this one where it names none',
  ),
  organisationName: z.string().min(1).optional(),
  origins: z.array(origin).default([]).describe('Origins that may frame the viewer'),
  roles: z.array(role).min(1).describe('Roles that users of this host may hold'),
  showsBanner: z.boolean().default(false).describe('The host shows a patient banner of its own around the viewer'),
  selfDeclared: z
    .enum(['allowed', 'until-confirmed'])
    .default('until-confirmed')
    .describe('What a role that the user alone asserts is worth'),
  tenant: z.string().min(1).max(100).optional().describe('Opaque name of the host’s tenant, told to apps'),
  style: style.optional().describe('Look of the viewer within this host (SMART styling)'),
  launchesPerMinute: z
    .number()
    .int()
    .min(1)
    .default(600)
    .describe('How many launches a minute this host may begin before it is asked to wait'),
};

/** A host EPR and the door that it comes through. */
export const hostSchema = z.discriminatedUnion('door', [
  z
    .strictObject({
      ...hostShared,
      door: z.literal('signed-context'),
      issuer: httpUrl,
      jwks: jwks.optional(),
      jwksUri: httpUrl.optional(),
    })
    .refine((host) => (host.jwks === undefined) !== (host.jwksUri === undefined), {
      message: 'either jwks or jwksUri, one of the two',
      path: ['jwks'],
      when: always,
    }),
  z.strictObject({
    ...hostShared,
    door: z.literal('smart'),
    iss: httpUrl,
    clientId: z.string().min(1),
    clientAuth,
    secretEnv: secretEnv.optional(),
    scope: z
      .string()
      .min(1)
      .default('openid fhirUser launch online_access patient/*.rs user/Practitioner.r')
      .describe('What is asked of the host'),
    recordAsSource: z.boolean().default(false),
    label: z.string().min(1).max(10).optional().describe('What stands on the chip of its record; absent: its ODS code'),
    setting: z.enum(settings).default('acute').describe('What kind of organisation its record comes from'),
    contributes: z.array(z.enum(dataClasses)).default([]),
  }),
  z
    .strictObject({
      ...hostShared,
      ...openIdProvider,
      door: z.literal('encrypted-link'),
      cipher: z.enum(['aes-256-cbc', 'aes-256-gcm']),
      keyEnv: z
        .string()
        .regex(/^[A-Z][A-Z0-9_]*$/, 'the name of an environment variable')
        .describe('Name of the environment variable that holds the key: 32 bytes, hex or base64'),
      template: z
        .string()
        .min(1)
        .describe('The text that the host encrypts, such as nhs={nhsNumber}&dob={birthDate}&t={time}'),
    })
    .superRefine(({ template, cipher }, context) => {
      const fault = templateFault(template, cipher);
      if (fault !== undefined) context.addIssue({ code: 'custom', message: fault, path: ['template'] });
    }),
  z.strictObject({ ...hostShared, ...openIdProvider, door: z.literal('sign-in') }),
]);
export const hostsSchema = z.strictObject({ $schema: z.string().optional(), hosts: z.array(hostSchema) });

const uri = z.string().min(1).describe('Absolute, or relative to the base URL');

/** A SMART app that may launch on the facade. */
export const clientSchema = z
  .strictObject({
    clientId: z.string().min(1),
    name: z.string().min(1),
    redirectUris: z.array(uri),
    launchUri: uri,
    scope: z.string().min(1),
    clientAuth: clientAuth.default('none'),
    secretHash: z
      .string()
      .regex(/^[A-Za-z0-9_-]{43}$/, 'a SHA-256 in base64url, as `npm run clients -- add` writes it')
      .optional()
      .describe('SHA-256 of the client secret; the secret itself is kept nowhere'),
    jwks: jwks.optional(),
    jwksUri: httpUrl.optional(),
    owner: z.string().min(1),
    purpose: z.string().min(1),
    until: z.iso.date().optional(),
  })
  .refine((client) => (client.clientAuth === 'client_secret_basic') === (client.secretHash !== undefined), {
    message: 'secretHash where clientAuth is client_secret_basic, and nowhere else',
    path: ['secretHash'],
    when: always,
  })
  .refine(
    (client) =>
      client.clientAuth !== 'private_key_jwt' || (client.jwks === undefined) !== (client.jwksUri === undefined),
    {
      message: 'either jwks or jwksUri, one of the two, since the client proves itself by a key',
      path: ['jwks'],
      when: always,
    },
  )
  .refine((client) => client.clientAuth === 'private_key_jwt' || client.redirectUris.length > 0, {
    message: 'an address: only a client with a key may act without a user',
    path: ['redirectUris'],
    when: always,
  });
export const clientsSchema = z.strictObject({ $schema: z.string().optional(), clients: z.array(clientSchema).min(1) });

const mebibyte = 1024 * 1024;

/** How much a source may send about one person before the rest is left where it is. */
export const budgetSchema = z.strictObject({
  bytes: z
    .number()
    .int()
    .min(mebibyte)
    .max(512 * mebibyte)
    .default(64 * mebibyte)
    .describe('Of all its answers about one person, unpacked'),
  entries: z.number().int().min(100).max(1_000_000).default(200_000).describe('Resources in all its answers'),
  pages: z.number().int().min(1).max(10_000).default(500).describe('Pages of one search'),
});

/** A system that is asked for what it holds about a person. */
export const sourceSchema = z
  .strictObject({
    id,
    name: z.string().min(1),
    ods,
    label: z.string().min(1).max(10).describe('What stands on the chip: at most 10 characters, unique'),
    kind: z.enum(['fhir-r4', 'gp-connect', 'pds']),
    baseUrl: httpUrl,
    auth: sourceAuthSchema.default({ type: 'none' }),
    apps: z
      .union([z.literal('all'), z.array(z.string().min(1))])
      .optional()
      .describe('Client ids that may receive its data; absent: the viewer alone'),
    contact: z.string().min(1).optional().describe('Whom to phone or write to about errors and rights'),
    contributes: z.array(z.enum(dataClasses)).default([]),
    deadlineMs: z.number().int().min(100).max(60_000).default(8_000),
    budget: budgetSchema.prefault({}),
    sharing: z.boolean().default(true),
    practices: z
      .record(
        ods,
        z.strictObject({
          name: z.string().min(1),
          baseUrl: httpUrl
            .optional()
            .describe('Its GP Connect base URL; absent with auth spine-proxy, which looks it up'),
          sharing: z.boolean().default(true),
        }),
      )
      .optional(),
    members: z
      .record(ods, z.string().min(1).max(10))
      .optional()
      .describe('Of another shared care record: the labels of its members, by ODS code'),
    aggregate: z.boolean().default(false).describe('True for another shared care record'),
    setting: z.enum(settings).optional(),
    usualDelayHours: z.number().min(0).default(0),
    search: z.enum(['get', 'post']).default('post'),
    conceptMaps: z
      .array(z.string().regex(/^[\w][\w.-]*\.json$/, 'the name of a file in concept-maps, such as local-problems.json'))
      .optional()
      .describe('FHIR R4 ConceptMaps under concept-maps/ that say what its local codes mean'),
  })
  .refine((source) => source.kind === 'pds' || source.setting !== undefined, {
    message: 'a setting (gp, acute, …) that says what kind of organisation it is',
    path: ['setting'],
    when: always,
  })
  .refine((source) => source.kind !== 'gp-connect' || source.practices !== undefined, {
    message: 'the practices of this source, by ODS code',
    path: ['practices'],
    when: always,
  })
  .superRefine(
    (source, context) => {
      for (const { path, message } of authFaults(source))
        context.addIssue({ code: 'custom', message, path: [...path] });
    },
    { when: always },
  );
export const sourcesSchema = z.strictObject({
  $schema: z.string().optional(),
  sources: z.array(sourceSchema),
  viewOnly: z
    .array(
      z.strictObject({
        ods,
        name: z.string().min(1),
        setting: z.enum(settings).optional().describe('What kind of organisation it is'),
      }),
    )
    .default([]),
});

/** `roles.json`: what each national job role may see, as SMART v2 scopes. */
export const roleSchema = z.strictObject({
  code: role,
  title: z.string().min(1),
  scopes: z.array(
    z
      .string()
      .regex(
        /^(patient|user)\/(\*|[A-Z][A-Za-z]+)\.c?r?u?d?s?(\?[^\s"\\]+)?$/,
        'a SMART v2 scope such as patient/Observation.rs',
      ),
  ),
  without: z
    .record(z.string().regex(/^[A-Z][A-Za-z]+$/), z.array(z.string().min(1)).min(1))
    .optional()
    .describe(
      'Elements that this role does not get, by resource type: what is left of an Appointment for a receptionist',
    ),
  supervised: z.boolean().default(false).describe('Looks under the supervision of another, and the screen says so'),
  registration: z
    .array(z.enum(['GMC', 'NMC', 'HCPC', 'GPhC', 'SWE']))
    .default([])
    .describe('Professional bodies, one of which a holder of this role is registered with; none: not asked'),
});
export const rolesSchema = z.strictObject({ $schema: z.string().optional(), roles: z.array(roleSchema).min(1) });

/** Who decided that something is shown after all, when and why: on the audit trail, and on the screen of everyone. */
const switchedOff = z.strictObject({
  by: z.string().trim().min(1).describe('Name and office; everyone who looks can read it'),
  on: z.iso.date(),
  reason: z.string().trim().min(1),
});

/** Words to be found in what a thing is called or says. A word of fewer letters would be found everywhere. */
const phrase = z.string().trim().min(3);

/** `exclusions.json`: what is never shown, by category. */
export const categorySchema = z
  .strictObject({
    id,
    title: z.string().min(1).describe('As it stands in the sentence "Some things are never shown here, for anyone: …"'),
    enabled: z.boolean(),
    switchedOff: switchedOff.optional(),
    basis: z.string().min(1),
    codes: z.array(z.string().min(1)).default([]).describe('TSV files under exclusions/'),
    specialties: z
      .array(z.string().regex(/^\d{3}$/))
      .default([])
      .describe('Treatment function and main specialty codes'),
    services: z
      .array(z.string().regex(/^\d{6,18}$/))
      .default([])
      .describe('SNOMED CT codes of services and practice settings'),
    organisations: z.array(z.string().min(1)).default([]).describe('ODS organisation and site codes'),
    securityLabels: z.array(z.string().min(1)).default([]),
    terms: z
      .array(phrase)
      .default([])
      .describe(
        'Words that are a sign, in any case, with their plural; a hyphen stands for a hyphen, a space or nothing',
      ),
    termsAsWritten: z
      .array(phrase)
      .default([])
      .describe('Words that are a sign in these very letters alone: abbreviations that are also everyday words'),
    benign: z
      .array(phrase)
      .default([])
      .describe('Phrases in which a term means something else, such as "hearing aids" or "spontaneous abortion"'),
    mention: z
      .enum(['withhold', 'show'])
      .default('withhold')
      .describe('What becomes of a document whose text mentions this category: left out whole, or shown'),
    falseRemains: z
      .strictObject({
        codes: z.array(z.string().min(1)).min(1).describe('TSV files under exclusions/'),
        withinDays: z.int().positive().describe('How long before what is withheld such a thing may have begun'),
      })
      .optional()
      .describe(
        'What would be false without what is withheld, such as an open pregnancy after its termination: it goes too',
      ),
  })
  .refine((category) => category.enabled || category.switchedOff !== undefined, {
    message: 'switchedOff { by, on, reason }, since the category is not enabled',
    path: ['switchedOff'],
    when: always,
  })
  .refine((category) => !category.enabled || category.codes.length > 0, {
    message: 'at least one TSV file, since the category is enabled: without its codes nothing could be decided',
    path: ['codes'],
  });
export const exclusionsSchema = z.strictObject({
  $schema: z.string().optional(),
  switchedOff: switchedOff.optional().describe('Switches every category off: nothing at all is withheld'),
  hierarchy: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Files of a SNOMED CT hierarchy, RF2 relationship snapshots or TSV of child and parent, from this folder on: what lies below a listed concept is listed too',
    ),
  categories: z.array(categorySchema).min(1),
});

export type Region = z.infer<typeof regionSchema>;
export type Host = z.infer<typeof hostSchema>;
export type SignedContextHost = Extract<Host, { door: 'signed-context' }>;
export type SmartHost = Extract<Host, { door: 'smart' }>;
export type EncryptedLinkHost = Extract<Host, { door: 'encrypted-link' }>;
export type SignInHost = Extract<Host, { door: 'sign-in' }>;
export type Client = z.infer<typeof clientSchema>;
export type Source = z.infer<typeof sourceSchema>;
export type { SourceAuthOf } from './source-auth-schema.ts';
export type ViewOnly = z.infer<typeof sourcesSchema>['viewOnly'][number];
export type Role = z.infer<typeof roleSchema>;
export type Category = z.infer<typeof categorySchema>;

/** The files of a configuration folder and the schema that each must fit. */
export const configFiles = {
  'region.json': regionSchema,
  'hosts.json': hostsSchema,
  'clients.json': clientsSchema,
  'sources.json': sourcesSchema,
  'roles.json': rolesSchema,
  'exclusions.json': exclusionsSchema,
} as const;
