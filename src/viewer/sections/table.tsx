import { lazy, type ReactElement } from 'react';
import type { SectionId } from '../../record/record.ts';
import { Allergies } from './allergies/allergies.tsx';
import { Overview } from './overview/overview.tsx';
import { SectionView } from './section-view.tsx';

const About = lazy(async () => ({ default: (await import('./about/about.tsx')).About }));
const CarePlans = lazy(async () => ({ default: (await import('./care-plans/care-plans.tsx')).CarePlans }));
const Medicines = lazy(async () => ({ default: (await import('./medicines/medicines.tsx')).Medicines }));
const Results = lazy(async () => ({ default: (await import('./results/results.tsx')).Results }));
const Timeline = lazy(async () => ({ default: (await import('./timeline/timeline.tsx')).Timeline }));

type View = (options: { readonly docked: boolean }) => ReactElement;

/** The sections: one line each. A section of its own look has a folder; the others show rows in cards. */
export const sections: Readonly<Record<SectionId, View>> = {
  overview: ({ docked }) => <Overview docked={docked} />,
  timeline: () => <Timeline />,
  problems: () => <SectionView id="problems" />,
  medicines: () => <Medicines />,
  allergies: () => <Allergies />,
  results: () => <Results id="results" />,
  'vital-signs': () => <Results id="vital-signs" />,
  encounters: () => <SectionView id="encounters" />,
  appointments: () => <SectionView id="appointments" />,
  procedures: () => <SectionView id="procedures" />,
  immunisations: () => <SectionView id="immunisations" />,
  documents: () => <SectionView id="documents" />,
  'care-plans': () => <CarePlans />,
  'social-care': () => <SectionView id="social-care" />,
  'mental-health': () => <SectionView id="mental-health" />,
  alerts: () => <SectionView id="alerts" />,
  people: () => <SectionView id="people" />,
  about: () => <About />,
};
