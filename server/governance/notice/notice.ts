import type { Region } from '../../config/schema.ts';
import { html, type Html } from '../../launch/page/html.ts';
import { page } from '../../launch/page/page.ts';

/** Where the pages for the people whose records these are stand. Nobody has to sign in to read them. */
export const noticePaths = { privacy: '/privacy', sayNo: '/say-no' } as const;

export function phone(number: string): Html {
  return html`<a href="tel:${number.replaceAll(/\s/g, '')}">${number}</a>`;
}

export function email(address: string): Html {
  return html`<a href="mailto:${address}">${address}</a>`;
}

export function list(items: readonly (Html | string)[]): Html {
  return html`<ul>
    ${items.map((item) => html`<li>${item}</li>`)}
  </ul>`;
}

/** One page; at its foot the way to the other one. */
export function noticePage(title: string, body: Html, other: { readonly href: string; readonly text: string }): string {
  return page({
    title,
    body: html`<h1>${title}</h1>
      ${body}
      <p><a class="action" href="${other.href}">${other.text}</a></p>`,
  });
}

/** Whom to complain to: whoever decided first, the Information Commissioner then. Their address is the regulator's own. */
export function complaints({ contacts }: Pick<Region, 'contacts'>): Html {
  return html`<h2>If you are not happy</h2>
    <p>Tell the place that you are not happy with. It has people who deal with complaints. Or tell us:</p>
    ${list([html`phone ${phone(contacts.pals)}`, html`email ${email(contacts.email)}`])}
    <p>If that does not help, you can ask the Information Commissioner. They make sure that the law is kept.</p>
    ${list([
      html`phone ${phone('0303 123 1113')}`,
      html`<a href="https://ico.org.uk/make-a-complaint/">ico.org.uk/make-a-complaint</a>`,
    ])}`;
}
