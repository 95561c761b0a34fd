import { screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { group, recordOf } from '../../fixtures/groups.ts';
import { smith } from '../../fixtures/smith.ts';
import { renderViewer } from '../../testing.tsx';

const words = 'No treatment-escalation or resuscitation decision was given. This does not mean full treatment.';
const plan = group('care-plans', 'plan', 'Heart failure care plan', ['mpft'], { on: '2026-01-01' });
const decision = group('care-plans', 'escalation', 'ReSPECT plan', ['uhnm'], { on: '2026-09-03' });

it('says of no decision that this does not mean full treatment (H23)', async () => {
  const { unmount } = renderViewer(recordOf([plan], { patient: smith }), { start: { section: 'care-plans' } });
  expect(await screen.findByText(words, {}, { timeout: 20_000 })).toBeTruthy();
  unmount();
  const record = recordOf([plan, decision], { patient: smith });
  renderViewer(
    { ...record, banner: { ...record.banner, escalation: [decision] } },
    { start: { section: 'care-plans' } },
  );
  expect(await screen.findByText('Heart failure care plan', {}, { timeout: 20_000 })).toBeTruthy();
  expect(screen.queryByText(words)).toBeNull();
});
