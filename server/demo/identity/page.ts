import { html, type Html } from '../../launch/page/html.ts';
import { page } from '../hosts/parts.ts';
import { identityOrganisations, type IdentityUser } from './users.ts';

function shell(title: string, inner: Html): string {
  return page(
    `${title} - Demo Care Identity`,
    'identity',
    html`<header><b>Demo Care Identity</b><span>Invented sign-in for invented staff</span></header>
      <main>${inner}</main>
      <footer>Part of the demo of One Health and Care. Nothing here is a real account.</footer>`,
  );
}

function placesOf(user: IdentityUser): string {
  return [...new Set(user.roles.map(({ ods }) => identityOrganisations[ods] ?? ods))].join(', ');
}

/** The page on which one chooses who one is; each user is a button. */
export function choicePage(action: string, users: readonly IdentityUser[]): string {
  return shell(
    'Choose who you are',
    html`<h1>Choose who you are</h1>
      <p>One Health and Care asks you to sign in. This is a demo: there is no password and no smartcard.</p>
      <form method="post" action="${action}">
        <ul>
          ${users.map(
            (user) =>
              html`<li>
                <button name="user" value="${user.id}" aria-describedby="about-${user.id}">
                  <b>${user.title} ${user.given} ${user.family}</b>
                  <span>${user.post}</span>
                  <span>${placesOf(user)}</span>
                </button>
                <p id="about-${user.id}">${user.about}</p>
              </li>`,
          )}
        </ul>
        <button class="quiet" name="user" value="">Do not sign in</button>
      </form>`,
  );
}

/** Where a sign-in is finished, too old, or another browser's. */
export function noChoicePage(): string {
  return shell(
    'This sign-in has ended',
    html`<h1>This sign-in has ended</h1>
      <p>Open One Health and Care again, and you are asked anew.</p>`,
  );
}

/** What an integrator reads where a request was refused before it was known where to send the answer. */
export function refusedPage(why: string): string {
  return shell(
    'The request was refused',
    html`<h1>The request was refused</h1>
      <p>${why}</p>`,
  );
}
