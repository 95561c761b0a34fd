import { act, fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import type { Documents } from '../../../launch/documents.ts';
import type { Looks } from '../../../launch/looks.ts';
import { group, isNew, recordOf } from '../../fixtures/groups.ts';
import { smith } from '../../fixtures/smith.ts';
import { renderViewer } from '../../testing.tsx';

const file = (title: string, more: object = {}) => ({
  url: 'Binary/b1',
  data: undefined,
  contentType: 'text/plain',
  title,
  bytes: 1200,
  ...more,
});
const record = recordOf(
  [
    group('documents', 'current', 'Clinic letter', ['uhnm'], {
      on: '2026-11-11',
      tags: [isNew],
      attachments: [file('Heart clinic')],
    }),
    group('documents', 'current', 'Discharge summary', ['gp', 'uhdb'], {
      on: '2025-03-01',
      attachments: [file('Knee')],
    }),
    group('documents', 'current', 'Report', ['gp'], {}),
  ],
  { patient: smith },
);
const text = new TextEncoder().encode('Stop ramipril today.');
const lazily = { timeout: 60_000 };
const open = async (answer: Documents['open'], look: Looks['look'] = () => undefined) => {
  renderViewer(record, { start: { section: 'documents' }, documents: { open: answer }, look });
  fireEvent.click(await screen.findByRole('treeitem', { name: /Heart clinic/ }, lazily));
  fireEvent.click(await screen.findByRole('button', { name: 'Open Heart clinic' }));
};
const names = (): readonly string[] =>
  screen.getAllByRole('treeitem').map((one) => (one.querySelector('.title, bdi')?.textContent ?? '').trim());

describe('the tree of documents', () => {
  it('is put together anew by a press, and says its counts', async () => {
    renderViewer(record, { start: { section: 'documents' } });
    await screen.findByRole('tree', { name: 'Documents' }, lazily);
    expect(names()).toEqual(['2026', 'Heart clinic', '2025', 'Knee', 'No date', 'Report']);
    fireEvent.click(screen.getByRole('button', { name: 'Organisation' }));
    expect(names()).toEqual([
      'Etruria Vale Surgery',
      'Knee',
      'Report',
      'Royal Derby',
      'Knee',
      'Royal Stoke',
      'Heart clinic',
    ]);
    expect(screen.getByText(/^3 documents, newest first/)).toBeTruthy();
  });

  it('is walked by the keys of a tree, with one tab stop', async () => {
    renderViewer(record, { start: { section: 'documents' } });
    const tree = await screen.findByRole('tree', {}, lazily);
    const stop = (): HTMLElement => {
      const [only, ...others] = [...tree.querySelectorAll<HTMLElement>('[tabindex="0"]')];
      expect(others).toEqual([]);
      if (only === undefined) throw new Error('no tab stop');
      return only;
    };
    const press = (key: string): string => {
      fireEvent.keyDown(stop(), { key });
      return stop().querySelector('.title, bdi')?.textContent ?? '';
    };
    expect(press('ArrowDown')).toBe('Heart clinic');
    expect(press('ArrowLeft')).toBe('2026');
    expect(press('ArrowLeft')).toBe('2026');
    expect(stop().getAttribute('aria-expanded')).toBe('false');
    expect(press('ArrowDown')).toBe('2025');
    expect(press('End')).toBe('Report');
    expect(press('Home')).toBe('2026');
    expect(press('k')).toBe('Knee');
    press('Enter');
    expect(await screen.findByText(/^Document, recorded by 2 organisations/)).toBeTruthy();
  });

  it('filters by words in titles, says what is hidden, and is found again as it was left', async () => {
    renderViewer(record, { start: { section: 'documents' } });
    fireEvent.change(await screen.findByRole('searchbox', { name: 'Filter by words in the title' }, lazily), {
      target: { value: 'knee' },
    });
    expect(names()).toEqual(['2025', 'Knee']);
    expect(screen.getByRole('main').textContent).toContain('2 documents are hidden by the filters above.');
    const rail = within(screen.getByRole('navigation', { name: 'Sections' }));
    fireEvent.click(rail.getByRole('button', { name: /^Alerts/ }));
    fireEvent.click(rail.getByRole('button', { name: /^Documents/ }));
    expect(names()).toEqual(['2025', 'Knee']);
    fireEvent.click(screen.getByRole('button', { name: 'Show all' }));
    expect(names()).toHaveLength(6);
  });
});

describe('a document', () => {
  it('is loaded when it is opened, is a look of its own, and is then marked as opened', async () => {
    const look = vi.fn<Looks['look']>();
    const answer = vi.fn<Documents['open']>(async () => ({ kind: 'given', bytes: text, contentType: 'text/plain' }));
    await open(answer, look);
    expect(await screen.findByText('Stop ramipril today.', {}, lazily)).toBeTruthy();
    expect(answer).toHaveBeenCalledTimes(1);
    expect(look.mock.calls.map(([kind]) => kind)).toEqual(['section', 'item', 'document']);
    expect(look.mock.calls[2]?.[2]).toContain('Binary/b1');
    expect(screen.getByRole('treeitem', { name: /Heart clinic/, hidden: true }).textContent).toContain('Opened 09:42');
    fireEvent.change(await screen.findByRole('searchbox', { name: 'Search in this document' }), {
      target: { value: 'RAMIPRIL' },
    });
    expect(await screen.findByText('1 of 1')).toBeTruthy();
  });

  it('is asked for no more once it is closed', async () => {
    let signal: AbortSignal | undefined;
    await open((_path, options) => {
      ({ signal } = options);
      return new Promise(() => undefined);
    });
    expect(await screen.findByText(/^Loading the document/, {}, lazily)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Close document' }));
    expect(signal?.aborted).toBe(true);
    expect(screen.getByRole('button', { name: 'Open Heart clinic' })).toBeTruthy();
  });

  it.each([
    ['gone', 'This document cannot be shown here.'],
    ['too-large', 'This document is larger than can be opened here.'],
    ['later', 'The organisation that holds this document cannot give it now.'],
    ['ended', 'Your session has ended'],
    ['failed', 'The document did not arrive whole'],
  ] as const)('that is %s says so, and whom to ask', async (kind, words) => {
    await open(async () => ({ kind }));
    expect(await screen.findByText(new RegExp(words), {}, lazily)).toBeTruthy();
    expect(screen.getByText('Queries: Royal Stoke, 01632 960 000.')).toBeTruthy();
  });

  it('tells how far it has come', async () => {
    await open((_path, { onProgress }) => {
      act(() => onProgress({ bytes: 1_200_000, of: 4_000_000 }));
      return new Promise(() => undefined);
    });
    expect(await screen.findByText('Loading the document, 1.2 MB of 4.0 MB', {}, lazily)).toBeTruthy();
  });
});
