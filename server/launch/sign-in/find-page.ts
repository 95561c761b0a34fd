import type { Region, Role } from '../../config/schema.ts';
import { dayField, errorSummary, radioField, summaryId, textField, type Mistake } from '../page/form.ts';
import { html, nothing, type Html } from '../page/html.ts';
import { page } from '../page/page.ts';
import type { AssertedRole } from './claims.ts';
import { genders, longestReason, type FindField, type FindTyped, type Search } from './find.ts';

/** What a find page shows. */
export type FindView = {
  readonly kind: Search['by']['kind'];
  /** Id of the visit: it stands in the page's own address. */
  readonly visit: string;
  readonly ticket: string;
  readonly userName: string;
  readonly role: Role;
  readonly organisation: AssertedRole['organisation'];
  /** True where the user has another role that may be used here. */
  readonly otherRoles: boolean;
  readonly reasons: Region['accessReasons'];
  readonly typed: FindTyped;
  readonly errors: readonly Mistake<FindField>[];
};

/** Who is signed in and in which role, with what leads elsewhere. */
function standing({ userName, role, organisation, otherRoles, visit }: FindView): Html {
  return html`<p>
    You are signed in as <strong>${userName}</strong>, ${role.title},
    ${organisation.name}.${otherRoles ? html` <a href="/launch/role/${visit}">Use another role</a>` : nothing}
  </p>`;
}

const signOut = html`<form method="post" action="/launch/sign-out">
  <button class="quiet" type="submit">Sign out</button>
</form>`;

function birthDate({ typed, errors }: FindView): Html {
  const [day, month, year] = [typed['birthDate-day'], typed['birthDate-month'], typed['birthDate-year']];
  return dayField({
    field: 'birthDate',
    legend: 'Birth date',
    hint: 'For example, 17 4 1961',
    value: {
      ...(day === undefined ? {} : { day }),
      ...(month === undefined ? {} : { month }),
      ...(year === undefined ? {} : { year }),
    },
    errors,
  });
}

function person(view: FindView): Html {
  const { kind, typed, errors } = view;
  if (kind === 'number')
    return html`${textField({
      field: 'nhsNumber',
      label: 'NHS number',
      hint: '10 digits, for example 999 123 4578',
      value: typed.nhsNumber,
      errors,
      maxLength: 20,
      numeric: true,
      short: true,
    })}
    ${birthDate(view)}`;
  return html`${textField({ field: 'family', label: 'Family name', value: typed.family, errors, maxLength: 35 })}
  ${textField({ field: 'given', label: 'Given name', value: typed.given, errors, maxLength: 35 })} ${birthDate(view)}
  ${radioField({ field: 'gender', legend: 'Gender', options: genders, chosen: typed.gender, errors })}
  ${textField({
    field: 'postcode',
    label: 'Postcode',
    hint: 'Where they live, for example ST4 6QG',
    value: typed.postcode,
    errors,
    maxLength: 10,
    short: true,
  })}`;
}

function why({ reasons, typed, errors }: FindView): Html {
  return html`${radioField({
    field: 'reason',
    legend: 'Why do you look for this person?',
    hint: 'The person can see your reason, and what you write, where they see who has looked.',
    options: reasons.map(({ code, title }) => ({ value: code, label: title })),
    chosen: typed.reason,
    errors,
  })}
  ${textField({
    field: 'reasonText',
    label: 'In your own words',
    hint: 'For example, fell at home and an ambulance is there',
    value: typed.reasonText,
    errors,
    maxLength: longestReason,
  })}`;
}

/** The page on which a user finds a person by NHS number, or by what else is known of them. No script, no storage. */
export function findPage(view: FindView): string {
  const { kind, visit, ticket, errors } = view;
  const path = kind === 'number' ? `/launch/find/${visit}` : `/launch/trace/${visit}`;
  const title = kind === 'number' ? 'Find a person' : 'Find a person without the NHS number';
  return page({
    title: errors.length === 0 ? title : `Error: ${title}`,
    body: html`${errorSummary(errors, (field) => (field === 'birthDate' ? 'birthDate-day' : field))}
      <h1>${title}</h1>
      ${standing(view)}
      <form method="post" action="${path}#${summaryId}" novalidate>
        <input type="hidden" name="ticket" value="${ticket}" />
        <div class="columns">
          <div>${person(view)}</div>
          <div>${why(view)}</div>
        </div>
        <button type="submit">Find and open the record</button>
      </form>
      <div class="foot">
        ${
          kind === 'number'
            ? html`<a href="/launch/trace/${visit}">I do not have the NHS number</a>`
            : html`<a href="/launch/find/${visit}">I have the NHS number</a>`
        }
        ${signOut}
      </div>`,
  });
}
