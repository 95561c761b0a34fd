import { words } from '../codes.ts';
import { appointment, encounter } from '../chart/contacts.ts';
import { problem, vitalSigns } from '../chart/findings.ts';
import { medicines, prescription } from '../chart/medicines.ts';
import { bloods } from '../chart/results.ts';
import type { Chart } from '../chart/chart.ts';
import { staff } from '../chart/staff.ts';
import { gpMedicine } from '../practice/medication.ts';
import { gpNoKnownAllergies, gpProblem } from '../practice/entries.ts';
import type { Story } from './story.ts';
import { problems } from './substances.ts';

/** How many sessions there were: eleven resources each make a record of 20,000. */
const sessions = 1818;

function uhnm(chart: Chart): void {
  const { random } = chart;
  problem(chart, { what: problems.kidneyFailure, onset: '2013-10-01', by: staff.varga });
  prescription(chart, {
    what: medicines.alfacalcidol,
    dose: '1 capsule once a day',
    from: '2014-02-03',
    by: staff.varga,
    category: 'outpatient',
  });
  appointment(chart, { at: [2, '07:00'], what: 'Dialysis', by: staff.varga, minutes: 240 });
  for (let index = 0; index < sessions; index += 1) {
    // Monday, Wednesday, Friday, or as the weeks fall: seven days for three sessions, back in time.
    const day = -2 - Math.floor((index * 7) / 3);
    const session = encounter(chart, {
      kind: 'AMB',
      type: words('Haemodialysis session'),
      from: [day, '07:00'],
      to: [day, '11:10'],
    });
    vitalSigns(
      chart,
      [day, '07:05'],
      { weight: 78 + random.between(0, 40) / 10, pressure: [random.between(118, 164), random.between(62, 92)] },
      { encounter: session },
    );
    bloods(chart, {
      at: [day, '07:10'],
      title: 'Before dialysis',
      values: {
        potassium: random.between(40, 64) / 10,
        urea: random.between(140, 280) / 10,
        creatinine: random.between(520, 940),
        haemoglobin: random.between(92, 126),
        phosphate: random.between(10, 26) / 10,
        calcium: random.between(205, 262) / 100,
      },
      encounter: session,
    });
  }
}

/** Raymond Cope: a record of 20,000 resources at one trust. */
export const cope: Story = {
  key: 'cope',
  gp: (record) => {
    gpNoKnownAllergies(record, '2013-01-15T09:00:00Z');
    gpProblem(record, { what: problems.kidneyFailure, onset: '2013-10-01' });
    gpMedicine(record, {
      what: medicines.alfacalcidol,
      dose: '1 capsule once a day',
      from: '2014-02-03',
      quantity: [28, 'capsule'],
    });
  },
  uhnm,
};
