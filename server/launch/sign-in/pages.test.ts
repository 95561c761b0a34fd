import { describe, expect, it } from 'vitest';
import { regionSchema, roleSchema } from '../../config/schema.ts';
import { checkFindForm } from './find.ts';
import { findPage, type FindView } from './find-page.ts';
import { providerPage, rolePage, signedOutPage, signOutPage } from './pages.ts';
import { signInHost } from './testing.ts';

const region = regionSchema.parse({
  name: 'Test',
  contacts: { pals: '0', email: 'a@b.example', reverseEmail: 'a@b.example' },
});
const organisation = { ods: 'RYA', name: 'Ambulance <Service>' };
const view: FindView = {
  kind: 'number',
  visit: 'V',
  ticket: 'T',
  userName: 'Ada <b> OKORO',
  role: roleSchema.parse({ code: 'R1070', title: 'Ambulance clinician', scopes: [] }),
  organisation,
  otherRoles: true,
  reasons: region.accessReasons,
  typed: {},
  errors: [],
};
const roles = [
  { id: 'r-1', code: 'R1070', organisation },
  { id: 'r-2', code: 'R8000', organisation: { ods: 'M83001', name: 'Etruria Vale Surgery' } },
];

const attribute = (tag: string, name: string): string | undefined => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
const words = (markup: string): string =>
  markup
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** A page as assistive technology has it: headings, groups, controls with their names and what describes them. */
function structure(markup: string): readonly string[] {
  const labels = new Map(
    [...markup.matchAll(/<label[^>]*\sfor="([^"]+)"[^>]*>([\s\S]*?)<\/label>/g)].map(([, id = '', text = '']) => [
      id,
      words(text),
    ]),
  );
  const parts = markup.matchAll(/<(h1|h2|legend|button|a)\b[^>]*>[\s\S]*?<\/\1>|<(?:form|fieldset|input)\b[^>]*>/g);
  return [...parts].map(([part]) => {
    const [tag = ''] = /<[^>]*>/.exec(part) ?? [];
    const name = /^<(\w+)/.exec(tag)?.[1] ?? '';
    const described = attribute(tag, 'aria-describedby');
    const about = described === undefined ? '' : ` (${described})`;
    if (name === 'form') return `form ${attribute(tag, 'method')} ${attribute(tag, 'action')}`;
    if (name === 'fieldset') return `group${about}`;
    if (name === 'a') return `link ${attribute(tag, 'href')}: ${words(part)}`;
    if (name !== 'input') return `${name}: ${words(part)}`;
    if (attribute(tag, 'type') === 'hidden') return `hidden ${attribute(tag, 'name')}`;
    const invalid = tag.includes('aria-invalid') ? ' invalid' : '';
    const id = attribute(tag, 'id') ?? '';
    return `${attribute(tag, 'type')} #${id} ${attribute(tag, 'name')}: ${labels.get(id)}${about}${invalid}`;
  });
}

const empty = (kind: FindView['kind']): FindView => {
  const checked = checkFindForm(kind, region, {}, '2026-11-20');
  return { ...view, kind, errors: checked.kind === 'wrong' ? checked.errors : [] };
};
const pages = {
  'the find page': findPage(view),
  'the find page with mistakes': findPage(empty('number')),
  'the trace page': findPage({ ...view, kind: 'trace', otherRoles: false }),
  'the trace page with mistakes': findPage(empty('trace')),
  'the role page': rolePage({
    visit: 'V',
    ticket: 'T',
    userName: 'Ada OKORO',
    roles,
    titles: [view.role],
    chosen: 'r-1',
    errors: [],
  }),
  'the role page with a mistake': rolePage({
    visit: 'V',
    ticket: 'T',
    userName: 'Ada OKORO',
    roles,
    titles: [view.role],
    chosen: undefined,
    errors: [{ field: 'role', text: 'Choose one of your roles' }],
  }),
  'the page of providers': providerPage(
    [signInHost('https://id.example'), signInHost('https://id.example', { id: 'b', name: 'B & C' })],
    'A',
  ),
  'the sign-out page': signOutPage(),
  'the page after it': signedOutPage('Ambulance control'),
};

describe.each(Object.entries(pages))('%s', (_name, markup) => {
  it('has this structure', () => expect(structure(markup)).toMatchSnapshot());

  it('names each control, and describes it by what is there', () => {
    expect(structure(markup).filter((line) => line.includes('undefined'))).toEqual([]);
    const ids = [...markup.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const wanted = [
      ...[...markup.matchAll(/aria-(?:describedby|labelledby)="([^"]+)"/g)].flatMap(([, list = '']) => list.split(' ')),
      ...[...markup.matchAll(/href="#([^"]+)"/g)].map(([, id = '']) => id),
      ...[...markup.matchAll(/<label[^>]*\sfor="([^"]+)"/g)].map(([, id = '']) => id),
    ];
    expect(wanted.filter((id) => !ids.includes(id))).toEqual([]);
  });

  it('asks nothing of another server, runs nothing, and lets no name in as markup', () => {
    expect(markup).not.toMatch(/<script|style=|https?:\/\/|<b>|<Service>/);
  });
});
