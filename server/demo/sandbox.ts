import { dataClasses } from '../../src/fhir/status.ts';
import { object, objects, text } from '../../src/fhir/json.ts';
import { careClientId } from './identity/provider.ts';

/** The FHIR base of the public SMART App Launcher, R4, exactly as it stands in a launch. */
export const publicLauncher = 'https://launch.smarthealthit.org/v/r4/fhir';

/** A SMART server outside the demo that is registered as a host for one run. */
export type SandboxHost = { readonly id: string; readonly name: string; readonly iss: string };

/** The public launcher and each further server, under ids by which the server knows that they are the sandbox's. */
export function sandboxHosts(further: readonly string[]): readonly SandboxHost[] {
  const others = [...new Set(further)].filter((iss) => iss !== publicLauncher);
  return [
    { id: 'sandbox-launcher', name: 'SMART App Launcher', iss: publicLauncher },
    ...others.map((iss, index) => ({ id: `sandbox-${index + 1}`, name: `Sandbox ${new URL(iss).host}`, iss })),
  ];
}

/** Entries of `hosts.json`. `roles`: the whole file `roles.json`, for every role that looks at people may be tried. */
export function sandboxEntries(hosts: readonly SandboxHost[], roles: unknown): readonly object[] {
  const codes = objects(object(roles)?.['roles'])
    .filter((role) => JSON.stringify(role['scopes'] ?? []).includes('"patient/'))
    .map((role) => text(role['code']));
  return hosts.map(({ id, name, iss }, index) => ({
    id,
    name,
    organisation: 'SANDBOX',
    organisationName: name,
    door: 'smart',
    origins: [new URL(iss).origin],
    roles: codes,
    selfDeclared: 'allowed',
    iss,
    clientId: careClientId,
    clientAuth: 'none',
    recordAsSource: true,
    label: index === 0 ? 'Sandbox' : `Sandbox ${index}`,
    contributes: dataClasses.filter((one) => one !== 'demographics'),
  }));
}

/** What to paste and what to choose, for the one who started it. */
export function sandboxWords(hosts: readonly SandboxHost[], baseUrl: string): readonly string[] {
  return [
    '',
    'SMART sandbox: the demo, with these servers registered as hosts until it ends.',
    ...hosts.flatMap(({ id, iss }) => [`  ${iss}`, `    redirect URI  ${baseUrl}/launch/callback/${id}`]),
    `  launch URL    ${baseUrl}/launch`,
    `  client id     ${careClientId} (a public client, with PKCE)`,
    'At https://launch.smarthealthit.org: Launch Type "Provider EHR Launch", FHIR Version "R4"; choose a patient and a',
    'practitioner, paste the launch URL as "App\'s Launch URL", and press Launch. docs/sandbox.md tells the rest.',
    '',
  ];
}
