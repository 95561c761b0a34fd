import { ageAt, dayOf, formatDate, formatTime, parseDate } from '../../../src/fhir/date.ts';
import { formatNhsNumber } from '../../../src/fhir/nhs-number.ts';
import { html, nothing, Html } from '../../launch/page/html.ts';
import type { HostPerson, HostSystem, HostUser } from './host.ts';

/** What a page of a host is drawn from. */
export type PageContext = {
  readonly host: HostSystem;
  readonly user: HostUser;
  readonly people: readonly HostPerson[];
  readonly practiceName: (ods: string) => string;
  /** The instant of drawing, ms. */
  readonly now: number;
};

/** `SMITH, John (Mr)` */
export function listName({ family, given, title }: HostPerson): string {
  return `${family.toUpperCase()}, ${given}${title === undefined ? '' : ` (${title})`}`;
}

/** `14-Jul-1945 (81y)` */
export function bornWithAge({ birthDate }: HostPerson, now: number): string {
  const date = parseDate(birthDate);
  if (date === undefined) return 'Not known';
  const age = ageAt(date, dayOf(now));
  return age === undefined ? formatDate(date) : `${formatDate(date)} (${age})`;
}

export function genderWord({ gender }: HostPerson): string {
  return `${gender.charAt(0).toUpperCase()}${gender.slice(1)}`;
}

/** `999 123 4578`; in words where the host knows none. */
export function nhsNumberWords({ nhsNumber }: HostPerson): string {
  return nhsNumber === '' ? 'None' : formatNhsNumber(nhsNumber);
}

/** `20-Nov-2026 09:42` */
export function clock(now: number): string {
  return `${formatDate(dayOf(now))} ${formatTime(now)}`;
}

/** The menu by which one becomes another user: a demo's short way through logging off and on. */
export function userMenu({ host, user }: PageContext): Html {
  return html`<details class="users">
    <summary title="Change user">${user.name}, ${user.post} ▾</summary>
    <form method="post" action="/${host.id}/user">
      ${host.users.map(
        (one) =>
          html`<button name="user" value="${one.id}" ${one.id === user.id ? new Html('aria-current="true"') : nothing}>
            ${one.name}, ${one.post}
          </button>`,
      )}
    </form>
  </details>`;
}

/** The list's table; `columns` are what the host shows beside name, birth date, gender and NHS number. */
export function patientTable(
  rows: readonly { readonly href: string; readonly cells: readonly (string | Html)[] }[],
  heads: readonly string[],
): Html {
  return html`<table>
    <thead>
      <tr>
        ${heads.map((head) => html`<th scope="col">${head}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ href, cells }) =>
          html`<tr>
            ${cells.map((cell, index) => (index === 0 ? html`<td><a href="${href}">${cell}</a></td>` : html`<td>${cell}</td>`))}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** A whole page. The only script there is submits the form that opens the record. */
export function page(title: string, style: string, body: Html, options: { readonly opens?: boolean } = {}): string {
  return html`<!doctype html>
    <html lang="en-GB">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="/hosts/${style}.css" />
        <link rel="icon" href="data:," />
      </head>
      <body>
        ${body} ${options.opens === true ? html`<script src="/hosts/open.js" defer></script>` : nothing}
      </body>
    </html>`.markup;
}

/** The page that hands a signed context over: it posts itself. */
export function handOver(launchUrl: string, context: string): string {
  return page(
    'Opening One Health and Care',
    'hand-over',
    html`<form id="open" method="post" action="${launchUrl}">
      <input type="hidden" name="context" value="${context}" />
      <noscript><button>Open One Health and Care</button></noscript>
    </form>`,
    { opens: true },
  );
}
