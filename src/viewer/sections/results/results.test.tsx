import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Group, Value } from '../../../record/record.ts';
import { differs, group, recordOf, value } from '../../fixtures/groups.ts';
import { smith, smithRecord } from '../../fixtures/smith.ts';
import { renderViewer } from '../../testing.tsx';

/** Sections and charts are fetched when they are first shown. */
const lazily = { timeout: 20_000 };
const main = (): HTMLElement => screen.getByRole('main');
const start = { start: { section: 'results' } } as const;
const kidney = async (): Promise<HTMLElement> =>
  screen.findByRole('grid', { name: 'Kidney function and electrolytes' }, lazily);

function blood(title: string, own: Value | undefined, on: string, rest: Parameters<typeof group>[4] = {}): Group {
  return group('results', 'blood', title, ['uhnm'], { value: own, on, ...rest });
}

const shown = (...groups: readonly Group[]): ReturnType<typeof renderViewer> =>
  renderViewer(recordOf(groups, { patient: smith }), start);

describe('the cumulative grid on the page', () => {
  it('has a row a set, newest first, with marks, words aloud, and what was not measured', async () => {
    renderViewer(smithRecord(), start);
    const rows = within(await kidney()).getAllByRole('row');
    expect(rows.slice(1).map((row) => within(row).getByRole('rowheader').textContent)).toEqual([
      '19-Nov-2026 07:10Latest',
      '11-Nov-2026 06:40PreviousUHNM stay',
      '08-Nov-2026 06:55UHNM stay',
      '06-Nov-2026 05:48UHNM stay',
      '02-Oct-2026 09:15',
      '14-Apr-2026 11:32',
    ]);
    expect(rows[1]?.textContent).toContain('▲above range 168');
    expect(rows[1]?.textContent).toContain('▼below range 34');
    expect(rows[5]?.textContent).toContain('not measured');
  });

  it('calls the newest the latest that can have been, and says of a later date what it is', async () => {
    shown(
      blood('Potassium', value('4.1', 'mmol/L'), '2062-11-19'),
      blood('Potassium', value('4.4', 'mmol/L'), '2026-11-11'),
      blood('Potassium', value('4.6', 'mmol/L'), '2026-11-08'),
    );
    const rows = within(await screen.findByRole('grid', {}, lazily)).getAllByRole('row');
    expect(rows.slice(1).map((row) => within(row).getByRole('rowheader').textContent)).toEqual([
      '19-Nov-2062Dated in the future',
      '11-Nov-2026Latest',
      '08-Nov-2026Previous',
    ]);
    expect(rows.map((row) => row.className)).toEqual(['', '', 'latest', '']);
  });

  it('says each unit and range in the head, and another laboratory’s range at the foot (H5)', async () => {
    renderViewer(smithRecord(), start);
    const heads = within(await kidney()).getAllByRole('columnheader');
    expect(heads.map((one) => one.textContent)).toContain('Creatinineµmol/L59–104');
    expect(heads.map((one) => one.textContent)).toContain('eGFRmL/min/1.73 m²60 or more');
    expect(main().textContent).toContain('One unit in each column.');
    expect(main().textContent).toContain('† Range of this laboratory: 62–106\u00a0µmol/L');
    expect(
      within(await kidney())
        .getByText('†')
        .closest('td')?.textContent,
    ).toContain('138');
  });

  it('shows every set: the older ones on demand, counted', async () => {
    renderViewer(smithRecord(), start);
    expect(within(await kidney()).getAllByRole('row')).toHaveLength(7);
    fireEvent.click(screen.getByRole('button', { name: '1 older set' }));
    expect(within(await kidney()).getAllByRole('row')).toHaveLength(8);
    expect(within(await kidney()).getByText('<5')).toBeTruthy();
  });

  it('is one tab stop, walked by arrows, and Enter opens the result', async () => {
    renderViewer(smithRecord(), start);
    const grid = await kidney();
    const stops = (): readonly HTMLElement[] => [...grid.querySelectorAll<HTMLElement>('[data-cell][tabindex="0"]')];
    expect(stops()).toHaveLength(1);
    stops()[0]?.focus();
    fireEvent.keyDown(document.activeElement ?? grid, { key: 'ArrowDown' });
    expect(document.activeElement?.textContent).toBe('134');
    fireEvent.keyDown(document.activeElement ?? grid, { key: 'End' });
    expect(document.activeElement?.textContent).toContain('8');
    fireEvent.keyDown(document.activeElement ?? grid, { key: 'ArrowDown' });
    fireEvent.keyDown(document.activeElement ?? grid, { key: 'ArrowLeft' });
    expect(document.activeElement?.textContent).toBe('0.74');
    expect(stops()).toEqual([document.activeElement]);
    fireEvent.click(document.activeElement ?? grid);
    expect(await screen.findByRole('complementary', { name: 'Details' })).toBeTruthy();
  });

  it('shows preliminary, critical and differing results for what they are (H17)', async () => {
    const result = { test: 'k', latest: true, previous: undefined, report: undefined, results: [], components: [] };
    shown(
      blood('Potassium', value('6.9', 'mmol/L', 'critical-high'), '2026-11-19T07:10:00Z', {
        result: { ...result, status: 'Preliminary' },
        tags: [{ kind: 'critical', words: 'Critical' }, differs()],
        detail: 'Haemolysed',
      }),
      blood('Sodium', value('140', 'mmol/L'), '2026-11-19T07:10:00Z'),
    );
    const cell = within(await kidney())
      .getByText('6.9')
      .closest('td');
    for (const word of ['Preliminary', 'Critical', 'Organisations differ', 'comment'])
      expect(cell?.textContent).toContain(word);
  });

  it('never loses one of two values taken at the same moment, nor a text among numbers', async () => {
    const at = '2026-11-19T07:10:00Z';
    shown(
      blood('Sodium', value('140', 'mmol/L'), at),
      blood('Sodium', value('129', 'mmol/L'), at),
      blood('Potassium', value('Haemolysed, not reported', 'mmol/L'), at),
    );
    const row = within(await kidney()).getAllByRole('row')[1];
    for (const text of ['140', '129', 'Haemolysed, not reported']) expect(row?.textContent).toContain(text);
  });

  it('puts what was entered in error apart, struck through, and out of the grid (H6)', async () => {
    shown(
      blood('Sodium', value('140', 'mmol/L'), '2026-11-19'),
      blood('Sodium', value('99', 'mmol/L'), '2026-11-18', { struckThrough: true, status: 'Entered in error' }),
    );
    expect((await kidney()).textContent).not.toContain('99');
    const heading = screen.getByRole('heading', { name: 'Entered in error' });
    expect(heading.closest('section')?.querySelector('[data-struck="true"]')?.textContent).toContain('99');
  });
});

describe('panels and reports', () => {
  it('are tabs with their counts, one tab stop, moved by arrows', async () => {
    renderViewer(smithRecord(), start);
    const tabs = await screen.findAllByRole('tab', {}, lazily);
    expect(tabs.map((one) => one.textContent)).toEqual([
      'Kidney 7',
      'Blood count 1',
      'Heart 1',
      'Diabetes 1',
      'Radiology 1',
      'Other 36',
    ]);
    tabs[0]?.focus();
    fireEvent.keyDown(tabs[0] ?? main(), { key: 'ArrowRight' });
    expect(screen.getByRole('tab', { selected: true }).textContent).toBe('Blood count 1');
    expect(screen.getByRole('tabpanel', { name: 'Blood count 1' }).textContent).toContain('Haemoglobin');
  });

  it('read radiology text first, in its own lines and in full', async () => {
    renderViewer(smithRecord(), start);
    fireEvent.click(await screen.findByRole('tab', { name: 'Radiology 1' }, lazily));
    const text = screen.getByText(/^Cardiomegaly/);
    expect(text.textContent).toContain('\nConclusion: in keeping with heart failure.');
    expect(text.closest('article')?.textContent).toMatch(/^Chest X-ray06-Nov-2026 06:20UHNMCardiomegaly/);
  });

  it('show a report whole: its conclusion, each result with its range, and the comments', async () => {
    const result = {
      test: '',
      latest: false,
      previous: undefined,
      status: undefined,
      report: undefined,
      components: [],
    };
    const part = blood('Sodium', { ...value('129', 'mmol/L', 'low', '133–146') }, '2026-11-19', {
      detail: 'Checked by repeat',
      result: { ...result, test: 'na', results: [] },
    });
    const report = group('results', 'reports', 'Urea and electrolytes', ['uhnm'], {
      on: '2026-11-19',
      detail: 'Low sodium',
      result: { ...result, results: [part.id], status: 'Corrected' },
    });
    shown(part, report);
    fireEvent.click(await screen.findByRole('button', { name: 'Reports' }, lazily));
    const card = screen.getByRole('heading', { name: 'Urea and electrolytes' }).closest('article');
    for (const text of ['Corrected', 'Low sodium', 'Sodium', '129', 'Reference 133–146', 'Checked by repeat'])
      expect(card?.textContent).toContain(text);
  });
});

describe('trends', () => {
  it('draw what is out of range first, and read each point aloud with its range, time and source', async () => {
    renderViewer(smithRecord(), start);
    await kidney();
    const chart = await screen.findByRole('group', { name: 'Potassium, 7 results, oldest first' }, lazily);
    const points = within(chart).getAllByRole('button');
    expect(points.at(-1)?.getAttribute('aria-label')).toBe(
      'Potassium 5.6 millimoles per litre, above range, 19-Nov-2026 07:10, UHNM',
    );
    expect(points.filter((one) => one.getAttribute('tabindex') === '0')).toEqual([points.at(-1)]);
    points.at(-1)?.focus();
    fireEvent.keyDown(points.at(-1) ?? chart, { key: 'ArrowLeft' });
    expect(document.activeElement?.getAttribute('aria-label')).toContain('4.9 millimoles per litre, 11-Nov-2026');
    expect(chart.textContent).toContain('Reference 3.5–5.3 mmol/L');
  });

  it('draw the column that is chosen, never two units in one chart (H5)', async () => {
    const at = '2026-11-19';
    shown(
      blood('HbA1c', value('61', 'mmol/mol'), at),
      blood('HbA1c', value('58', 'mmol/mol'), '2026-05-19'),
      blood('HbA1c', value('7.7', '%'), at),
    );
    expect(await screen.findByRole('group', { name: 'HbA1c, 2 results, oldest first' }, lazily)).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: /^HbA1c\s*%/ }));
    expect(await screen.findByRole('group', { name: 'HbA1c, 1 result, oldest first' }, lazily)).toBeTruthy();
    expect(screen.queryByRole('group', { name: 'HbA1c, 2 results, oldest first' })).toBeNull();
  });

  it('are a table too, newest first', async () => {
    renderViewer(smithRecord(), start);
    await kidney();
    fireEvent.click(screen.getByRole('button', { name: 'Show as table' }));
    const table = screen.getAllByRole('table')[0];
    expect(within(table ?? main()).getAllByRole('row')[1]?.textContent).toMatch(/^19-Nov-2026 07:10▲above range 5.6/);
  });

  it('say what no axis can hold, and what lies before the time shown', async () => {
    shown(
      blood('Sodium', value('140', 'mmol/L'), '2026-11-19'),
      blood('Sodium', value('<110', 'mmol/L'), '2026-11-18'),
      blood('Sodium', value('139', 'mmol/L'), '2012-11-18'),
      blood('Sodium', value('Insufficient', 'mmol/L'), '2026-11-17'),
      group('results', 'blood', 'Sodium', ['uhnm'], { value: value('141', 'mmol/L') }),
    );
    await kidney();
    expect(main().textContent).toContain('1 earlier result not in this time.');
    expect(main().textContent).toContain('1 result without a date: see the grid.');
    expect(main().textContent).toContain('1 result in words: see the grid.');
    expect(main().textContent).toContain('An open mark is a value known only to be below or above');
  });
});

it('vital signs: a pressure is a pair in the grid and in the chart', async () => {
  const pressure = (text: string, on: string): Group =>
    group('vital-signs', 'current', 'Blood pressure', ['gp'], {
      value: { ...value(text, 'mmHg'), number: undefined },
      on,
    });
  const groups = [pressure('148/92', '2026-11-01'), pressure('140/85', '2026-10-01')];
  renderViewer(recordOf(groups, { patient: smith }), { start: { section: 'vital-signs' } });
  expect((await screen.findByRole('grid', { name: 'Measurements' }, lazily)).textContent).toContain('148/92');
  const chart = await screen.findByRole('group', { name: 'Blood pressure, 2 results, oldest first' }, lazily);
  expect(
    within(chart)
      .getAllByRole('button')
      .map((one) => one.getAttribute('aria-label')),
  ).toEqual([
    'Blood pressure 140/85 millimetres of mercury, 01-Oct-2026, GP',
    'Blood pressure 148/92 millimetres of mercury, 01-Nov-2026, GP',
  ]);
});
