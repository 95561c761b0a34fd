import { smithAtPractice } from './smith/practice.ts';
import { smithAtUhnm } from './smith/uhnm.ts';
import {
  daughter,
  smithAtChc,
  smithAtMpft,
  smithAtNscht,
  smithAtScc,
  smithAtStc,
  smithAtUhdb,
  smithAtWmshcr,
} from './smith/others.ts';
import type { Story } from './story.ts';

/** John Smith: heart failure, diabetes, many medicines; known to all nine. */
export const smith: Story = {
  key: 'smith',
  demographic: { relatives: [daughter], emails: ['john.smith@mail.example'] },
  gp: smithAtPractice,
  gpPatient: {
    contact: [
      {
        relationship: [{ text: 'Daughter' }, { text: 'Carer' }],
        name: { family: daughter.family, given: [daughter.given] },
        telecom: [{ system: 'phone', value: daughter.phone, use: 'mobile' }],
      },
    ],
  },
  uhnm: smithAtUhnm,
  uhdb: smithAtUhdb,
  mpft: smithAtMpft,
  nscht: smithAtNscht,
  scc: smithAtScc,
  stc: smithAtStc,
  chc: smithAtChc,
  wmshcr: smithAtWmshcr,
};
