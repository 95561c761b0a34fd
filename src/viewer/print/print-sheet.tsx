import { styled } from '@mui/material/styles';
import { useMemo, type ReactElement } from 'react';
import { dayOf, formatDate, formatTime } from '../../fhir/date.ts';
import type { ClinicalRecord, Group, SectionId } from '../../record/record.ts';
import { decisionConflict, decisionName } from '../../record/escalation.ts';
import { personLine } from '../model/copied.ts';
import { filtered, filterWords, isFiltering } from '../model/filter.ts';
import { roleShare } from '../model/role.ts';
import { ageWords } from '../model/person.ts';
import { completenessOf } from '../model/section-facts.ts';
import { concernsOf, veilAll } from '../model/safeguarded.ts';
import { asOfWords, gapSentences, isGap } from '../model/sources.ts';
import { itemsBySubsection } from '../model/subsections.ts';
import { noticesOn } from '../model/notices.ts';
import { useViewer } from '../model/viewer.ts';
import { NoticeLine } from '../parts/notice-line.tsx';
import type { beyondDose } from '../sections/medicines/beyond.ts';
import { hatching } from '../theme.ts';
import { banner, copy, print, safeguarding, sectionWords, states, strip } from '../words.ts';
import type { besideGrid, PrintedGrid } from './printed-grid.tsx';
import type { Printed } from './printing.ts';

/** The page, and what of the screen does not go on paper. The foot's page numbers are the browser's to count. */
const css = `
@page { size: A4 portrait; margin: 12mm; @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 9pt Arial, sans-serif; } }
@media screen { [data-print="sheet"] { display: none; } }
@media print { [data-print="screen"] { display: none !important; } html, body, #root { height: auto !important; overflow: visible !important; background: #fff !important; } }
`;

const [ink, line] = ['#000', '#666'];

/** Black on white, 10 pt, whatever the scheme of the screen. Head and foot are repeated on each page. */
const Sheet = styled('table')({
  width: '100%',
  borderCollapse: 'collapse',
  font: '10pt/1.3 Arial, "Liberation Sans", Helvetica, sans-serif',
  color: ink,
  backgroundColor: '#fff',
  '& > thead > tr > td': { borderBottom: `1.5pt solid ${ink}`, paddingBottom: '2mm' },
  '& > tfoot > tr > td': { borderTop: `0.5pt solid ${line}`, paddingTop: '1.5mm', fontSize: '9pt' },
  '& .person': { fontSize: '12pt', fontWeight: 700 },
  '& .gap': { ...hatching('#fff', line), printColorAdjust: 'exact', border: `0.5pt dashed ${ink}`, padding: '1mm 2mm' },
  '& .gap span': { backgroundColor: '#fff', padding: '0 1mm' },
  '& h1': { font: 'inherit', fontSize: '13pt', fontWeight: 700, margin: '5mm 0 1mm', breakAfter: 'avoid' },
  '& h2': { font: 'inherit', fontSize: '11pt', fontWeight: 700, margin: '3mm 0 1mm', breakAfter: 'avoid' },
  '& p': { margin: '1mm 0' },
  '& .rows': { width: '100%', borderCollapse: 'collapse' },
  '& .rows th': { textAlign: 'left', fontSize: '9pt', borderBottom: `0.5pt solid ${ink}` },
  '& .rows td': {
    borderBottom: `0.25pt solid ${line}`,
    padding: '0.8mm 2mm 0.8mm 0',
    verticalAlign: 'top',
    overflowWrap: 'anywhere',
  },
  '& .rows tr': { breakInside: 'avoid' },
  '& .rows .when': { whiteSpace: 'nowrap' },
  '& .tag': { border: `0.5pt solid ${ink}`, borderRadius: 2, padding: '0 1mm', fontSize: '9pt', marginLeft: '2mm' },
});

/** The mark before a value out of range: it reads without colour. */
function markOf({ row }: Group): string {
  const flag = row.value?.flag;
  if (flag === 'high' || flag === 'critical-high') return '▲ ';
  return flag === 'low' || flag === 'critical-low' ? '▼ ' : '';
}

/** The parts of the sheet that are no part of the first load. */
const later: { Grid?: typeof PrintedGrid; beside?: typeof besideGrid; beyondDose?: typeof beyondDose } = {};

/** Fetches what lays out results and tells of medicines on paper, so that it is there when the browser prints: it does not wait. */
export async function loadPrintedParts(): Promise<void> {
  const [grid, medicines] = await Promise.all([
    import('./printed-grid.tsx'),
    import('../sections/medicines/beyond.ts'),
  ]);
  later.Grid = grid.PrintedGrid;
  later.beside = grid.besideGrid;
  later.beyondDose = medicines.beyondDose;
}

function Line({ group, now }: { readonly group: Group; readonly now: number }): ReactElement {
  const { row, tags } = group;
  const { value, medicine, allergy, person } = row;
  const detail = [
    allergy?.reaction,
    allergy?.said,
    medicine === undefined ? undefined : (medicine.dose ?? copy.noDose),
    medicine?.strength,
    ...(later.beyondDose?.(group, now) ?? []),
    row.status,
    row.detail,
    person?.role,
    person?.more,
    person?.phone,
    value?.range === undefined ? undefined : copy.range(value.range),
  ].filter((part) => part !== undefined);
  return (
    <tr>
      <td>
        <span style={row.struckThrough ? { textDecoration: 'line-through' } : {}}>
          <strong>
            <bdi>{row.title}</bdi>
          </strong>
          {value !== undefined && (
            <>
              {' '}
              {markOf(group)}
              <bdi>{[value.text, value.unit].filter((part) => part !== undefined).join('\u00a0')}</bdi>
            </>
          )}
        </span>
        {row.struckThrough && <span className="tag">{copy.inError}</span>}
        {tags.map((tag) => (
          <span key={tag.words} className="tag">
            {tag.kind === 'conflict' ? '≠ ' : ''}
            {tag.words}
          </span>
        ))}
        {detail.length > 0 && (
          <div>
            <bdi>{[...new Set(detail)].join('; ')}</bdi>
          </div>
        )}
      </td>
      <td className="when">{row.dateText}</td>
      <td>
        <bdi>{row.chips.map((chip) => chip.label).join(', ')}</bdi>
      </td>
    </tr>
  );
}

function PrintedSection({ id, record }: { readonly id: SectionId; readonly record: ClinicalRecord }): ReactElement {
  const { filter, now, scopes } = useViewer();
  const { groups, warnings } = record.sections[id];
  const { title } = sectionWords[id];
  const share = roleShare(id, scopes);
  const { gaps, asking, answered } = completenessOf(record, id);
  const shown = filtered(groups, filter, now);
  const hidden = groups.length - shown.length;
  // Until its part of the page has been fetched, results are printed as rows: nothing of them is missing.
  const Grid = id === 'results' ? later.Grid : undefined;
  const inRows = Grid === undefined ? shown : (later.beside?.(shown) ?? shown);
  if (share === 'none')
    return (
      <>
        <h1>{title}</h1>
        <p>{states.role(id)}</p>
      </>
    );
  return (
    <>
      <h1>
        {title} {print.count(shown.length, groups.length)}
      </h1>
      {share === 'part' && <p>{states.rolePart(id)}</p>}
      {warnings.map((warning) => (
        <p key={`${warning.sourceId} ${warning.text}`} className="gap">
          <span>
            {warning.label}: <bdi>{warning.text}</bdi>
          </span>
        </p>
      ))}
      {(gaps.length > 0 || asking.length > 0) && (
        <p className="gap">
          <span>
            {gapSentences(gaps)} {asking.length > 0 && states.stillWaiting(asking.length)} {states.missingHere(id)}
          </span>
        </p>
      )}
      {hidden > 0 && <p>{states.hidden(hidden, filterWords(filter, record))}</p>}
      {groups.length === 0 && gaps.length + asking.length === 0 && <p>{states.emptyAnswered(id, answered.length)}</p>}
      {Grid !== undefined && <Grid groups={shown} />}
      {itemsBySubsection(id, inRows).map(({ subsection, title: heading, items }) => (
        <section key={subsection}>
          <h2>
            {heading} {items.length.toLocaleString('en-GB')}
          </h2>
          <table className="rows">
            <thead>
              <tr>
                <th scope="col">{print.what}</th>
                <th scope="col">{print.date}</th>
                <th scope="col">{print.source}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((group) => (
                <Line key={group.id} group={group} now={now} />
              ))}
            </tbody>
          </table>
        </section>
      ))}
    </>
  );
}

/** The sections chosen, whole, as they go on paper: whose, what is missing, who printed it and when on every page (H12). */
export function PrintSheet({ printed }: { readonly printed: Printed }): ReactElement {
  const { record, unveiled, region, launchView, now, askedAt, filter } = useViewer();
  const { sections } = printed;
  const told = useMemo(() => (printed.safeguarding ? unveiled : veilAll(unveiled)), [printed, unveiled]);
  const concerns = concernsOf(told).length;
  const gaps = record.sources.filter(isGap);
  const asking = record.sources.filter((one) => one.status === 'asking').length;
  const stale = record.sources.flatMap((one) =>
    one.stale && one.dataAsOf !== undefined ? [`${one.source.label} ${asOfWords(one.dataAsOf, now)}.`] : [],
  );
  const missing = [gapSentences(gaps), asking > 0 ? states.stillWaiting(asking) : '', ...stale].filter(
    (part) => part !== '',
  );
  const person = record.patient;
  const { died, ageAtDeath } = ageWords(person, dayOf(now));
  const { allergies } = record.banner;
  const who = [launchView?.userName, launchView?.organisation.name].filter((one) => one !== undefined && one !== '');
  const time = (at: number): string => `${formatDate(dayOf(at))} ${formatTime(at)}`;
  return (
    <div data-print="sheet">
      <style>{css}</style>
      <Sheet>
        <thead>
          <tr>
            <td>
              <div className="person">
                <bdi>{personLine(record, now)}</bdi>
              </div>
              <div>
                {banner.gender} {person?.gender ?? banner.notKnown}
                {person?.deceased === true && (
                  <strong>
                    {' '}
                    {banner.died} {died}
                    {ageAtDeath !== undefined && `, ${banner.ageAtDeath.toLocaleLowerCase('en-GB')} ${ageAtDeath}`}
                  </strong>
                )}
              </div>
              {record.banner.escalation.map((decision) => (
                <div key={decision.id}>
                  <strong>
                    <bdi>{decisionName(decision)}</bdi>
                  </strong>
                  , {decision.row.dateText}, <bdi>{decision.row.chips.map((chip) => chip.label).join(', ')}</bdi>
                  {((words) => words !== undefined && <span className="tag">≠ {words}</span>)(
                    decisionConflict(decision, record.banner.escalation),
                  )}
                </div>
              ))}
              {concerns > 0 && (
                <div>
                  <strong>{printed.safeguarding ? safeguarding.printed : safeguarding.notPrinted}</strong>
                </div>
              )}
              {record.banner.mismatches.map((one) => (
                <div key={one.field}>≠ {banner.differ(one.field)}</div>
              ))}
              {noticesOn(region.notices, now, sections).map((notice) => (
                <div key={notice.text}>
                  <NoticeLine notice={notice} />
                </div>
              ))}
              <div>{[allergies.text, allergies.agents.join(', ')].filter((part) => part !== '').join(': ')}</div>
              {(gaps.length > 0 || asking > 0 || stale.length > 0) && (
                <div className="gap">
                  <span>
                    {gaps.length + asking > 0 ? `${print.incomplete} ` : ''}
                    {missing.join(' ')}
                  </span>
                </div>
              )}
              {isFiltering(filter) && <div>{print.filter(filterWords(filter, record))}</div>}
              {region.test && <div>{strip.test}</div>}
            </td>
          </tr>
        </thead>
        <tfoot>
          <tr>
            <td>{print.foot(who.join(', '), time(now), time(askedAt))}</td>
          </tr>
        </tfoot>
        <tbody>
          <tr>
            <td>
              {sections.map((id) => (
                <PrintedSection key={id} id={id} record={told} />
              ))}
              <p>{region.neverShown}</p>
            </td>
          </tr>
        </tbody>
      </Sheet>
    </div>
  );
}
