import { z } from 'zod';
import type { JsonObject } from '../../../src/fhir/json.ts';
import { refuse } from '../page/refusal.ts';
import { isFhirId, readFhirContext } from './fhir-context.ts';

/** Visible text with no control characters and none that turn the direction of what follows. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}\u2028-\u202e\u2066-\u2069]*$/u);
const fhirId = z.string().refine(isFhirId);
/** What goes into a header, and is nothing but a token there. */
const token = z
  .string()
  .max(16_384)
  .regex(/^[\x21-\x7e]+$/);

/**
 * The members of a host's token response (SMART 2.2, "Launch context"). What says who it is about, or is sent back to
 * the host, is right or ends the launch; what only adds to it is dropped where it is not as it should be.
 */
const schema = z.object({
  token_type: z.string().regex(/^bearer$/i),
  access_token: token,
  refresh_token: token.optional(),
  expires_in: z.number().min(0).optional(),
  patient: fhirId.optional(),
  encounter: fhirId.optional(),
  intent: line(100).optional().catch(undefined),
  need_patient_banner: z.boolean().optional().catch(undefined),
  fhirContext: z.unknown().optional(),
  smart_web_messaging_origin: z.string().max(300).optional().catch(undefined),
  smart_web_messaging_handle: line(500).optional().catch(undefined),
});

/** The tokens of a host, as they came. */
export type Tokens = {
  readonly accessToken: string;
  readonly refreshToken?: string;
  /** For how long the access token is good from now; absent where the host does not say. */
  readonly lifeMs?: number;
};

/** What a host says with its tokens: whom the launch is about, and how it is to be shown. */
export type TokenResponse = {
  readonly tokens: Tokens;
  /** Id of the host's Patient. */
  readonly patient?: string;
  readonly encounter?: string;
  readonly intent?: string;
  /** False where the host shows a banner of its own around the app. */
  readonly needsBanner?: boolean;
  readonly fhirContext: readonly JsonObject[];
  readonly messaging?: { readonly origin: string; readonly handle: string };
};

/** The tokens of an answer of the token endpoint, at launch or refresh. */
export function readTokens(answer: unknown): Tokens {
  return tokensOf(parsed(answer));
}

function parsed(answer: unknown): z.infer<typeof schema> {
  const { success, data, error } = schema.safeParse(answer);
  if (success) return data;
  const wrong = new Set(error.issues.map((issue) => issue.path.join('.')));
  throw refuse('host-answer', `token response: ${[...wrong].join(', ').slice(0, 200)}`);
}

function tokensOf({ access_token, refresh_token, expires_in }: z.infer<typeof schema>): Tokens {
  return {
    accessToken: access_token,
    ...(refresh_token === undefined ? {} : { refreshToken: refresh_token }),
    ...(expires_in === undefined ? {} : { lifeMs: expires_in * 1000 }),
  };
}

/**
 * Reads a token response that the client library has let through.
 * @param origins of the host: a window of another is not spoken with
 * @throws {Fault} `host-answer`; `detail` names the members that are not as agreed, never their values
 */
export function readTokenResponse(answer: unknown, origins: readonly string[]): TokenResponse {
  const all = parsed(answer);
  const { patient, encounter, intent, need_patient_banner: needsBanner } = all;
  const { smart_web_messaging_origin: origin, smart_web_messaging_handle: handle } = all;
  return {
    tokens: tokensOf(all),
    fhirContext: readFhirContext(all.fhirContext),
    ...(patient === undefined ? {} : { patient }),
    ...(encounter === undefined ? {} : { encounter }),
    ...(intent === undefined ? {} : { intent }),
    ...(needsBanner === undefined ? {} : { needsBanner }),
    ...(origin === undefined || handle === undefined || !origins.includes(origin)
      ? {}
      : { messaging: { origin, handle } }),
  };
}
