import { randomUUID } from 'node:crypto';
import { html, nothing, type Html } from '../../launch/page/html.ts';
import { hospitalNumber, placeOf, type HostPerson } from '../hosts/host.ts';
import {
  bornWithAge,
  clock,
  genderWord,
  listName,
  nhsNumberWords,
  page,
  patientTable,
  userMenu,
  type PageContext,
} from '../hosts/parts.ts';
import { sandbox } from '../hosts/millbrook.ts';

const sections = ['Timeline', 'Therapy goals', 'Medication', 'Observations', 'Documents', 'Orders'];

function shell(context: PageContext, title: string, inner: Html, options: { readonly opens?: boolean } = {}): string {
  return page(
    `${title} - Ashgrove Chart`,
    'ashgrove',
    html`<header class="top">
        <a class="system" href="/ashgrove/">Ashgrove <b>Chart</b></a>
        <span class="place">${context.host.organisationName}</span>
        <nav class="other" aria-label="Demo">
          <a href="/">The demo</a>
          <a href="/switches">Switches</a>
        </nav>
        ${userMenu(context)}
      </header>
      ${inner}
      <footer>${context.host.organisation} DEMO · Invented people · ${clock(context.now)}</footer>
      ${options.opens === true ? html`<script src="/ashgrove/messaging.js" defer></script>` : nothing}`,
    options,
  );
}

/** Who is at Ashgrove today. */
export function patientList(context: PageContext): string {
  const rows = context.people.map((person) => ({
    href: `/ashgrove/patients/${hospitalNumber(person)}`,
    cells: [
      listName(person),
      bornWithAge(person, context.now),
      genderWord(person),
      nhsNumberWords(person),
      hospitalNumber(person),
      html`<span class="story">${person.story}</span>`,
    ],
  }));
  const heads = ['Patient', 'Born', 'Gender', 'NHS No.', 'Chart No.', 'About this demo'];
  return shell(
    context,
    'My patients',
    html`<main class="list">
      <h1>My patients <small>${context.people.length} today</small></h1>
      <div class="sheet">${patientTable(rows, heads)}</div>
    </main>`,
  );
}

function chartPage(
  context: PageContext,
  person: HostPerson,
  current: 'summary' | 'record',
  inner: Html,
  options: { readonly opens?: boolean } = {},
): string {
  const base = `/ashgrove/patients/${hospitalNumber(person)}`;
  const tab = (name: string, href: string, here: boolean): Html =>
    here ? html`<a href="${href}" aria-current="page">${name}</a>` : html`<a href="${href}">${name}</a>`;
  return shell(
    context,
    current === 'summary' ? 'Summary' : 'One Health and Care',
    html`<section class="banner" aria-label="Patient">
        <b class="name">${listName(person)}</b>
        <span>Born <b>${bornWithAge(person, context.now)}</b></span>
        <span>Gender <b>${genderWord(person)}</b></span>
        <span>NHS No. <b>${nhsNumberWords(person)}</b></span>
        <span>Chart No. <b>${hospitalNumber(person)}</b></span>
      </section>
      <nav class="tabs" aria-label="Chart">
        ${tab('Summary', base, current === 'summary')} ${sections.map((name) => html`<span>${name}</span>`)}
        ${tab('⊕ One Health and Care', `${base}/one-health-and-care`, current === 'record')}
      </nav>
      ${inner}`,
    options,
  );
}

/** A patient's page as the ward sees it first. */
export function patientPage(context: PageContext, person: HostPerson): string {
  return chartPage(
    context,
    person,
    'summary',
    html`<main class="cards">
      <section>
        <h1>About this demo</h1>
        <p>${person.story}</p>
        <ul>
          ${(person.look ?? []).map((one) => html`<li>${one}</li>`)}
        </ul>
      </section>
      <section>
        <h2>Care team</h2>
        <dl>
          <dt>Consultant</dt>
          <dd>${placeOf(person).consultant}</dd>
          <dt>Therapist</dt>
          <dd>Ms Ines Carvalho</dd>
          <dt>GP practice</dt>
          <dd>${person.nhsNumber === '' ? 'Not registered' : context.practiceName(person.practice)}</dd>
        </dl>
      </section>
      <section>
        <h2>Other organisations</h2>
        <p>
          <a href="/ashgrove/patients/${hospitalNumber(person)}/one-health-and-care">One Health and Care</a> opens the
          combined record in this window, by a SMART launch.
        </p>
      </section>
    </main>`,
  );
}

/** The page whose frame shows the combined record: a form begins the launch there. */
export function recordPage(context: PageContext, person: HostPerson, appOrigin: string): string {
  const base = `/ashgrove/patients/${hospitalNumber(person)}`;
  const handle = randomUUID();
  return chartPage(
    context,
    person,
    'record',
    html`<form id="open" method="post" action="${base}/open" target="record">
        <input type="hidden" name="user" value="${context.user.id}" />
        <input type="hidden" name="handle" value="${handle}" />
        <noscript><button>Open One Health and Care</button></noscript>
      </form>
      <iframe
        name="record"
        title="One Health and Care"
        sandbox="${sandbox}"
        data-app-origin="${appOrigin}"
        data-handle="${handle}"
        data-back="${base}"
      ></iframe>`,
    { opens: true },
  );
}
