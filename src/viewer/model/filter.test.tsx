import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { differs, group, isNew, recordOf } from '../fixtures/groups.ts';
import { fixtureRegion } from '../fixtures/region.ts';
import { smith, smithRecord } from '../fixtures/smith.ts';
import { fixtureSource } from '../fixtures/source.ts';
import { renderViewer } from '../testing.tsx';

const main = (): HTMLElement => screen.getByRole('main', { hidden: true });
const ours = fixtureRegion.sources.find((one) => one.id === 'uhnm')?.ods ?? '';
const launchView = {
  hostName: 'Millbrook Clinical Desktop',
  hostOrigins: [],
  userName: 'Dr Peter OKAFOR',
  role: { code: 'R8000', title: 'Doctor' },
  organisation: { ods: ours, name: 'UHNM' },
};
const record = recordOf(
  [
    group('procedures', 'past', 'Echocardiogram', ['uhnm'], { on: '2026-11-10', tags: [isNew] }),
    group('procedures', 'past', 'Cataract surgery', ['gp', 'uhnm'], { on: '2020-01-01', tags: [differs()] }),
    group('procedures', 'past', 'Hip replacement', ['uhdb'], { on: '2018-01-01' }),
  ],
  { patient: smith, since: Date.UTC(2026, 10, 7, 10) },
);
const at = { start: { section: 'procedures' as const }, launchView };

describe('what narrows the lists', () => {
  it('shows what is new alone, in one click, and says since when', () => {
    renderViewer(record, at);
    fireEvent.click(screen.getByRole('button', { name: '1 new since 07-Nov-2026' }));
    expect(main().textContent).toContain('Echocardiogram');
    expect(main().textContent).not.toContain('Hip replacement');
    expect(main().textContent).toContain('2 items are hidden by the filter new since 07-Nov-2026. Remove filter');
    fireEvent.click(screen.getByRole('button', { name: '1 new since 07-Nov-2026', pressed: true }));
    expect(main().textContent).toContain('Hip replacement');
  });

  it('shows what is not from us in one click: what we hold too is ours', () => {
    renderViewer(record, at);
    fireEvent.click(screen.getByRole('button', { name: 'Not from us' }));
    expect(main().textContent).toContain('Hip replacement');
    expect(main().textContent).not.toContain('Cataract');
    expect(main().textContent).toContain('2 items are hidden by the filter not from us.');
  });

  it('has both in the filter of a narrow page', () => {
    renderViewer(record, { ...at, width: 390 });
    fireEvent.click(screen.getByRole('button', { name: /^Filter/ }));
    fireEvent.click(screen.getByRole('checkbox', { name: 'Not from us' }));
    expect(main().textContent).not.toContain('Echocardiogram');
  });

  it('shows one type of a section alone, and says what is hidden', () => {
    renderViewer(
      recordOf([
        group('encounters', 'clinic', 'Heart clinic', ['uhnm'], { on: '2026-11-10' }),
        group('encounters', 'emergency', 'A&E attendance', ['uhdb'], { on: '2026-11-11' }),
        group('procedures', 'past', 'Cataract surgery', ['gp'], { on: '2020-01-01' }),
      ]),
      { start: { section: 'encounters' } },
    );
    fireEvent.change(screen.getByRole('combobox', { name: 'Type' }), { target: { value: 'Clinics' } });
    expect(main().textContent).toContain('Heart clinic');
    expect(main().textContent).not.toContain('A&E attendance');
    expect(main().textContent).toContain('1 of 2 contacts');
    expect(main().textContent).toContain('1 item is hidden by the filter Contacts: Clinics.');
  });

  it('puts a list in order by name and by organisation, and keeps it so', () => {
    renderViewer(record, at);
    const rows = (): readonly string[] => [...main().querySelectorAll('[data-row]')].map((row) => row.textContent);
    expect(rows()).toEqual(['Echocardiogram', 'Cataract surgery', 'Hip replacement']);
    fireEvent.change(screen.getByRole('combobox', { name: 'Order' }), { target: { value: 'name' } });
    expect(rows()).toEqual(['Cataract surgery', 'Echocardiogram', 'Hip replacement']);
    const rail = within(screen.getByRole('navigation', { name: 'Sections' }));
    fireEvent.click(rail.getByRole('button', { name: /^Alerts/ }));
    fireEvent.click(rail.getByRole('button', { name: /^Procedures/ }));
    expect(rows()).toEqual(['Cataract surgery', 'Echocardiogram', 'Hip replacement']);
    fireEvent.change(screen.getByRole('combobox', { name: 'Order' }), { target: { value: 'organisation' } });
    expect(rows()).toEqual(['Cataract surgery', 'Hip replacement', 'Echocardiogram']);
  });

  it('finds words in the section, as they are typed', () => {
    renderViewer(record, at);
    fireEvent.change(screen.getByRole('searchbox', { name: 'Filter by words' }), { target: { value: 'hip' } });
    expect(main().textContent).toContain('Hip replacement');
    expect(main().textContent).toContain('2 items are hidden by the filter “hip”.');
  });

  it('says nothing of new where the user has never looked', () => {
    renderViewer(recordOf([group('procedures', 'past', 'Echocardiogram', ['uhnm'])], { patient: smith }), at);
    expect(screen.queryByRole('button', { name: /new/ })).toBeNull();
  });

  it('shows what hangs on one problem, in every section', async () => {
    const whole = smithRecord();
    const source = fixtureSource(whole);
    const [problem] = whole.sections.problems.groups;
    const [medicine, other] = whole.sections.medicines.groups;
    if (problem === undefined || medicine === undefined || other === undefined) throw new Error('the fixture is empty');
    renderViewer(whole, {
      start: { section: 'problems', open: problem.members[0]?.id ?? '' },
      source: {
        ...source,
        detail: async (id) => {
          const detail = await source.detail(id);
          const [chip] = medicine.row.chips;
          if (detail === undefined || chip === undefined) return detail;
          const link = { section: medicine.section, title: medicine.row.title, date: undefined, dateText: '', chip };
          return { ...detail, linked: [{ ...link, groupId: medicine.id }] };
        },
      },
    });
    fireEvent.click(await screen.findByRole('button', { name: 'Show only what belongs to this' }));
    fireEvent.click(
      within(screen.getByRole('navigation', { name: 'Sections' })).getByRole('button', { name: /^Medicines/ }),
    );
    expect(
      await screen.findByText(
        new RegExp(`hidden by the filter belongs to ${problem.row.title}`),
        {},
        { timeout: 60_000 },
      ),
    ).toBeTruthy();
    expect(main().textContent).toContain(medicine.row.title);
    expect(main().querySelectorAll('[data-row]')).toHaveLength(1);
  });
});
