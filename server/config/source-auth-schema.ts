import { z } from 'zod';
import { isObject, object, objects, text } from '../../src/fhir/json.ts';
import { isLoopback } from './environment.ts';

const url = z.url({ protocol: /^https?$/ });
const keyId = z
  .string()
  .min(1)
  .optional()
  .describe(
    'kid of the key in launch-keys.json that signs; absent: the newest that signs, so that keys can be rotated',
  );
const tokenUrl = url.optional();
const clientId = z.string().min(1);
const pemFile = z.string().min(1);

/** `auth` of a source: how it is proved to it who asks. Secrets stand in no file of the configuration. */
export const sourceAuthSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z
    .strictObject({
      type: z.literal('smart-backend'),
      clientId: clientId.describe('Our client id at the source'),
      keyId,
      scope: z.string().min(1).default('system/*.rs').describe('What is asked for'),
      tokenUrl: tokenUrl.describe(
        'Its token endpoint, where that is not at the source’s own origin; absent: as its .well-known/smart-configuration says',
      ),
    })
    .describe('SMART App Launch 2.2, Backend Services: an assertion by RS384 or ES384'),
  z
    .strictObject({ type: z.literal('gp-connect-jwt') })
    .describe('GP Connect asked straight: its JWT says on whose behalf, the network who'),
  z
    .strictObject({
      type: z.literal('spine-proxy'),
      asid: z
        .string()
        .regex(/^\d{12}$/, 'an accredited system id: 12 digits')
        .describe('Our own accredited system id'),
      certificate: pemFile.describe(
        'PEM file of the client certificate with its chain, in SECRETS_DIR or by its whole path',
      ),
      key: pemFile.describe('PEM file of its private key'),
      ca: pemFile.describe('PEM file of the authorities that the proxy’s own certificate is of'),
      directory: z
        .strictObject({
          baseUrl: url.describe('Such as https://api.service.nhs.uk/spine-directory/FHIR/R4'),
          apiKeyEnv: z
            .string()
            .regex(/^[A-Z][A-Z0-9_]*$/, 'the name of an environment variable')
            .describe('Name of the environment variable that holds our API key at the directory'),
        })
        .describe('Spine Directory Service, FHIR API: gives each practice’s accredited system id and address'),
    })
    .describe('GP Connect through the Spine Secure Proxy, whose address is the source’s baseUrl'),
  z
    .strictObject({
      type: z.literal('nhs-api-platform'),
      clientId: clientId.describe('The API key of our application on the platform'),
      keyId,
      tokenUrl: tokenUrl.describe('Absent: /oauth2/token at the origin of baseUrl'),
    })
    .describe('NHS England’s API platform, application-restricted: an assertion by RS512'),
]);

/** How a source is authenticated to, by type. */
export type SourceAuthOf<Type extends z.infer<typeof sourceAuthSchema>['type']> = Extract<
  z.infer<typeof sourceAuthSchema>,
  { type: Type }
>;

type AuthFault = { readonly path: readonly string[]; readonly message: string };

const gpConnectAuth = ['gp-connect-jwt', 'spine-proxy', 'none'];
const fhirAuth = ['none', 'smart-backend', 'nhs-api-platform'];

/** True where what is sent there cannot be read on its way. */
function isPrivate(address: string | undefined): boolean {
  return address === undefined || !URL.canParse(address) || address.startsWith('https:') || isLoopback(address);
}

/**
 * The rules between `auth` and the rest of a source's entry, which may have faults of its own: which kind takes which
 * proof, that no token or key goes over http, and that a practice's address stands in one place.
 */
export function authFaults(source: unknown): readonly AuthFault[] {
  const { kind, baseUrl, auth, practices } = object(source) ?? {};
  const type = text(object(auth)?.['type']);
  if (type === undefined) return [];
  const faults: AuthFault[] = [];
  const fault = (path: readonly string[], message: string): void => void faults.push({ path, message });
  const allowed = kind === 'gp-connect' ? gpConnectAuth : fhirAuth;
  if (!allowed.includes(type)) fault(['auth', 'type'], `a type for its kind: ${allowed.join(', ')}`);
  if (type === 'spine-proxy' && text(baseUrl)?.startsWith('http:') === true)
    fault(['baseUrl'], 'the https address of the Spine Secure Proxy: a client certificate is shown over TLS alone');
  const hasToken = type === 'smart-backend' || type === 'nhs-api-platform';
  if (hasToken && !isPrivate(text(baseUrl))) fault(['baseUrl'], 'an https URL: tokens go over https alone');
  if (hasToken && !isPrivate(text(object(auth)?.['tokenUrl'])))
    fault(['auth', 'tokenUrl'], 'an https URL: tokens go over https alone');
  const directory = object(object(auth)?.['directory']);
  if (!isPrivate(text(directory?.['baseUrl'])))
    fault(['auth', 'directory', 'baseUrl'], 'an https URL: the API key goes over https alone');
  for (const [ods, practice] of isObject(practices) ? Object.entries(practices) : []) {
    const [one] = objects(practice);
    const isThere = one?.['baseUrl'] !== undefined;
    if (type === 'spine-proxy' && isThere)
      fault(['practices', ods, 'baseUrl'], 'nothing: with auth spine-proxy the directory says where the practice is');
    if (type !== 'spine-proxy' && one !== undefined && !isThere)
      fault(['practices', ods, 'baseUrl'], 'the GP Connect base URL of the practice');
  }
  return faults;
}
