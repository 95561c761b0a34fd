import { z } from 'zod';
import { parseNhsNumber } from '../../../src/fhir/nhs-number.ts';
import { refuse } from '../page/refusal.ts';

/**
 * What no line of text may hold: control characters and line ends, halves of characters, private ones, and those that
 * nobody sees: they turn the direction of what follows, or make two texts that differ look the same.
 */
const unseen =
  /[\p{Cc}\p{Cs}\p{Co}\p{Zl}\p{Zp}\u{ad}\u{61c}\u{180e}\u{200b}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{fff9}-\u{fffc}\u{e0000}-\u{e007f}]/u;

/** A line of text. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .refine((value) => !unseen.test(value));

/** A line that people read: composed characters, so that a name looks, sorts and compares the same from every system. */
const words = (max: number) => line(max).transform((value) => value.normalize('NFC'));
const seconds = z.number().int().min(0).max(100_000_000_000);

const claimsSchema = z.looseObject({
  iss: z.string(),
  aud: z.union([z.string(), z.tuple([z.string()])]),
  iat: seconds,
  exp: seconds,
  nbf: seconds.optional(),
  jti: line(256),
  sub: line(256),
  name: words(200),
  role: z
    .string()
    .regex(/^R\d{4}$/)
    .optional(),
  organisation: z.string().regex(/^[A-Z0-9]{2,12}$/),
  registration: z.unknown().optional(),
  patient: z
    .looseObject({ nhsNumber: z.string().max(20), birthDate: z.iso.date(), family: words(200).optional() })
    .optional(),
  encounter: z
    .string()
    .regex(/^[A-Za-z0-9.-]{1,64}$/)
    .optional(),
  intent: line(100).optional(),
  client: line(100).optional(),
  // A statement that something happened, such as the end of a session, opens nothing.
  event: z.undefined().optional(),
});

/** The names of the claims that are read. */
export const claimNames: readonly string[] = Object.keys(claimsSchema.shape);

/** The claims of a signed context, of the right shape (DESIGN.md, "Contract: the doors"). */
export type Claims = z.infer<typeof claimsSchema>;

/** How far the clocks of a host and of this server may stand apart. */
export const clockSkewSeconds = 60;
const longestLifeSeconds = 300;

function read<T>(schema: z.ZodType<T>, payload: unknown): T {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const wrong = new Set(parsed.error.issues.map((issue) => issue.path.join('.')));
  throw refuse('context-malformed', `claims not as agreed: ${[...wrong].join(', ').slice(0, 200)}`);
}

/**
 * Reads the claims of a context whose signature is good.
 * @throws {Fault} `context-malformed`; `detail` names the claims that are not as agreed, never their values
 */
export function readClaims(payload: unknown): Claims {
  return read(claimsSchema, payload);
}

const endClaimsSchema = claimsSchema
  .pick({ iss: true, aud: true, iat: true, exp: true, nbf: true, jti: true, sub: true })
  .extend({ event: z.literal('end') });

/** What a host says when one of its users has signed out there. */
export type EndClaims = z.infer<typeof endClaimsSchema>;

/**
 * Reads the claims of the end of a user's session.
 * @throws {Fault} `context-malformed`, as {@link readClaims}
 */
export function readEndClaims(payload: unknown): EndClaims {
  return read(endClaimsSchema, payload);
}

/**
 * Checks that the context is for this server and for now.
 * @throws {Fault} `context-audience`, `context-expired`
 */
export function checkTimeAndAudience(
  { aud, iat, exp, nbf }: Pick<Claims, 'aud' | 'iat' | 'exp' | 'nbf'>,
  expected: { readonly audience: string; readonly nowSeconds: number },
): void {
  if ((typeof aud === 'string' ? aud : aud[0]) !== expected.audience)
    throw refuse('context-audience', 'aud is not the base URL');
  const { nowSeconds } = expected;
  if (exp <= iat || exp - iat > longestLifeSeconds) throw refuse('context-expired', 'exp is not within 5 min of iat');
  if (exp + clockSkewSeconds <= nowSeconds) throw refuse('context-expired', 'expired');
  if (iat - clockSkewSeconds > nowSeconds) throw refuse('context-expired', 'issued in the future');
  if (nbf !== undefined && nbf - clockSkewSeconds > nowSeconds) throw refuse('context-expired', 'not yet valid');
}

/**
 * The NHS number in its ten digits.
 * @throws {Fault} `nhs-number-invalid`
 */
export function checkNhsNumber(claimed: string): string {
  const nhsNumber = parseNhsNumber(claimed);
  if (nhsNumber === undefined) throw refuse('nhs-number-invalid', 'check digit or length');
  return nhsNumber;
}
