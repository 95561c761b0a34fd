import { endingAtPractice, faultIds, faultOf, type Ending } from './fault.ts';

const shown: { readonly [how in Ending['shown']]: string } = {
  all: 'all that is whole and proved',
  part: 'what came whole before',
  nothing: 'nothing',
};

function practiceWords(fault: ReturnType<typeof faultOf>): string {
  const ending = endingAtPractice(fault);
  if (ending === undefined) return 'does not arise';
  return ending.text === fault.ends.text ? 'the same' : ending.text;
}

/** `docs/faults.md`: what a clinician sees of each fault. A test keeps the file in step with what the fault bench shows. */
export function faultsPage(): string {
  const rows = faultIds.map((id) => {
    const fault = faultOf(id);
    return `| \`${id}\` | ${fault.title.replaceAll('__', '\\_\\_')} | ${fault.ends.text} | ${shown[fault.ends.shown]} | ${practiceWords(fault)} |`;
  });
  const gone = [
    'refuses every connection',
    'has a name that is not known any more',
    'shows a certificate that nobody signed',
    'shows a certificate that has ended',
    'shows a certificate of another host',
  ].map((title) => `| | ${title} | Cannot be reached | nothing | the same |`);
  return [
    '# What a source’s fault looks like',
    '',
    'A source may fail in any way. Whatever it does, the other organisations’ records are complete and do not wait for it; its place in the strip says how it ended, in the words below, never in its own; and what it sent before it failed is shown as far as it is whole and proved to be the person’s. *Try again* asks everyone anew.',
    '',
    'The fault bench (`server/faults/`) puts each of these on a source of a region and holds the server to this table: the status, the words, every byte of the others, and that no connection, timer or memory is left behind. In the demo region the page `/switches` puts them on a source by the name in the first column.',
    '',
    '| switch | the source … | its place says | of its record is shown | a GP practice |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    ...gone,
    '',
    'A GP practice that answers in part has not answered about consent: its last answer stands, as if it could not be reached. Where the demographics service fails, nothing is shown, since it could not be checked whether the record may be.',
    '',
    '## What a source may take',
    '',
    '- Time: `deadlineMs` (8 seconds), and `gatherDeadlineMs` of the region (10 seconds) for all together.',
    '- `budget` in `sources.json`, for each person asked about: `bytes` unpacked (64 MiB), `entries` (200,000), `pages` of one search (500). What passes it is left where it is, and the source has answered in part.',
    '- A body over a megabyte is read while it arrives, entry by entry. One entry may have 8 MiB, 100,000 values and 1,000 levels to be read at all, and a resource 100 levels to be shown.',
    '- A request that failed by what may be gone in a moment (a broken connection, 502, 503, 504, 429) is made once more, within the deadline, and not before the source’s `Retry-After`; after a 429 that does not say when, a second later.',
    '- After five failures in a row an address is not asked for half a minute at most, and then by one request; it says “Cannot be reached” at once. For GP Connect each practice has an address of its own.',
    '- 32 requests at once for an address and 512 in line; further ones are turned away.',
    '- Further pages are asked for under the source’s own base URL alone, and no redirect is followed.',
    '',
  ].join('\n');
}
