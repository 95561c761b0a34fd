import { lazy, type ReactElement } from 'react';
import type { SectionId } from '../../record/record.ts';
import { Allergies } from './allergies/allergies.tsx';
import { Overview } from './overview/overview.tsx';
import { SectionView } from './section-view.tsx';

const loadAbout = async () => ({ default: (await import('./about/about.tsx')).About });
const loadCarePlans = async () => ({ default: (await import('./care-plans/care-plans.tsx')).CarePlans });
const loadDocuments = async () => ({ default: (await import('./documents/documents.tsx')).Documents });
const loadMedicines = async () => ({ default: (await import('./medicines/medicines.tsx')).Medicines });
const loadResults = async () => ({ default: (await import('./results/results.tsx')).Results });
const loadTimeline = async () => ({ default: (await import('./timeline/timeline.tsx')).Timeline });
const About = lazy(loadAbout);
const CarePlans = lazy(loadCarePlans);
const Documents = lazy(loadDocuments);
const Medicines = lazy(loadMedicines);
const Results = lazy(loadResults);
const Timeline = lazy(loadTimeline);

/** Fetches the sections that are no part of the first load, so that they are there when they are opened. */
export async function preloadSections(): Promise<void> {
  await Promise.all([loadAbout(), loadCarePlans(), loadDocuments(), loadMedicines(), loadResults(), loadTimeline()]);
}

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
  documents: () => <Documents />,
  'care-plans': () => <CarePlans />,
  'social-care': () => <SectionView id="social-care" />,
  'mental-health': () => <SectionView id="mental-health" />,
  alerts: () => <SectionView id="alerts" />,
  people: () => <SectionView id="people" />,
  about: () => <About />,
};
