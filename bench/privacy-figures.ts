import { startChild } from './child.ts';
import type { Figure } from './figure.ts';
import type { PrivacyFigures } from './privacy.ts';

const floorNote = 'processor time; the ratio is to parsing and stringifying the same bytes beside it';

/** Withholding, in a process of its own. */
export async function privacyFigures(): Promise<readonly Figure[]> {
  const child = await startChild<PrivacyFigures, never, never>('privacy.ts');
  await child.stop();
  const { record, worst, wordsMs } = child.ready;
  const ratio = ({ floorMs, withholdMs }: PrivacyFigures['record']): number => withholdMs / floorMs;
  return [
    {
      what: 'withholding, the bench’s record',
      measured: { value: record.withholdMs, unit: 'ms' },
      ratio: ratio(record),
      target: '0.60 x',
      met: ratio(record) <= 0.6,
      note: floorNote,
    },
    {
      what: 'withholding, 10,000 resources that all hang together',
      measured: { value: worst.withholdMs, unit: 'ms' },
      ratio: ratio(worst),
      target: '1.50 x',
      met: ratio(worst) <= 1.5,
      note: floorNote,
    },
    {
      what: 'words in 1 MB of text',
      measured: { value: wordsMs, unit: 'ms' },
      target: '10 ms',
      met: wordsMs <= 10,
      note: 'processor time',
    },
  ];
}
