import { screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { differs, group, isNew, recordOf, value } from './fixtures/groups.ts';
import { smith } from './fixtures/smith.ts';
import { statuses } from './palette.ts';
import { renderViewer } from './testing.tsx';

const main = (): HTMLElement => screen.getByRole('main');
const tags = (within: HTMLElement): readonly string[] =>
  [...within.querySelectorAll('.ohc-tag')].map((tag) => tag.textContent ?? '');

const ordinary = [
  group('problems', 'active', 'Asthma', ['gp'], { on: '2019-01-01' }),
  group('allergies', 'active', 'Penicillin', ['gp'], { on: '2001-01-01' }),
  group('results', 'blood', 'Potassium', ['uhnm'], { value: value('4.1', 'mmol/L'), on: '2026-11-19' }),
  group('encounters', 'clinic', 'Asthma clinic', ['uhnm'], { on: '2026-10-01' }),
];

describe('colour, which is for six things alone (H11)', () => {
  it('is not spent on a record in which nothing is wrong', () => {
    for (const section of ['overview', 'problems', 'allergies', 'encounters'] as const) {
      const { unmount } = renderViewer(recordOf(ordinary, { patient: smith }), { start: { section } });
      expect(main().textContent).toContain(
        section === 'encounters' ? 'Asthma clinic' : section === 'allergies' ? 'Penicillin' : 'Asthma',
      );
      expect(tags(main()), section).toEqual([]);
      expect(main().querySelector('[data-out="true"]'), section).toBeNull();
      unmount();
    }
  });

  it('is one tag at most on a row of a card, the gravest, and all of them in the section', () => {
    const asthma = group('problems', 'active', 'Asthma', ['gp', 'uhnm'], {
      on: '2019-01-01',
      tags: [differs(), isNew],
    });
    const card = renderViewer(recordOf([asthma], { patient: smith }));
    const row = within(main())
      .getByRole('button', { name: /^Asthma/ })
      .closest('li');
    expect(row === null ? [] : tags(row)).toEqual(['Organisations differ']);
    card.unmount();
    renderViewer(recordOf([asthma], { patient: smith }), { start: { section: 'problems' } });
    const whole = within(main())
      .getByRole('button', { name: /^Asthma/ })
      .closest('li');
    expect(whole === null ? [] : tags(whole)).toEqual(['Organisations differ', 'New']);
  });

  it('has six statuses, and no green for fine', () => {
    expect(statuses).toEqual(['danger', 'critical', 'conflict', 'fresh', 'stale', 'unknown']);
  });
});
