import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { group, recordOf } from '../fixtures/groups.ts';
import { smith, smithRecord } from '../fixtures/smith.ts';
import { fixtureSource } from '../fixtures/source.ts';
import { renderViewer } from '../testing.tsx';

const field = (): HTMLElement => screen.getByRole('combobox', { name: 'Search everything' });
const list = (): Promise<HTMLElement> => screen.findByRole('listbox', { name: 'What was found' }, { timeout: 60_000 });

async function type(query: string): Promise<HTMLElement> {
  fireEvent.focus(field());
  fireEvent.change(field(), { target: { value: query } });
  return list();
}

describe('the search', () => {
  it('takes focus by Ctrl+K from any section', () => {
    renderViewer(smithRecord(), { start: { section: 'people' } });
    fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
    expect(document.activeElement).toBe(field());
  });

  it('unfolds by Ctrl+K where there is room for its button alone', () => {
    renderViewer(smithRecord(), { width: 390 });
    expect(screen.queryByRole('combobox', { name: 'Search everything' })).toBeNull();
    fireEvent.keyDown(window, { key: 'k', ctrlKey: true });
    expect(document.activeElement).toBe(field());
  });

  it('shows what it finds in every section, with how many there are, and says so aloud', async () => {
    renderViewer(smithRecord());
    const found = await type('heart failure');
    const groups = within(found).getAllByRole('group');
    expect(groups.length).toBeGreaterThan(1);
    expect(groups[0]?.getAttribute('aria-label')).toMatch(/^Problems \d/);
    expect(screen.getAllByRole('status').some((one) => /^\d+ items found in \d+ sections$/.test(one.textContent))).toBe(
      true,
    );
  });

  it('finds with the keyboard alone: an arrow, Enter, and the drawer is open in its section', async () => {
    renderViewer(smithRecord());
    await type('penicillins');
    fireEvent.keyDown(field(), { key: 'ArrowDown' });
    const active = field().getAttribute('aria-activedescendant') ?? '';
    expect(document.getElementById(active)?.textContent).toContain('Penicillins');
    fireEvent.keyDown(field(), { key: 'Enter' });
    await screen.findByText('Allergy, recorded by 3 organisations');
    expect(screen.getByRole('main', { name: 'Allergies' })).toBeTruthy();
    expect(screen.queryByRole('listbox')).toBeNull();
  });

  it('leaves nothing out: the rest of a section is one press away', async () => {
    const many = Array.from({ length: 300 }, (_, at) => group('procedures', 'past', `Scan ${at}`, ['gp']));
    renderViewer(recordOf(many, { patient: smith }));
    const found = await type('scan');
    fireEvent.click(within(found).getByRole('option', { name: '295 more procedures' }));
    fireEvent.click(within(found).getByRole('option', { name: '95 more procedures' }));
    expect(within(found).getAllByRole('option')).toHaveLength(300);
  });

  it('narrows the section that is open to the words', async () => {
    renderViewer(smithRecord(), { start: { section: 'medicines' } });
    const found = await type('furosemide');
    fireEvent.click(within(found).getByRole('option', { name: /^Show only these \d+ in Medicines$/ }));
    expect(await screen.findByText(/hidden by the filter “furosemide”/, {}, { timeout: 60_000 })).toBeTruthy();
  });

  it('never says that there is nothing, and names who has not answered', async () => {
    renderViewer(smithRecord());
    fireEvent.focus(field());
    fireEvent.change(field(), { target: { value: 'zebra' } });
    expect(
      (await screen.findAllByText(/^Nothing that has arrived holds these words\. This does not mean/)).at(-1)
        ?.textContent,
    ).toContain('WMShCR has not answered.');
  });

  it('closes on Esc, then forgets the words', async () => {
    renderViewer(smithRecord());
    await type('heart');
    fireEvent.keyDown(field(), { key: 'Escape' });
    expect(screen.queryByRole('listbox')).toBeNull();
    fireEvent.keyDown(field(), { key: 'Escape' });
    expect(field()).toHaveProperty('value', '');
  });

  it('shows no answer to an older question', async () => {
    const source = fixtureSource(smithRecord());
    const late = Promise.withResolvers<Awaited<ReturnType<typeof source.search>>>();
    const search = vi.fn<typeof source.search>((query) => (query === 'a' ? late.promise : source.search(query)));
    renderViewer(smithRecord(), { source: { ...source, search } });
    fireEvent.focus(field());
    fireEvent.change(field(), { target: { value: 'a' } });
    const found = await type('codeine');
    late.resolve(await source.search('heart'));
    await late.promise;
    expect(within(found).getAllByRole('option')).toHaveLength(1);
  });
});
