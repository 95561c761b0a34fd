import {
  bigint,
  bigserial,
  boolean,
  customType,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

const bytes = customType<{ data: Buffer; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  fromDriver: (value) => Buffer.from(value),
});
const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Everything that oidc-provider remembers. `id` is a hash: a leaked table gives nobody a token. */
export const oidcArtefact = pgTable(
  'oidc_artefact',
  {
    model: text('model').notNull(),
    idHash: text('id_hash').notNull(),
    payload: jsonb('payload').notNull(),
    grantId: text('grant_id'),
    uidHash: text('uid_hash'),
    consumedAt: at('consumed_at'),
    expiresAt: at('expires_at'),
  },
  (table) => [
    uniqueIndex('oidc_artefact_key').on(table.model, table.idHash),
    index('oidc_artefact_grant').on(table.grantId),
    index('oidc_artefact_uid').on(table.uidHash),
    index('oidc_artefact_expiry').on(table.expiresAt),
  ],
);

/** A launch handle: works once, for 60 s, for one client. */
export const launchHandle = pgTable(
  'launch_handle',
  {
    handleHash: text('handle_hash').primaryKey(),
    clientId: text('client_id').notNull(),
    context: jsonb('context').notNull(),
    expiresAt: at('expires_at').notNull(),
    consumedAt: at('consumed_at'),
  },
  (table) => [index('launch_handle_expiry').on(table.expiresAt)],
);

/** The context of one launch, by its grant. Lives as long as the grant. */
export const launchGrant = pgTable(
  'launch_grant',
  {
    grantId: text('grant_id').primaryKey(),
    context: jsonb('context').notNull(),
    /** Keyed hash of the person's NHS number, so that an objection finds the launches it ends. */
    personHash: text('person_hash'),
    /** Keyed hash of host and user, so that a sign-out at the host finds the launches it ends. */
    userHash: text('user_hash'),
    /** True where the client may go on without the user: a sign-out does not end it. */
    offline: boolean('offline').notNull().default(false),
    expiresAt: at('expires_at').notNull(),
  },
  (table) => [
    index('launch_grant_person').on(table.personHash),
    index('launch_grant_user').on(table.userHash),
    index('launch_grant_expiry').on(table.expiresAt),
  ],
);

/** A `jti` (or anything else that may be used once) by its keyed hash. */
export const usedOnce = pgTable(
  'used_once',
  { keyHash: text('key_hash').primaryKey(), expiresAt: at('expires_at').notNull() },
  (table) => [index('used_once_expiry').on(table.expiresAt)],
);

/** A launch that waits for the name-and-role page to be filled in. */
export const registrationTicket = pgTable(
  'registration_ticket',
  {
    ticketHash: text('ticket_hash').primaryKey(),
    context: jsonb('context').notNull(),
    expiresAt: at('expires_at').notNull(),
  },
  (table) => [index('registration_ticket_expiry').on(table.expiresAt)],
);

/**
 * A user's way through another authorization server (a SMART host's, an OpenID provider's), by the keyed hash of its
 * `state`. Works once, in the browser that began it. What is in it is sealed.
 */
export const pendingAuthorization = pgTable(
  'pending_authorization',
  {
    stateHash: text('state_hash').primaryKey(),
    /** Keyed hash of the cookie that ties it to the browser that began it. */
    browserHash: text('browser_hash').notNull(),
    sealed: bytes('sealed').notNull(),
    expiresAt: at('expires_at').notNull(),
  },
  (table) => [index('pending_authorization_expiry').on(table.expiresAt)],
);

/** A user who has signed in at an OpenID provider, by the keyed hash of the cookie that says so. */
export const signInSession = pgTable(
  'sign_in_session',
  {
    sessionHash: text('session_hash').primaryKey(),
    userHash: text('user_hash').notNull(),
    /** Who they are there, and in which of their roles they look. */
    user: jsonb('user').notNull(),
    /** Ends where it is not used until then. */
    idleAt: at('idle_at').notNull(),
    expiresAt: at('expires_at').notNull(),
  },
  (table) => [index('sign_in_session_user').on(table.userHash), index('sign_in_session_expiry').on(table.expiresAt)],
);

/** A SMART host's tokens for one launch, sealed: its record is read with them. */
export const hostToken = pgTable(
  'host_token',
  {
    id: text('id').primaryKey(),
    sealed: bytes('sealed').notNull(),
    expiresAt: at('expires_at').notNull(),
  },
  (table) => [index('host_token_expiry').on(table.expiresAt)],
);

/** How often something was done in the present window of time, by its keyed hash. */
export const rateCounter = pgTable(
  'rate_counter',
  { keyHash: text('key_hash').primaryKey(), count: integer('count').notNull(), expiresAt: at('expires_at').notNull() },
  (table) => [index('rate_counter_expiry').on(table.expiresAt)],
);

/** When a user last looked at a person, by the keyed hash of both: what is new since can be marked. Nothing of what was seen. */
export const lastLook = pgTable(
  'last_look',
  {
    keyHash: text('key_hash').primaryKey(),
    /** The latest look, and the latest before the sitting that it belongs to. */
    latestAt: at('latest_at').notNull(),
    beforeAt: at('before_at'),
    expiresAt: at('expires_at').notNull(),
  },
  (table) => [index('last_look_expiry').on(table.expiresAt)],
);

/** Who a user of a host is: what they said at their first launch, and what the host asserts. */
export const profile = pgTable('profile', {
  id: text('id').primaryKey(),
  host: text('host').notNull(),
  userId: text('user_id').notNull(),
  name: text('name').notNull(),
  role: text('role').notNull(),
  /** True where the user alone asserts the role. */
  roleSelfDeclared: boolean('role_self_declared').notNull(),
  /** Where the user alone asserts it: when somebody at the host confirmed it, and who. */
  roleConfirmedAt: at('role_confirmed_at'),
  roleConfirmedBy: text('role_confirmed_by'),
  organisation: text('organisation').notNull(),
  registrationBody: text('registration_body'),
  registrationNumber: text('registration_number'),
  promisedAt: at('promised_at').notNull(),
  updatedAt: at('updated_at').notNull(),
});

/** An objection, as it stands now. Its history is in {@link objectionEvent}. */
export const objection = pgTable(
  'objection',
  {
    id: text('id').primaryKey(),
    personHash: text('person_hash').notNull(),
    keyName: text('key_name').notNull(),
    status: text('status', { enum: ['draft', 'proposed', 'active', 'rejected', 'inactive'] }).notNull(),
    channel: text('channel', { enum: ['gp', 'pals', 'email', 'post', 'host'] }).notNull(),
    requester: text('requester', { enum: ['person', 'guardian', 'representative'] }).notNull(),
    /** Who decides: the registered practice where it is listed and shares, else the records team. */
    route: text('route', { enum: ['practice', 'records-team'] })
      .notNull()
      .default('records-team'),
    receivedAt: at('received_at').notNull(),
    dueAt: at('due_at').notNull(),
    /** Counts each change: two people deciding at once, and one wins. */
    version: integer('version').notNull(),
    /** Name, NHS number, birth date and practice for the officer's screen and letters, encrypted under `register-key`. */
    sealed: bytes('sealed').notNull(),
  },
  (table) => [index('objection_person').on(table.personHash, table.status)],
);

/** What was done to an objection; only ever added to. */
export const objectionEvent = pgTable(
  'objection_event',
  {
    id: bigserial('id', { mode: 'number' }).primaryKey(),
    objectionId: text('objection_id').notNull(),
    action: text('action', {
      enum: ['raise', 'submit', 'uphold', 'decline', 'withdraw', 'reverse', 'review', 'follow'],
    }).notNull(),
    by: text('by').notNull(),
    /** Why, and what was weighed, encrypted under `register-key`: an officer may name the person or the family in it. */
    sealed: bytes('sealed'),
    at: at('at').notNull(),
  },
  (table) => [index('objection_event_objection').on(table.objectionId)],
);

/** What the registered practice last said about consent. The answer is kept, the record is not. */
export const consentAnswer = pgTable('consent_answer', {
  personHash: text('person_hash').primaryKey(),
  practice: text('practice').notNull(),
  answer: text('answer', { enum: ['yes', 'no'] }).notNull(),
  answeredAt: at('answered_at').notNull(),
});

/**
 * What a document's words meet, by the keyed hash of source, id, version and rules, so that it need not be read again. Never
 * a text, and nothing of whom it is about.
 */
export const documentVerdict = pgTable(
  'document_verdict',
  {
    keyHash: text('key_hash').primaryKey(),
    verdict: text('verdict', { enum: ['read', 'unreadable', 'beyond'] }).notNull(),
    /** Ids of the categories of exclusions.json that its words meet. */
    categories: text('categories').array().notNull(),
    /** Keyed hash of its bytes, and of what the source calls this state of it. */
    contentHash: text('content_hash').notNull(),
    stateHash: text('state_hash'),
    expiresAt: at('expires_at').notNull(),
  },
  (table) => [index('document_verdict_expiry').on(table.expiresAt)],
);

/** The audit trail: FHIR AuditEvents in one hash chain, only ever added to. */
export const auditEvent = pgTable(
  'audit_event',
  {
    seq: bigint('seq', { mode: 'number' }).primaryKey(),
    id: text('id').notNull().unique(),
    recordedAt: at('recorded_at').notNull(),
    type: text('type').notNull(),
    outcome: text('outcome').notNull(),
    userKey: text('user_key'),
    personHash: text('person_hash'),
    event: jsonb('event').notNull(),
    previousHash: text('previous_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (table) => [
    index('audit_event_person').on(table.personHash, table.recordedAt),
    index('audit_event_user').on(table.userKey, table.recordedAt),
  ],
);
