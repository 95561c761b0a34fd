import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import { createRecord } from '../../record/builder.ts';
import { anyResource } from '../../record/hostile.testing.ts';
import { sectionIds } from '../../record/record.ts';
import { from, now, region } from '../../record/testing.ts';
import { fixtureSource } from '../fixtures/source.ts';
import type { RecordSource } from '../record-source.ts';
import { renderViewer } from '../testing.tsx';
import { drawer, sectionWords, states } from '../words.ts';
import { preloadSections } from './table.tsx';

beforeAll(preloadSections);

let told: MockInstance<typeof console.error>;
beforeEach(() => {
  told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  // Of two children with one key React may leave one out.
  const doubled = told.mock.calls.filter(([words]) => String(words).includes('same key'));
  told.mockRestore();
  expect(doubled.map(([, key]) => String(key).slice(0, 80))).toEqual([]);
});

/** What runs, or loads what runs. No section makes one out of a source's words. */
const active = 'script, img, iframe, object, embed, [onerror], [onload], [onclick], [srcdoc]';
/** The pages of this server that About leads to are among them. */
const harmless = /^(?:#|tel:|mailto:|https:|\/(?:privacy|say-no|guide\/[a-z-]+\.html)$)/;

function faultsOf(container: HTMLElement): readonly string[] {
  const made = [...container.querySelectorAll(active)].map((one) => one.outerHTML.slice(0, 80));
  const links = [...container.querySelectorAll('a[href]')]
    .map((one) => one.getAttribute('href') ?? '')
    .filter((href) => !harmless.test(href));
  const failed = container.textContent.includes(states.sectionError) ? [states.sectionError] : [];
  return [...made, ...links, ...failed];
}

/** Goes through every section of what these lines make, and opens the first row of each. */
async function walk(lines: readonly unknown[]): Promise<readonly string[]> {
  const builder = createRecord(region, now);
  builder.add(lines);
  const record = builder.snapshot();
  const source: RecordSource = { ...fixtureSource(record), detail: async (id) => builder.detail(id) };
  const { container } = renderViewer(record, { region, source, clock: () => now });
  const faults: string[] = [];
  const note = (where: string): void => void faults.push(...faultsOf(container).map((fault) => `${where}: ${fault}`));
  for (const section of sectionIds) {
    const rail = screen.getByRole('navigation', { name: 'Sections' });
    fireEvent.click(within(rail).getByRole('button', { name: new RegExp(`^${sectionWords[section].title}`) }));
    note(section);
    const row = screen.getByRole('main').querySelector('[data-row]');
    if (row === null) continue;
    fireEvent.click(row);
    // The drawer asks for the row's own fields.
    await act(async () => undefined);
    if (document.querySelector('[data-drawer]')?.textContent?.includes(drawer.gone))
      faults.push(`${section}: ${drawer.gone}`);
    note(`${section}, drawer`);
  }
  cleanup();
  return faults;
}

/** A resource whose every text is this one. */
const everywhere = (resourceType: string, words: string): unknown =>
  from('gp', {
    resourceType,
    id: `hostile-${resourceType}`,
    status: words,
    code: { text: words, coding: [{ system: words, code: words, display: words }] },
    category: [{ text: words }],
    type: { text: words },
    title: words,
    description: words,
    note: [{ text: words }],
    text: { status: 'generated', div: words },
    valueString: words,
    medicationCodeableConcept: { text: words },
    vaccineCode: { text: words },
    dosage: [{ text: words }],
    reaction: [{ manifestation: [{ text: words }] }],
    name: [{ text: words, family: words, given: [words] }],
    telecom: [{ system: 'url', value: words }],
    address: [{ line: [words] }],
    relationship: [{ text: words }],
    content: [{ attachment: { url: words, title: words, contentType: words } }],
    period: { start: words, end: words },
  });

describe('sections of hostile FHIR', () => {
  it('every section stands, and nothing of a source runs, whatever a source sends', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyResource, { minLength: 1, maxLength: 10 }), async (lines) => {
        expect(await walk(lines)).toEqual([]);
      }),
      { numRuns: process.env['OHC_FULL'] === '1' ? 200 : 8, endOnFailure: true },
    );
  });

  it.each([
    ['markup and script', '<img src=x onerror="alert(1)"><script>alert(1)</script><iframe srcdoc="x"></iframe>'],
    ['an address that runs', 'javascript:alert(1)'],
    ['letters that turn the line round', '\u202egnp.exe\u2066'],
    ['10,000 letters', 'x'.repeat(10_000)],
    ['a day that there is not', '2026-02-30'],
  ])('every text of every section being %s', { timeout: 600_000 }, async (_what, words) => {
    const types = [
      'AllergyIntolerance',
      'Condition',
      'MedicationRequest',
      'Immunization',
      'Observation',
      'DiagnosticReport',
      'Procedure',
      'Encounter',
      'Appointment',
      'ServiceRequest',
      'DocumentReference',
      'CarePlan',
      'Flag',
      'RelatedPerson',
      'CareTeam',
      'Patient',
      'Nonsense',
    ];
    expect(await walk(types.map((type) => everywhere(type, words)))).toEqual([]);
  });
});
