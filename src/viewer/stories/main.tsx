import { createRoot } from 'react-dom/client';
import type { LaunchFailureCode } from '../../launch/failure.ts';
import { sectionIds, type ClinicalRecord } from '../../record/record.ts';
import { App, Themed, type AppProps } from '../app.tsx';
import { fixtureNow, recordOf } from '../fixtures/groups.ts';
import { fixtureRegion } from '../fixtures/region.ts';
import { smith, smithGroups, smithRecord } from '../fixtures/smith.ts';
import { fixtureSource, pageSource } from '../fixtures/source.ts';
import { LaunchFailedPage, OpeningPage } from '../frame/whole-page.tsx';
import { noFilter } from '../model/filter.ts';
import { preferredScheme, schemeOf } from '../theme.ts';
import { ownSystem } from '../words.ts';

const parameters = new URLSearchParams(window.location.search);
const state = parameters.get('state') ?? 'overview';
const section = sectionIds.find((id) => id === parameters.get('section'));
const scheme = schemeOf(parameters.get('scheme')) ?? preferredScheme((query) => window.matchMedia(query).matches);

const all = (status: 'asking' | 'timeout'): Record<string, 'asking' | 'timeout'> =>
  Object.fromEntries(fixtureRegion.sources.map((one) => [one.id, status]));

function props(rest: Partial<AppProps> & { readonly record?: ClinicalRecord }): AppProps {
  const { record = smithRecord(), ...others } = rest;
  return {
    source: fixtureSource(record),
    region: fixtureRegion,
    launchView: {
      hostName: 'Millbrook Clinical Desktop',
      hostOrigins: [],
      userName: 'Dr Peter OKAFOR',
      role: { code: 'R8000', title: 'Clinical practitioner' },
      organisation: { ods: 'RJE', name: 'University Hospitals of North Midlands' },
    },
    scopes: ['patient/*.rs'],
    needPatientBanner: parameters.get('banner') !== 'no',
    clock: () => fixtureNow,
    ...others,
    start: { ...(section === undefined ? {} : { section }), ...others.start },
  };
}

const penicillins = smithGroups.find((one) => one.row.title === 'Penicillins')?.members[0]?.id ?? '';

/** Each state of the page by its name in the URL: `?state=loading&section=medicines&scheme=dark`. */
const stories: Readonly<Record<string, () => React.ReactElement>> = {
  overview: () => <App {...props({})} />,
  loading: () => (
    <App
      {...props({ source: fixtureSource(recordOf([], { statuses: all('asking'), patient: smith }), { kind: 'open' }) })}
    />
  ),
  arriving: () => (
    <App
      {...props({
        source: fixtureSource(smithRecord({ wmshcr: 'asking', nscht: 'asking', stc: 'no-record', chc: 'asking' }), {
          kind: 'open',
        }),
      })}
    />
  ),
  empty: () => <App {...props({ record: recordOf([], { patient: smith }) })} />,
  'empty-partial': () => (
    <App {...props({ record: recordOf([], { statuses: { wmshcr: 'timeout' }, patient: smith }) })} />
  ),
  filtered: () => <App {...props({ start: { filter: { ...noFilter, sourceId: 'gp', time: 'year' } } })} />,
  nobody: () => <App {...props({ record: recordOf([], { statuses: all('timeout'), patient: smith }) })} />,
  role: () => <App {...props({ scopes: ['patient/Patient.rs'] })} />,
  cut: () => (
    <App
      {...props({
        source: fixtureSource(smithRecord({ wmshcr: 'asking', nscht: 'asking', stc: 'asking', chc: 'asking' }), {
          kind: 'cut',
          at: fixtureNow,
        }),
      })}
    />
  ),
  old: () => <App {...props({ source: fixtureSource(smithRecord(), { kind: 'closed' }, fixtureNow - 34 * 60_000) })} />,
  drawer: () => <App {...props({ start: { section: 'allergies', open: penicillins } })} />,
  died: () => (
    <App
      {...props({
        record: {
          ...smithRecord(),
          patient: {
            ...smith,
            deceased: true,
            deceasedDate: { precision: 'day', year: 2026, month: 9, day: 2, instant: Date.UTC(2026, 8, 2) },
          },
        },
      })}
    />
  ),
  mismatch: () => (
    <App
      {...props({
        record: {
          ...smithRecord(),
          banner: { ...smithRecord().banner, mismatches: [{ field: 'date of birth', sourceIds: ['uhdb'] }] },
        },
      })}
    />
  ),
  escalation: () => (
    <App
      {...props({
        record: {
          ...smithRecord(),
          banner: {
            ...smithRecord().banner,
            escalation: smithGroups.filter((one) => one.row.title === 'ReSPECT plan'),
            mismatches: [{ field: 'date of birth', sourceIds: ['uhdb'] }],
          },
        },
      })}
    />
  ),
  refused: () => <App {...props({ source: pageSource('refused') })} />,
  undecided: () => <App {...props({ source: pageSource('undecided') })} />,
  ended: () => <App {...props({ source: pageSource('session-ended') })} />,
  locked: () => <App {...props({ source: pageSource('locked') })} />,
  changed: () => <App {...props({ source: pageSource('patient-changed') })} />,
  closed: () => <App {...props({ source: pageSource('closed') })} />,
  opening: () => <OpeningPage />,
  failed: () => (
    <LaunchFailedPage code={(parameters.get('code') ?? 'no-launch') as LaunchFailureCode} host={ownSystem} />
  ),
};

const story = stories[state] ?? stories['overview'];
const root = document.getElementById('root');
if (root !== null && story !== undefined) createRoot(root).render(<Themed scheme={scheme}>{story()}</Themed>);
