import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import { rowOf, routes, type Share } from '../facade/role-matrix.testing.ts';

/** Where the document stands, from the root of the repository. */
export const rolesFile = join('docs', 'roles.md');

/** What each role of the shipped configuration is for, by the first of those who share it. */
const explained: Readonly<Record<string, { readonly title: string; readonly text: string }>> = {
  R8000: {
    title: 'Clinicians',
    text: 'Doctors, nurses, midwives and other registered professionals see the whole record.',
  },
  R8004: {
    title: 'Students',
    text: 'A student sees what their supervisor sees. Their title says “supervised” on the screen, and each of their looks is marked `supervised` on the audit trail.',
  },
  R1290: {
    title: 'Pharmacists',
    text: 'Medicines, allergies and results: laboratory and imaging results and vital signs, by the category that the organisation gave them. An observation without one of these categories is not shown, and the viewer says that the role includes only some. No problems, contacts, plans or letters; a list keeps only its entries of what the role has.',
  },
  R1070: {
    title: 'Ambulance clinicians',
    text: 'The summary (problems, medicines, allergies, immunisations, contacts, alerts, implanted devices) and the plans: care plans, goals, treatment-escalation and legal decisions, and of documents those that are a plan by their type, such as a ReSPECT form. No results, no letters.',
  },
  R8014: {
    title: 'Social workers',
    text: 'Everything but detailed results and notes. Gone are results, reports and letters, and the notes that clinicians wrote on problems, procedures, immunisations, family history and referrals. Kept is what safety needs: allergies with their notes, medicines, alerts, risks, care plans, and of observations the social history.',
  },
  R8008: {
    title: 'Administrators and receptionists',
    text: 'The person’s details, their contacts, and appointments: when, where, with whom and whether it stands. Nothing says what an appointment is for: no specialty, service, kind, reason, comment or instruction; no practitioner’s role, qualification or title; no service, slot, request or condition that it points at; no narrative, contained resource, extension or label. The name of a place stays, since someone must know where to send the person, and so does the name of the organisation that gave the appointment: a name can itself say something, and no filter can know that.',
  },
  R0001: {
    title: 'Privacy officers',
    text: 'The audit trail and the register of objections, which they decide on. No record.',
  },
  R5105: {
    title: 'Caldicott Guardians',
    text: 'The audit trail and the register of objections, to read. No record.',
  },
};

const marks: Readonly<Record<Share, string>> = { all: 'yes', part: 'part', none: '–' };

/** Roles that get the same, in the order of the configuration. */
function views(roles: Config['roles']): readonly (readonly [Config['roles'][number], ...Config['roles'][number][]])[] {
  const byView = new Map<string, [Config['roles'][number], ...Config['roles'][number][]]>();
  for (const role of roles) {
    const view = JSON.stringify([role.scopes, role.without, role.supervised]);
    const known = byView.get(view);
    if (known === undefined) byView.set(view, [role]);
    else known.push(role);
  }
  return [...byView.values()];
}

/**
 * `docs/roles.md`: what each role of a configuration gets of each resource type, as a facade really answered by every
 * route.
 * @throws where a role is not explained, or two routes give a role different things
 */
export async function rolesDocument(folder = 'smart-config'): Promise<string> {
  const { roles } = await loadConfig(folder);
  const columns: { readonly heading: string; readonly text: string; readonly shares: ReadonlyMap<string, Share> }[] =
    [];
  for (const [first, ...others] of views(roles)) {
    const known = explained[first.code];
    if (known === undefined) throw new Error(`${first.code} is not explained in server/commands/roles.ts`);
    const shares = new Map<string, Share>();
    for (const { code } of [first, ...others])
      for (const [type, byRoute] of (await rowOf(roles, code)).shares)
        for (const route of routes) {
          const share = byRoute.get(route) ?? 'none';
          if ((shares.get(type) ?? share) !== share) throw new Error(`${code}: ${type} differs by ${route}`);
          shares.set(type, share);
        }
    const codes = [first, ...others].map(({ code, title }) => `${code} ${title}`).join(', ');
    columns.push({ heading: known.title, text: `**${known.title}** (${codes}). ${known.text}`, shares });
  }
  const types = [...(columns[0]?.shares.keys() ?? [])];
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    '# Roles: who gets what',
    '',
    'This page is generated by `npm run roles` from `smart-config/roles.json`; a test fails when it is out of date.',
    '',
    'A role narrows what a launch may see three times: when its scopes are granted, when its token is read, and when a',
    'resource is about to leave. The last two look at the role as it is configured at that moment, so a right that a role',
    'loses is lost in open sessions at their next request. A type that a role does not include is `403` when it is read or',
    'searched for, and is left out of the whole record; the viewer says “Your role does not include results.”, never that',
    'there are none.',
    '',
    ...columns.flatMap(({ text }) => [text, '']),
    '## What was asked, and what was given',
    '',
    `Each role asked a facade whose source held something of every type, by ${routes.map((one) => `\`${one}\``).join(', ')}, with a token`,
    'for `patient/*.rs`. All routes gave the same. **yes**: all of it. **part**: some of the resources, or resources without',
    'some of their elements. **–**: refused by name, and left out of the whole.',
    '',
    row(['Type', ...columns.map(({ heading }) => heading)]),
    row(['---', ...columns.map(() => '---')]),
    ...types.map((type) => row([type, ...columns.map(({ shares }) => marks[shares.get(type) ?? 'none'])])),
    '',
  ].join('\n');
}

// `npm run roles`: writes the document.
if (import.meta.main) {
  await writeFile(rolesFile, await rolesDocument());
  console.log(`Wrote ${rolesFile} (${(await readFile(rolesFile, 'utf8')).length} characters).`);
}
