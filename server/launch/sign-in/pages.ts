import type { Config } from '../../config/config.ts';
import { errorSummary, radioField, summaryId, type Mistake } from '../page/form.ts';
import { html } from '../page/html.ts';
import { page } from '../page/page.ts';
import type { AssertedRole, OpenIdHost } from './claims.ts';

/** The page on which a user picks with which provider to sign in, where there are several. */
export function providerPage(hosts: readonly OpenIdHost[], app: string | undefined): string {
  const address = (host: OpenIdHost): string =>
    `/launch?${new URLSearchParams({ host: host.id, ...(app === undefined ? {} : { app }) }).toString()}`;
  return page({
    title: 'Sign in',
    body: html`<h1>Sign in</h1>
      <p>Choose where you work.</p>
      <ul class="choices">
        ${hosts.map((host) => html`<li><a class="action" href="${address(host)}">${host.name}</a></li>`)}
      </ul>`,
  });
}

/** The page on which a user picks in which of their roles they look. */
export function rolePage(view: {
  readonly visit: string;
  readonly ticket: string;
  readonly userName: string;
  readonly roles: readonly AssertedRole[];
  readonly titles: Config['roles'];
  readonly chosen: string | undefined;
  readonly errors: readonly Mistake<'role'>[];
}): string {
  const { visit, ticket, userName, roles, titles, chosen, errors } = view;
  return page({
    title: errors.length === 0 ? 'Choose your role' : 'Error: Choose your role',
    body: html`${errorSummary(errors)}
      <h1>Choose your role</h1>
      <p>
        You are signed in as <strong>${userName}</strong>. What you are shown depends on your role, and your role stands
        beside your name where people see who has looked.
      </p>
      <form method="post" action="/launch/role/${visit}#${summaryId}" novalidate>
        <input type="hidden" name="ticket" value="${ticket}" />
        ${radioField({
          field: 'role',
          legend: 'In which role do you look?',
          options: roles.map(({ id, code, organisation }) => ({
            value: id,
            label: titles.find((one) => one.code === code)?.title ?? code,
            hint: organisation.name,
          })),
          chosen,
          errors,
        })}
        <button type="submit">Go on</button>
      </form>`,
  });
}

/** The page that asks before it signs out, for those who come to its address. */
export function signOutPage(): string {
  return page({
    title: 'Sign out',
    body: html`<h1>Sign out</h1>
      <p>Whoever uses this computer after you cannot open records in your name then.</p>
      <form method="post" action="/launch/sign-out"><button type="submit">Sign out</button></form>`,
  });
}

/** The page after that. `hostName`: where the user may still be signed in. */
export function signedOutPage(hostName: string | undefined): string {
  return page({
    title: 'You are signed out',
    body: html`<h1>You are signed out</h1>
      <p>
        ${
          hostName === undefined
            ? 'You are signed out of One Health and Care.'
            : `You are signed out of One Health and Care. You may still be signed in at ${hostName}: sign out there too, or take out your smartcard, before somebody else uses this computer.`
        }
      </p>
      <p><a class="action" href="/launch">Sign in again</a></p>`,
  });
}
