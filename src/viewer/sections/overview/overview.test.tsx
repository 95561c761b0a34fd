import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { noFilter } from '../../model/filter.ts';
import { group, recordOf, value } from '../../fixtures/groups.ts';
import { smith } from '../../fixtures/smith.ts';
import { renderViewer } from '../../testing.tsx';

const card = (name: string): string =>
  screen.getByRole('heading', { name, level: 2 }).closest('section')?.textContent ?? '';
const many = (n: number, of: string): string[] => Array.from({ length: n }, (_, index) => `${of} ${index + 1}`);
const potassium = (flag?: 'high') =>
  group('results', 'blood', 'Potassium', ['uhnm'], {
    on: '2026-11-19',
    value: value('5.6', 'mmol/L', flag, '3.5–5.3'),
  });

describe('the overview', () => {
  it('says of each card how many of how many it shows, and what is behind it (H7)', () => {
    const active = many(9, 'Problem').map((title) => group('problems', 'active', title, ['gp'], { on: '2019-01-01' }));
    const past = many(3, 'Past').map((title) => group('problems', 'past', title, ['gp'], { on: '2009-01-01' }));
    renderViewer(recordOf([...active, ...past], { patient: smith }));
    const problems = card('Active problems');
    expect(problems).toContain('7 of 9');
    expect(problems).toContain('2 more, 3 past');
    expect(problems.match(/Problem \d/g)).toHaveLength(7);
    expect(problems).not.toContain('Past 1');
  });

  it('says of results of which none is out of range that their laboratory marked none, and who is missing', () => {
    renderViewer(recordOf([potassium()], { patient: smith, statuses: { uhdb: 'timeout' } }));
    const results = card('Results out of range');
    expect(results).toContain('Of the latest results that arrived, none is marked out of range by its laboratory.');
    expect(results).toContain('UHDB has not answered.');
    expect(results).not.toContain('Potassium');
  });

  it('shows a date that is none as it was recorded, rather than as no date (H7)', () => {
    const plan = group('care-plans', 'plan', 'Crisis plan', ['mpft'], { dateText: '2026-02-30' });
    renderViewer(recordOf([plan], { patient: smith }));
    expect(card('Care plans')).toContain('2026-02-30Crisis plan');
  });

  it('says nothing of what is marked where a filter hides results', () => {
    const start = { filter: { ...noFilter, sourceId: 'gp' } };
    renderViewer(recordOf([potassium('high')], { patient: smith }), { start });
    const results = card('Results out of range');
    expect(results).toContain('Nothing to list here. What was given (1) is under Results.');
    expect(results).not.toContain('none is marked');
  });
});
