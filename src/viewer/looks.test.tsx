import { fireEvent, screen, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type { Looks } from '../launch/looks.ts';
import { resourceOfMember } from '../record/member.ts';
import { recordOf } from './fixtures/groups.ts';
import { smithRecord } from './fixtures/smith.ts';
import { renderViewer } from './testing.tsx';

it('reports each section that is opened, once', () => {
  const look = vi.fn<Looks['look']>();
  renderViewer(smithRecord(), { look });
  fireEvent.click(screen.getByRole('button', { name: /^Allergies/ }));
  expect(look.mock.calls).toEqual([
    ['section', ['overview']],
    ['section', ['allergies']],
  ]);
});

it('reports each item whose details are shown, once', async () => {
  const look = vi.fn<Looks['look']>();
  renderViewer(smithRecord(), { look, start: { section: 'allergies' } });
  fireEvent.click(within(screen.getByRole('main')).getByRole('button', { name: /Penicillins/ }));
  await screen.findByText('Allergy, recorded by 3 organisations');
  fireEvent.click(screen.getByRole('button', { name: 'Codes' }));
  expect(look.mock.calls.map(([kind]) => kind)).toEqual(['section', 'item']);
});

it('reports no look before anything of the person was given', () => {
  const look = vi.fn<Looks['look']>();
  renderViewer(recordOf([]), { look });
  expect(look).not.toHaveBeenCalled();
});

it.each([
  ['uhnm|AllergyIntolerance/a1', 'AllergyIntolerance/a1'],
  ['gp|List/l1#AllergyIntolerance', 'List/l1'],
  ['gp|Condition/c1~1x2y', 'Condition/c1'],
  ['gp|Condition/~1x2y', undefined],
  ['allergies-1-0', undefined],
])('names the resource of %s as %s', (id, resource) => {
  expect(resourceOfMember(id)).toBe(resource);
});
