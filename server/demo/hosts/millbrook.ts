import { formatNhsNumber } from '../../../src/fhir/nhs-number.ts';
import { html, nothing, Html } from '../../launch/page/html.ts';
import { hospitalNumber, placeOf, type HostPerson } from './host.ts';
import { bornWithAge, clock, genderWord, listName, page, patientTable, userMenu, type PageContext } from './parts.ts';

const menuBar = ['Task', 'Edit', 'View', 'Patient', 'Chart', 'Links', 'Help'];
const chart = [
  'Patient summary',
  'Orders',
  'Results review',
  'Clinical notes',
  'Drug chart',
  'Observations',
  'Fluid balance',
  'Documents',
  'Forms',
  'Task list',
  'Referrals',
];

/** The sandbox that a careful EPR puts around what it embeds. */
export const sandbox = 'allow-scripts allow-forms allow-same-origin allow-popups allow-downloads allow-modals';

function shell(context: PageContext, title: string, inner: Html, opens = false): string {
  return page(
    title,
    'millbrook',
    html`<header class="title-bar">
        <a class="system" href="/millbrook/">Millbrook Clinical Desktop</a>
        <span>Royal Stoke University Hospital, Ward 220 Cardiology</span>
        ${userMenu(context)}
        <span class="window" aria-hidden="true"><i>–</i><i>▢</i><i>×</i></span>
      </header>
      <div class="menu-bar">
        ${menuBar.map((entry) => html`<span>${entry}</span>`)}
        <a class="apart" href="/millbrook/">Patient list</a>
        <a href="/trentside/">Trentside Practice System</a>
        <a href="/switches">Demo switches</a>
      </div>
      ${inner}
      <footer class="status-bar">
        <span>${context.user.id.toUpperCase()}</span><span>${context.host.organisation} DEMO</span
        ><span>Invented people</span><time>${clock(context.now)}</time>
      </footer>`,
    { opens },
  );
}

/** The list of the ward. */
export function patientList(context: PageContext): string {
  const rows = context.people.map((person) => ({
    href: `/millbrook/patients/${hospitalNumber(person)}`,
    cells: [
      listName(person),
      bornWithAge(person, context.now),
      genderWord(person),
      formatNhsNumber(person.nhsNumber),
      hospitalNumber(person),
      placeOf(person).bed,
      placeOf(person).consultant,
      html`<span class="story">${person.story}</span>`,
    ],
  }));
  const heads = ['Patient', 'Born', 'Gender', 'NHS No.', 'Hospital No.', 'Bed', 'Consultant', 'About this demo'];
  return shell(
    context,
    'Patient list - Millbrook Clinical Desktop',
    html`<main class="list">
      <h1>Patient list</h1>
      <p>Ward 220 Cardiology, ${context.people.length} patients</p>
      ${patientTable(rows, heads)}
    </main>`,
  );
}

function leftMenu(base: string, current: 'summary' | 'record'): Html {
  const here = new Html('aria-current="page"');
  const entries = chart.map((entry) =>
    entry === 'Patient summary'
      ? html`<a href="${base}" ${current === 'summary' ? here : nothing}>${entry}</a>`
      : html`<span>${entry}</span>`,
  );
  return html`<nav aria-label="Chart">
    <h2>Menu</h2>
    ${entries}
    <h2>Links</h2>
    <a href="${base}/one-health-and-care" ${current === 'record' ? here : nothing}>One Health and Care</a>
    <span>Imaging viewer</span>
    <span>Guidelines</span>
  </nav>`;
}

function banner(person: HostPerson, now: number): Html {
  const { bed, consultant } = placeOf(person);
  return html`<section class="banner" aria-label="Patient">
    <b class="name">${listName(person)}</b>
    <span>Born <b>${bornWithAge(person, now)}</b></span>
    <span>Gender <b>${genderWord(person)}</b></span>
    <span>NHS No. <b>${formatNhsNumber(person.nhsNumber)}</b></span>
    <span>Hospital No. <b>${hospitalNumber(person)}</b></span>
    <span>Bed <b>${bed}</b></span>
    <span>Consultant <b>${consultant}</b></span>
    <span class="alert">Allergies: see chart</span>
  </section>`;
}

function chartPage(
  context: PageContext,
  person: HostPerson,
  current: 'summary' | 'record',
  tab: string,
  inner: Html,
): string {
  const base = `/millbrook/patients/${hospitalNumber(person)}`;
  return shell(
    context,
    `${tab} - Millbrook Clinical Desktop`,
    html`${banner(person, context.now)}
      <div class="chart">
        ${leftMenu(base, current)}
        <main>
          <div class="tabs"><span>${tab}</span></div>
          <div class="sheet">${inner}</div>
        </main>
      </div>`,
    current === 'record',
  );
}

/** A patient's page as the ward sees it first. */
export function patientPage(context: PageContext, person: HostPerson): string {
  return chartPage(
    context,
    person,
    'summary',
    'Patient summary',
    html`<div class="summary">
      <h1>Patient summary</h1>
      <dl>
        <dt>Consultant</dt>
        <dd>${placeOf(person).consultant}</dd>
        <dt>Bed</dt>
        <dd>${placeOf(person).bed}</dd>
        <dt>GP practice</dt>
        <dd>${context.practiceName(person.practice)}</dd>
      </dl>
      <h2>About this demo</h2>
      <p>${person.story}</p>
      <ul>
        ${(person.look ?? []).map((one) => html`<li>${one}</li>`)}
      </ul>
      <p>
        <a href="/millbrook/patients/${hospitalNumber(person)}/one-health-and-care">One Health and Care</a> in the menu
        on the left opens the combined record of all organisations.
      </p>
    </div>`,
  );
}

/** The page whose frame shows the combined record: a form puts it there, signed at that moment. */
export function recordPage(context: PageContext, person: HostPerson): string {
  return chartPage(
    context,
    person,
    'record',
    'One Health and Care',
    html`<form id="open" method="post" action="/millbrook/patients/${hospitalNumber(person)}/open" target="record">
        <input type="hidden" name="user" value="${context.user.id}" />
        <noscript><button>Open One Health and Care</button></noscript>
      </form>
      <iframe name="record" title="One Health and Care" sandbox="${sandbox}"></iframe>`,
  );
}
