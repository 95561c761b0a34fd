import ExpandMoreIcon from '@mui/icons-material/ExpandMore';
import FlagIcon from '@mui/icons-material/Flag';
import WarningIcon from '@mui/icons-material/Warning';
import ButtonBase from '@mui/material/ButtonBase';
import Popover from '@mui/material/Popover';
import useMediaQuery from '@mui/material/useMediaQuery';
import { styled } from '@mui/material/styles';
import { useState, type ReactElement, type ReactNode } from 'react';
import { dayOf, spokenDate } from '../../fhir/date.ts';
import { formatNhsNumber } from '../../fhir/nhs-number.ts';
import type { Banner as BannerFacts, Demographics } from '../../record/record.ts';
import { roleShare } from '../model/role.ts';
import { completenessOf } from '../model/section-facts.ts';
import { useViewer } from '../model/viewer.ts';
import { Concerns } from './concerns.tsx';
import { Decision } from './decision.tsx';
import { ageWords, allergyExtra } from '../model/person.ts';
import { Facts } from '../parts/facts.tsx';
import { StatusTag } from '../parts/status-tag.tsx';
import { banner, states } from '../words.ts';

const Frame = styled('header')(({ theme }) => {
  const { ohc, primary, text } = theme.vars.palette;
  return {
    flex: 'none',
    backgroundColor: ohc.banner,
    color: text.primary,
    borderBottom: `2px solid ${primary.main}`,
    '--quiet': text.secondary,
    '&[data-deceased="true"]': {
      color: ohc.deceased.text,
      '--quiet': ohc.deceased.text,
      backgroundColor: ohc.deceased.ground,
      backgroundImage: `repeating-linear-gradient(0deg, transparent 0 3px, ${ohc.deceased.line} 3px 4px)`,
    },
  };
});

const Identity = styled('div')(({ theme }) => ({
  display: 'flex',
  flexWrap: 'wrap',
  alignItems: 'center',
  columnGap: theme.spacing(7),
  minHeight: 46,
  padding: theme.spacing(1, 4),
  '& h1': { ...theme.typography.h1, lineHeight: 1.2, margin: 0 },
  '& dl': { display: 'contents' },
  '& dl > div': { display: 'flex', gap: theme.spacing(1.5), alignItems: 'baseline' },
  '& dt': { ...theme.typography.body2, color: 'var(--quiet)' },
  '& dd': { ...theme.typography.h6 },
  [theme.breakpoints.down('md')]: {
    padding: theme.spacing(2, 3),
    columnGap: theme.spacing(4),
    rowGap: theme.spacing(0.5),
    '& h1': { flexBasis: '100%', fontSize: '1.125rem' },
    '& dd': { fontSize: '0.875rem' },
  },
}));

const Zone = styled('div')(({ theme }) => ({
  display: 'flex',
  alignItems: 'stretch',
  minHeight: 32,
  borderTop: `1px solid ${theme.vars.palette.ohc.bannerLine}`,
  paddingLeft: theme.spacing(1),
  // Wraps and hides nothing: the allergies stand last, and must be seen at any width (H2).
  flexWrap: 'wrap',
  '&[data-full="true"] .where': { display: 'none' },
  [theme.breakpoints.down('md')]: { minHeight: 36, paddingLeft: 0 },
}));

const Press = styled(ButtonBase)(({ theme }) => ({
  ...theme.typography.body2,
  gap: theme.spacing(1.75),
  minHeight: 32,
  padding: theme.spacing(0, 2.75),
  flex: 'none',
  maxWidth: '100%',
  borderRight: `1px solid ${theme.vars.palette.ohc.bannerLine}`,
  '&:last-of-type': { borderRight: 'none', flex: '1 1 260px', minWidth: 0, justifyContent: 'flex-start' },
  '& .value': { color: 'var(--quiet)' },
  // An address may be cut, since its panel has it whole; an allergy or a decision never (H7).
  '& .where': { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  '& .danger': { color: theme.vars.palette.ohc.status.danger.text },
  '& .agents': { minWidth: 0, textAlign: 'left', overflowWrap: 'anywhere' },
  '[data-deceased="true"] & .danger': { color: 'inherit' },
  '& strong': { whiteSpace: 'nowrap' },
  '& svg': { flex: 'none' },
  [theme.breakpoints.down('lg')]: { '& .where': { display: 'none' } },
  [theme.breakpoints.down('md')]: { '&:last-of-type': { flex: '0 1 auto' } },
  '&:focus-visible': { outlineOffset: -2, boxShadow: 'inset 0 0 0 4px var(--ohc-ring, #212B32)' },
}));

/** A button of the second zone that opens its panel. */
function ZoneButton(props: { readonly panel: ReactNode; readonly children: ReactNode }): ReactElement {
  const [anchor, setAnchor] = useState<HTMLElement>();
  return (
    <>
      <Press
        aria-haspopup="dialog"
        aria-expanded={anchor !== undefined}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        {props.children}
        <ExpandMoreIcon style={{ fontSize: 18 }} aria-hidden />
      </Press>
      {anchor !== undefined && (
        <Popover
          open
          anchorEl={anchor}
          onClose={() => setAnchor(undefined)}
          anchorOrigin={{ vertical: 'bottom', horizontal: 'left' }}
        >
          {props.panel}
        </Popover>
      )}
    </>
  );
}

/** Said where the contact would stand, first, for each that keeps it to itself. */
function restrictedFacts(person: Demographics): readonly (readonly [label: string, value: string])[] {
  return person.restrictedAt.map((at) => [at ?? banner.restricted, banner.hidden(at)]);
}

function AddressPanel({ person }: { readonly person: Demographics }): ReactElement {
  return (
    <Facts
      title={banner.address}
      facts={
        person.addresses.length === 0 && person.restrictedAt.length === 0
          ? [[banner.address, banner.notKnown]]
          : [
              ...restrictedFacts(person),
              ...person.addresses.map(
                (one, index) =>
                  [
                    [one.use ?? `Address ${index + 1}`, one.from === undefined ? undefined : `from ${one.from}`]
                      .filter((part) => part !== undefined)
                      .join(', '),
                    one.lines.join('\n'),
                  ] as const,
              ),
            ]
      }
    />
  );
}

function ContactPanel({ person }: { readonly person: Demographics }): ReactElement {
  return (
    <Facts
      title={banner.phone}
      facts={[
        ...restrictedFacts(person),
        ...(person.telecom.length === 0 && person.restrictedAt.length === 0
          ? [[banner.phone, banner.notKnown] as const]
          : person.telecom.map(
              (one, index) =>
                [
                  `${one.use ?? one.kind}${one.from === undefined ? '' : `, from ${one.from}`}${index > 0 ? ` (${index + 1})` : ''}`,
                  one.value,
                ] as const,
            )),
        ['Language', person.languages.length === 0 ? undefined : person.languages.join(', ')],
        ['Interpreter', person.interpreter ? 'Needed' : undefined],
      ]}
    />
  );
}

function Allergies({ facts }: { readonly facts: BannerFacts }): ReactElement {
  const { allergies } = facts;
  const known = allergies.kind === 'known';
  const extra = allergyExtra(allergies);
  return (
    <>
      {known && <WarningIcon className="danger" style={{ fontSize: 17 }} aria-hidden />}
      <strong className={known ? 'danger' : undefined}>{allergies.text}</strong>
      {known && <bdi className="agents">{allergies.agents.join(', ')}</bdi>}
      {extra !== undefined && <span className="value">{extra}</span>}
    </>
  );
}

/** Who this is, in the manner of the NHS Common User Interface. Always in view. */
export function Banner(): ReactElement | null {
  const { record, scopes, now, goTo, needPatientBanner } = useViewer();
  const wide = useMediaQuery((theme) => theme.breakpoints.up('md'));
  const person = record.patient;
  if (!needPatientBanner) return null;
  // Nobody has said yet who this is: blank, as the NHS CUI has it, and not "Not known", which would be an answer.
  if (person === undefined && record.status === 'asking')
    return (
      <Frame id="person" aria-busy="true">
        <Identity>
          <h1 aria-label={banner.waiting}>&nbsp;</h1>
        </Identity>
        <Zone />
      </Frame>
    );
  const { born, age, died, ageAtDeath } = ageWords(person, dayOf(now));
  const { escalation, alerts, mismatches } = record.banner;
  const alertsShare = roleShare('alerts', scopes);
  const digits = person?.nhsNumber;
  const restricted = (person?.restrictedAt.length ?? 0) > 0;
  return (
    <Frame id="person" data-deceased={person?.deceased ?? false}>
      <Identity>
        <h1>
          <bdi>{person?.name ?? banner.notKnown}</bdi>
        </h1>
        <dl>
          <div>
            <dt>{banner.born}</dt>
            <dd
              aria-label={person?.birthDate === undefined ? undefined : `${spokenDate(person.birthDate)} ${age ?? ''}`}
            >
              {born}
              {age === undefined || person?.deceased === true ? '' : ` (${age})`}
            </dd>
          </div>
          {person?.deceased === true && (
            <>
              <div>
                <dt>{banner.died}</dt>
                <dd>{died}</dd>
              </div>
              <div>
                <dt>{banner.ageAtDeath}</dt>
                <dd>{ageAtDeath ?? banner.notKnown}</dd>
              </div>
            </>
          )}
          <div>
            <dt>{banner.gender}</dt>
            <dd>{person?.gender ?? banner.notKnown}</dd>
          </div>
          <div>
            <dt>{banner.nhsNumber}</dt>
            <dd
              onCopy={(event) => {
                if (digits === undefined) return;
                event.clipboardData.setData('text/plain', digits);
                event.preventDefault();
              }}
            >
              {digits === undefined ? banner.notKnown : formatNhsNumber(digits)}
            </dd>
          </div>
        </dl>
        {person !== undefined && digits !== undefined && !person.nhsNumberVerified && (
          <StatusTag status="stale" words={banner.unverified} />
        )}
      </Identity>
      <Zone data-full={escalation.length > 0 || mismatches.length > 0 || restricted}>
        <Decision button={(onPress, children) => <Press onClick={onPress}>{children}</Press>} />
        <Concerns button={(panel, children) => <ZoneButton panel={panel}>{children}</ZoneButton>} />
        {person !== undefined && restricted && (
          <ZoneButton panel={<AddressPanel person={person} />}>
            <StatusTag status="critical" words={banner.restricted} />
          </ZoneButton>
        )}
        {mismatches.map((one) => (
          <Press key={one.field} onClick={() => goTo('about')}>
            <StatusTag status="conflict" words={banner.differ(one.field)} />
          </Press>
        ))}
        {wide && person !== undefined && (
          <>
            <ZoneButton panel={<AddressPanel person={person} />}>
              <strong>{banner.address}</strong>
              <bdi className="value where">{person.addresses[0]?.lines.slice(0, 2).join(', ') ?? banner.notKnown}</bdi>
            </ZoneButton>
            <ZoneButton panel={<ContactPanel person={person} />}>
              <strong>{banner.phone}</strong>
            </ZoneButton>
            <ZoneButton
              panel={
                <Facts
                  title={banner.practice}
                  facts={[
                    ['Name', person.practice?.name ?? banner.notKnown],
                    ['ODS code', person.practice?.ods],
                    ['Phone', person.practice?.phone],
                  ]}
                />
              }
            >
              <strong>{banner.practice}</strong>
              <bdi className="value where">{person.practice?.name ?? banner.notKnown}</bdi>
            </ZoneButton>
          </>
        )}
        {!wide && (
          <Press onClick={() => goTo('allergies')}>
            {record.banner.allergies.kind === 'known' && (
              <WarningIcon className="danger" style={{ fontSize: 17 }} aria-hidden />
            )}
            <strong className={record.banner.allergies.kind === 'known' ? 'danger' : undefined}>
              {record.banner.allergies.text}
            </strong>
            {record.banner.allergies.kind === 'known' && (
              <span className="value">{record.banner.allergies.agents.length}</span>
            )}
          </Press>
        )}
        <ZoneButton
          panel={
            <Facts
              title={banner.alerts}
              facts={
                alerts.length === 0
                  ? [['', alertsShare === 'none' ? states.role('alerts') : 'No alert has arrived so far.']]
                  : alerts.map((one) => [
                      one.row.dateText,
                      `${one.row.title} (${one.row.chips.map((chip) => chip.label).join(', ')})`,
                    ])
              }
            />
          }
        >
          {wide && <FlagIcon style={{ fontSize: 16 }} aria-hidden />}
          <strong>{banner.alerts}</strong>
          <span className="value">
            {alertsShare === 'none'
              ? states.notInRole
              : alerts.length === 0 && !completenessOf(record, 'alerts').whole
                ? states.zeroSoFar
                : alerts.length}
          </span>
        </ZoneButton>
        {!wide && person !== undefined && (
          <ZoneButton
            panel={
              <>
                <AddressPanel person={person} />
                <ContactPanel person={person} />
                <Facts title={banner.practice} facts={[['Name', person.practice?.name ?? banner.notKnown]]} />
              </>
            }
          >
            <strong>{banner.more}</strong>
          </ZoneButton>
        )}
        {wide && (
          <ZoneButton
            panel={
              <Facts
                title={record.banner.allergies.text}
                facts={[
                  ...record.banner.allergies.agents.map((agent, index) => [`${index + 1}`, agent] as const),
                  ['', allergyExtra(record.banner.allergies)],
                ]}
              />
            }
          >
            <Allergies facts={record.banner} />
          </ZoneButton>
        )}
      </Zone>
    </Frame>
  );
}
