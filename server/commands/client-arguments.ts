import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { clientSchema } from '../config/schema.ts';
import { isLoopback } from '../config/environment.ts';
import { Refusal } from './refusal.ts';

export const usage = `npm run clients -- <command>

  add     --id <client id> --name <name> --owner <who runs it> --purpose <what it is for>
          --scope "<scopes>" [--redirect-uri <uri>]… [--launch-uri <uri>] [--until <yyyy-mm-dd>]
          [--auth none|private_key_jwt|client_secret_basic] [--jwks <file> | --jwks-uri <uri>]
  list
  remove  --id <client id>

add registers a SMART app in clients.json of SMART_CONFIG. The file is checked whole before it is replaced.
--auth is none (a public app with PKCE) unless said; private_key_jwt needs the app's public keys; for
client_secret_basic a secret is made and printed once: only its hash is kept. Without --redirect-uri the app
is a backend service, which has no user and reads nobody's record. Servers that run take it within seconds.`;

/** A client as it stands in `clients.json`. */
export type ClientEntry = z.input<typeof clientSchema>;

/** What is to be done. `jwksFile`: a file of public keys, still to be read. */
export type ClientCommand =
  | { readonly command: 'add'; readonly client: ClientEntry; readonly jwksFile: string | undefined }
  | { readonly command: 'list' }
  | { readonly command: 'remove'; readonly id: string }
  | { readonly command: 'help' };

const options = {
  id: { type: 'string' },
  name: { type: 'string' },
  owner: { type: 'string' },
  purpose: { type: 'string' },
  scope: { type: 'string' },
  'redirect-uri': { type: 'string', multiple: true },
  'launch-uri': { type: 'string' },
  until: { type: 'string' },
  auth: { type: 'string' },
  jwks: { type: 'string' },
  'jwks-uri': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** SMART App Launch 2.2, "Scopes": those of a resource, in both versions, and those that stand alone. */
const resourceScope = /^(patient|user|system)\/(\*|[A-Z][A-Za-z]+)\.(c?r?u?d?s?|read|write|\*)(\?[^\s"\\]+)?$/;
const wordScope = /^(openid|fhirUser|profile|launch(\/[a-z]+)?|online_access|offline_access|https:\/\/[^\s"\\]+)$/;

function isScope(scope: string): boolean {
  return wordScope.test(scope) || (resourceScope.test(scope) && !/\.(\?|$)/.test(scope));
}

/** An address that a code or a launch may be sent to: encrypted, on this machine, of an installed app, or our own. */
function isSafe(uri: string): boolean {
  if (/^\/(?!\/)/.test(uri)) return true;
  const url = URL.parse(uri);
  if (url === null || url.hash !== '' || url.username !== '' || url.password !== '') return false;
  if (url.protocol === 'http:') return isLoopback(uri);
  // RFC 8252 §7.1: a scheme of an app's own is its domain backwards, so it has a dot.
  return url.protocol === 'https:' || url.protocol.includes('.');
}

function parsedOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new Refusal(error instanceof Error ? error.message : String(error));
  }
}

/**
 * The arguments after the script's name as a command.
 * @throws {Refusal} naming everything that is missing or not as expected
 */
export function readCommand(args: readonly string[]): ClientCommand {
  const { positionals, values } = parsedOptions(args);
  const [name, ...rest] = positionals;
  if (values.help === true || (name === undefined && Object.keys(values).length === 0)) return { command: 'help' };
  if (rest.length > 0) throw new Refusal(`${rest[0]} is one word too many. A name of several words needs quotes.`);
  if (name === 'list') return { command: 'list' };
  if (name === 'remove') {
    if (values.id === undefined) throw new Refusal('--id: is missing.');
    return { command: 'remove', id: values.id };
  }
  if (name !== 'add') throw new Refusal(`${name ?? 'nothing'} is no command: add, list or remove.`);
  return { command: 'add', ...addition(values) };
}

function addition(values: ReturnType<typeof parsedOptions>['values']): {
  readonly client: ClientEntry;
  readonly jwksFile: string | undefined;
} {
  const wrong: string[] = [];
  const needed = (option: 'id' | 'name' | 'owner' | 'purpose' | 'scope'): string => {
    const value = values[option]?.trim() ?? '';
    if (value === '') wrong.push(`--${option}: is missing`);
    return value;
  };
  const redirectUris = values['redirect-uri'] ?? [];
  // A client that is never launched has no address of its own for it: the root page says that nothing opens there.
  const launchUri = values['launch-uri'] ?? redirectUris[0] ?? '/';
  const auth = clientSchema.shape.clientAuth.safeParse(values.auth);
  if (!auth.success) wrong.push('--auth: none, private_key_jwt or client_secret_basic');
  const { jwks: jwksFile, 'jwks-uri': jwksUri } = values;
  const keys = [jwksFile, jwksUri].filter((one) => one !== undefined).length;
  if (auth.data === 'private_key_jwt' ? keys !== 1 : keys !== 0)
    wrong.push(
      auth.data === 'private_key_jwt'
        ? '--jwks or --jwks-uri: one of the two, for private_key_jwt'
        : '--jwks and --jwks-uri: only for private_key_jwt',
    );
  if (redirectUris.length === 0 && auth.data === 'none')
    wrong.push('--redirect-uri: is missing, and a public app cannot be a backend service');
  for (const uri of [...redirectUris, launchUri].filter((one) => !isSafe(one)))
    wrong.push(`${uri}: an https URL without a fragment (http on this machine alone), or a path of this server`);
  if (jwksUri !== undefined && (!isSafe(jwksUri) || !/^https?:/.test(jwksUri))) wrong.push('--jwks-uri: an https URL');
  const client = {
    clientId: needed('id'),
    name: needed('name'),
    redirectUris,
    launchUri,
    scope: needed('scope'),
    clientAuth: auth.data ?? 'none',
    owner: needed('owner'),
    purpose: needed('purpose'),
    ...(values.until === undefined ? {} : { until: values.until }),
    ...(jwksUri === undefined ? {} : { jwksUri }),
  };
  if (client.clientId !== '' && !/^[A-Za-z0-9._~:/-]{1,200}$/.test(client.clientId))
    wrong.push('--id: letters, digits and . _ ~ : / - alone');
  const scopes = client.scope.split(/\s+/).filter((scope) => scope !== '' && !isScope(scope));
  if (scopes.length > 0) wrong.push(`--scope: ${scopes.join(' ')} is no SMART scope`);
  const fits = clientSchema.shape.until.safeParse(values.until);
  if (!fits.success) wrong.push('--until: a date such as 2027-03-31');
  if (wrong.length > 0) throw new Refusal(`${wrong.join('; ')}.`);
  return { client, jwksFile };
}
