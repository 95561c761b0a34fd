import type { Response } from 'express';
import type { Region } from '../../config/schema.ts';
import type { Fault } from '../../fault.ts';
import { html, nothing, type Html } from './html.ts';
import { refusalOf } from './refusal.ts';

/** Where the style sheet of the server's own pages is served, by the launch router. */
export const pageStylePath = '/launch/page.css';

/** One whole page: no script, no inline style, nothing from elsewhere. */
export function page({ title, body }: { readonly title: string; readonly body: Html }): string {
  return html`<!doctype html>
    <html lang="en-GB">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} - One Health and Care</title>
        <link rel="stylesheet" href="${pageStylePath}" />
      </head>
      <body>
        <header><p>One Health and Care</p></header>
        <main>${body}</main>
      </body>
    </html> `.markup;
}

/** The status with which a fault's page is sent. */
export function faultStatus(fault: Fault): number {
  return refusalOf(fault.code).status;
}

/** The page for a person whose launch ended here: what happened, what to do next, whom to phone. */
export function faultPage(fault: Fault, region: Region): string {
  const { title, text, next, link } = refusalOf(fault.code);
  const { pals, email } = region.contacts;
  const steps =
    next.length === 0
      ? []
      : [
          html`<h2>What you can do</h2>
            <ol>
              ${next.map((step) => html`<li>${step}</li>`)}
            </ol>`,
        ];
  return page({
    title,
    body: html`<h1>${title}</h1>
      <p>${fault.message === '' ? text : fault.message}</p>
      ${steps} ${link === undefined ? nothing : html`<p><a class="action" href="${link.href}">${link.text}</a></p>`}
      <p>
        If you think this is a mistake, phone the records team on
        <a href="tel:${pals.replaceAll(' ', '')}">${pals}</a> or email <a href="mailto:${email}">${email}</a>.
      </p>`,
  });
}

/**
 * Sends a page that may stand in the frame of these origins, whatever the server's usual headers are.
 * `formActions`: origins besides our own to which its form may lead (Chromium holds redirects to it as well).
 */
export function sendPage(
  res: Response,
  status: number,
  markup: string,
  frame: { readonly ancestors: readonly string[]; readonly formActions?: readonly string[] },
): void {
  const ancestors = frame.ancestors.length === 0 ? "'none'" : frame.ancestors.join(' ');
  const formAction = ["'self'", ...(frame.formActions ?? [])].join(' ');
  res.removeHeader('X-Frame-Options');
  res
    .status(status)
    .set({
      'Content-Security-Policy': `default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action ${formAction}; frame-ancestors ${ancestors}`,
      // Under no-referrer a browser sends `Origin: null` with the form, and it could not be told from a foreign one.
      'Referrer-Policy': 'same-origin',
      'Cache-Control': 'no-store',
    })
    .type('html')
    .send(markup);
}
