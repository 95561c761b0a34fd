import { formatNhsNumber } from '../../../src/fhir/nhs-number.ts';
import { html, type Html } from '../../launch/page/html.ts';
import { hospitalNumber, type HostPerson } from './host.ts';
import { bornWithAge, clock, genderWord, listName, page, patientTable, userMenu, type PageContext } from './parts.ts';

const tools = [
  { icon: '▤', name: 'Appointments' },
  { icon: '✎', name: 'Consultation' },
  { icon: '℞', name: 'Medication' },
  { icon: '⚗', name: 'Investigations' },
  { icon: '✉', name: 'Workflow' },
  { icon: '❏', name: 'Documents' },
];

/** The toolbar; where a patient is open its last icon opens the combined record in a tab of its own. */
function toolbar(context: PageContext, person: HostPerson | undefined): Html {
  return html`<div class="toolbar" role="group" aria-label="Toolbar">
    <a class="tool" href="/trentside/"><i aria-hidden="true">☰</i>Patients</a>
    ${tools.map(({ icon, name }) => html`<span class="tool"><i aria-hidden="true">${icon}</i>${name}</span>`)}
    ${
      person === undefined
        ? html`<span class="tool off"><i aria-hidden="true">⊕</i>One Health and Care</span>`
        : html`<form
            method="post"
            action="/trentside/patients/${hospitalNumber(person)}/open"
            target="_blank"
            rel="noopener"
          >
            <input type="hidden" name="user" value="${context.user.id}" />
            <button class="tool"><i aria-hidden="true">⊕</i>One Health and Care</button>
          </form>`
    }
  </div>`;
}

function shell(context: PageContext, title: string, inner: Html, person?: HostPerson): string {
  return page(
    title,
    'trentside',
    html`<header>
        <a class="system" href="/trentside/">Trentside</a>
        <span>${context.host.organisationName}</span>
        <span class="links"
          ><a href="/millbrook/">Millbrook Clinical Desktop</a> <a href="/switches">Demo switches</a></span
        >
        ${userMenu(context)}
      </header>
      ${toolbar(context, person)} ${inner}
      <footer>${context.user.name}, ${context.host.organisation} · Invented people · ${clock(context.now)}</footer>`,
  );
}

/** The patients of the practice's list. */
export function patientList(context: PageContext): string {
  const rows = context.people.map((person) => ({
    href: `/trentside/patients/${hospitalNumber(person)}`,
    cells: [
      listName(person),
      bornWithAge(person, context.now),
      genderWord(person),
      formatNhsNumber(person.nhsNumber),
      context.practiceName(person.practice),
      html`<span class="story">${person.story}</span>`,
    ],
  }));
  return shell(
    context,
    'Patients - Trentside Practice System',
    html`<main>
      <h1>Patients</h1>
      ${patientTable(rows, ['Patient', 'Born', 'Gender', 'NHS No.', 'Registered at', 'About this demo'])}
    </main>`,
  );
}

/** A patient's page. */
export function patientPage(context: PageContext, person: HostPerson): string {
  return shell(
    context,
    'Patient - Trentside Practice System',
    html`<section class="patient" aria-label="Patient">
        <b>${listName(person)}</b>
        <span>Born ${bornWithAge(person, context.now)}</span>
        <span>${genderWord(person)}</span>
        <span>NHS No. ${formatNhsNumber(person.nhsNumber)}</span>
        <span>Registered at ${context.practiceName(person.practice)}</span>
      </section>
      <main>
        <h1>Summary</h1>
        <div class="panes">
          <section>
            <h2>About this demo</h2>
            <p>${person.story}</p>
            <ul>
              ${(person.look ?? []).map((one) => html`<li>${one}</li>`)}
            </ul>
          </section>
          <section>
            <h2>Other organisations</h2>
            <p>The icon “One Health and Care” in the toolbar opens the combined record in a new tab.</p>
          </section>
        </div>
      </main>`,
    person,
  );
}
