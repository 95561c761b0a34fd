import { createRoot } from 'react-dom/client';
import { sectionIds } from '../../record/record.ts';
import { Themed } from '../app.tsx';
import { preferredScheme, schemeOf } from '../theme.ts';
import { Contents } from './contents.tsx';
import { Parts } from './parts.tsx';
import { readReleased } from './released.ts';
import { clinician, pageStateOf, pageStates, type PageState } from './states.ts';
import { showStory } from './story.tsx';

/*
 * The viewer without a server. Its URL says what is shown:
 *   ?state=hung&section=medicines&scheme=dark   one state of the page, in one section
 *   ?person=nair&role=R8009                     another of the demo's people, for a user in another role
 *   ?parts                                      the parts of the page in all their states, on one sheet
 * Without any of them: the list of all there is.
 */
const parameters = new URLSearchParams(window.location.search);
const scheme = schemeOf(parameters.get('scheme')) ?? preferredScheme((query) => window.matchMedia(query).matches);
document.documentElement.dataset['scheme'] = scheme;

function stateAsked(): PageState | undefined {
  const named = pageStateOf(parameters.get('state'));
  const person = parameters.get('person');
  if (person === null) return named;
  const role = parameters.get('role') ?? clinician;
  return { ...(named ?? pageStates.whole), person, role };
}

async function show(element: HTMLElement): Promise<void> {
  const root = createRoot(element);
  const state = stateAsked();
  if (parameters.has('parts')) {
    root.render(
      <Themed scheme={scheme}>
        <Parts />
      </Themed>,
    );
    return;
  }
  const released = readReleased(await (await fetch('/app/demo-records.json')).json());
  const section = sectionIds.find((id) => id === parameters.get('section'));
  if (state === undefined)
    root.render(
      <Themed scheme={scheme}>
        <Contents names={released.names} />
      </Themed>,
    );
  else await showStory(root, { released, state, section, scheme });
}

const element = document.getElementById('root');
if (element !== null)
  void show(element)
    .then(() => document.fonts.ready)
    .then(() => element.setAttribute('data-story', 'told'));
