import { html, nothing, type Html } from '../../launch/page/html.ts';
import { hospitalNumber, type HostPerson } from './host.ts';
import {
  bornWithAge,
  clock,
  genderWord,
  listName,
  nhsNumberWords,
  page,
  patientTable,
  type PageContext,
} from './parts.ts';

const keys = ['F1 Help', 'F2 Find', 'F3 Appts', 'F4 Consult', 'F5 Repeats', 'F6 Letters', 'F7 Recall', 'F8 Print'];

/** The custom buttons that an administrator may add: each fills in a link and encrypts it, and can do no more. */
function customButtons(person: HostPerson): Html {
  const action = `/peakside/patients/${hospitalNumber(person)}/open`;
  return html`<form class="custom" method="post" action="${action}" target="_blank" rel="noopener">
    <span>Links</span>
    <button name="cipher" value="aes-256-gcm">One Health and Care</button>
    <button name="cipher" value="aes-256-cbc">One Health and Care (CBC)</button>
  </form>`;
}

function shell(context: PageContext, title: string, inner: Html, person?: HostPerson): string {
  return page(
    `${title} - Peakside Surgery Desktop`,
    'peakside',
    html`<header>
        <a class="system" href="/peakside/">PEAKSIDE SURGERY DESKTOP 4.2</a>
        <span>${context.host.organisationName}</span>
        <span class="apart">${context.user.name}, ${context.user.post}</span>
      </header>
      <div class="toolbar" role="group" aria-label="Toolbar">
        ${keys.map((key) => html`<span>${key}</span>`)} ${person === undefined ? nothing : customButtons(person)}
      </div>
      <main>${inner}</main>
      <footer>
        <span>${context.host.organisation} DEMO</span><span>Invented people</span> <a href="/">The demo</a
        ><a href="/switches">Switches</a><time>${clock(context.now)}</time>
      </footer>`,
  );
}

/** The patients of the practice. */
export function patientList(context: PageContext): string {
  const rows = context.people.map((person) => ({
    href: `/peakside/patients/${hospitalNumber(person)}`,
    cells: [
      listName(person),
      bornWithAge(person, context.now),
      genderWord(person),
      nhsNumberWords(person),
      html`<span class="story">${person.story}</span>`,
    ],
  }));
  return shell(
    context,
    'Patients',
    html`<h1>Patient index</h1>
      ${patientTable(rows, ['Patient', 'Born', 'Gender', 'NHS No.', 'About this demo'])}`,
  );
}

/** A patient's page; its toolbar has the two buttons. */
export function patientPage(context: PageContext, person: HostPerson): string {
  return shell(
    context,
    'Patient',
    html`<h1 class="patient">
        ${listName(person)} <span>${bornWithAge(person, context.now)}</span> <span>${genderWord(person)}</span>
        <span>NHS No. ${nhsNumberWords(person)}</span>
      </h1>
      <div class="panes">
        <section>
          <h2>About this demo</h2>
          <p>${person.story}</p>
          <ul>
            ${(person.look ?? []).map((one) => html`<li>${one}</li>`)}
          </ul>
        </section>
        <section>
          <h2>Links</h2>
          <p>
            The two buttons “One Health and Care” open a new tab with an encrypted link: it says which person, never who
            asks. You sign in at Demo Care Identity for that.
          </p>
          <p>One encrypts with AES-256-GCM, the other with AES-256-CBC, for systems that have nothing better.</p>
        </section>
      </div>`,
    person,
  );
}
