import { describe, expect, it } from 'vitest';
import type { MedicineFacts } from '../../../record/record.ts';
import { chip, date, fixtureNow, group, medicine } from '../../fixtures/groups.ts';
import { beyondDose } from './beyond.ts';

function said(more: Partial<MedicineFacts>, from: readonly string[] = ['gp']): readonly string[] {
  const facts = { ...medicine('One daily', '2021-03-14', '2026-10-20', []), ...more };
  return beyondDose(group('medicines', 'current', 'Furosemide', from, { medicine: facts }), fixtureNow);
}

function due(day: string): MedicineFacts['nextDue'] {
  const on = date(day);
  return on === undefined ? undefined : { date: on, days: 28 };
}

describe('beyond the dose of a medicine', () => {
  it('stands how much was issued, and when the next is due, as reckoned', () => {
    expect(said({ quantity: '28 tablet', nextDue: due('2026-11-20') })).toEqual([
      'Quantity 28 tablet',
      'Next due 20-Nov-2026 (reckoned: 28 days from the last issue)',
    ]);
    expect(said({ nextDue: due('2026-11-19') })).toEqual([
      'Was due 19-Nov-2026 (reckoned: 28 days from the last issue)',
    ]);
  });

  it('stands who prescribes it: whose word that is where several list it', () => {
    const elsewhere = [{ words: 'Prescribed by another organisation', chip: chip('gp') }];
    expect(said({ elsewhere })).toEqual(['Prescribed by another organisation']);
    expect(said({ elsewhere }, ['gp', 'uhnm'])).toEqual(['GP: Prescribed by another organisation']);
    expect(said({ hospitalOnly: true })).toEqual(['Hospital only: for an inpatient']);
  });

  it('stands why it was stopped and by whom, or where it is on hold', () => {
    const halt = { kind: 'stopped', reason: 'Rash', who: 'Dr Priya RAO', at: undefined } as const;
    expect(said({ halt })).toEqual(['Stopped by Dr Priya RAO: Rash']);
    expect(said({ halt: { ...halt, reason: undefined, who: undefined } })).toEqual(['Stopped']);
    expect(said({ halt: { kind: 'on-hold', reason: 'Low blood pressure', who: undefined, at: chip('uhnm') } })).toEqual(
      ['On hold at UHNM: Low blood pressure'],
    );
    expect(said({ halt: { kind: 'other', reason: 'Course finished', who: undefined, at: undefined } })).toEqual([
      'Course finished',
    ]);
  });

  it('says once why another organisation stopped what is still listed', () => {
    const on = date('2026-11-10');
    const change =
      on === undefined
        ? undefined
        : { kind: 'stopped' as const, date: on, by: chip('uhnm'), reason: 'Rash', who: 'Dr Ann LEE' };
    expect(said({ change, halt: { kind: 'other', reason: 'Rash', who: undefined, at: undefined } })).toEqual([
      'Stopped at UHNM 10-Nov-2026 by Dr Ann LEE: Rash',
    ]);
  });
});
