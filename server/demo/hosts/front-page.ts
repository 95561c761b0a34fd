import { html, nothing, type Html } from '../../launch/page/html.ts';
import type { SandboxHost } from '../sandbox.ts';
import { page } from './parts.ts';

function sandboxList(sandboxes: readonly SandboxHost[], baseUrl: string): Html {
  if (sandboxes.length === 0) return nothing;
  return html`<h2>Sandboxes</h2>
    <p>Registered as hosts for this run. The launch URL to give each of them is <code>${baseUrl}/launch</code>.</p>
    <ul>
      ${sandboxes.map(({ id, iss }) => html`<li><code>${id}</code>: <code>${iss}</code></li>`)}
    </ul>`;
}

/** The page that links to all there is in the demo. */
export function frontPage(baseUrl: string, sandboxes: readonly SandboxHost[]): string {
  return page(
    'The demo region',
    'front-page',
    html`<main>
      <h1>The demo region</h1>
      <p>Everyone and everything here is invented.</p>
      <h2>Four doors</h2>
      <ul class="doors">
        <li>
          <a href="/millbrook/">Millbrook Clinical Desktop</a>
          <span>Signed context: a hospital’s EPR signs what it hands over; the record opens inside it.</span>
        </li>
        <li>
          <a href="/trentside/">Trentside Practice System</a>
          <span>Signed context: a practice’s, and the record opens in a tab.</span>
        </li>
        <li>
          <a href="/ashgrove/">Ashgrove Chart</a>
          <span>SMART launch: a hospital’s EPR whose own record joins. One patient has no NHS number.</span>
        </li>
        <li>
          <a href="/peakside/">Peakside Surgery Desktop</a>
          <span>Encrypted link: an old one that can do no more; you sign in to say who you are.</span>
        </li>
        <li>
          <a href="${baseUrl}/launch?host=demo-on-call">Sign in without an EPR</a>
          <span>Sign-in: for the ambulance service and out-of-hours doctors, who then find the person.</span>
        </li>
      </ul>
      ${sandboxList(sandboxes, baseUrl)}
      <h2>Behind the scenes</h2>
      <ul>
        <li><a href="/switches">Switches</a>: make an organisation slow, broken or wrong</li>
        <li><a href="/log.json">Log</a>: what each organisation was asked</li>
      </ul>
    </main>`,
  );
}
