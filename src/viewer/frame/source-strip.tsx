import ExpandMoreIcon from '@mui/icons-material/ExpandMore';
import ButtonBase from '@mui/material/ButtonBase';
import useMediaQuery from '@mui/material/useMediaQuery';
import { styled } from '@mui/material/styles';
import { useState, type ReactElement } from 'react';
import { dayOf, formatTime } from '../../fhir/date.ts';
import { formatNhsNumber } from '../../fhir/nhs-number.ts';
import type { SourceState } from '../../record/record.ts';
import { Decision } from './decision.tsx';
import { noticesOn } from '../model/notices.ts';
import { ageWords } from '../model/person.ts';
import { asOfWords, countSources, endedOf, hasAnswered, isGap, reasonOf } from '../model/sources.ts';
import { useViewer } from '../model/viewer.ts';
import { NoticeLine } from '../parts/notice-line.tsx';
import { PressLink } from '../parts/press-link.tsx';
import { ClockIcon, SourceShape } from '../parts/shape.tsx';
import { StatusTag } from '../parts/status-tag.tsx';
import { hatching } from '../theme.ts';
import { banner, hostAlone, notice, strip } from '../words.ts';

const Frame = styled('section')(({ theme }) => ({
  ...theme.typography.body2,
  flex: 'none',
  display: 'flex',
  alignItems: 'center',
  gap: theme.spacing(3),
  minHeight: 36,
  padding: theme.spacing(0.5, 4),
  backgroundColor: theme.vars.palette.background.paper,
  borderBottom: `1px solid ${theme.vars.palette.divider}`,
  '& .group': { display: 'flex', alignItems: 'center', gap: theme.spacing(1.5) },
  '& .divided': { borderLeft: `1px solid ${theme.vars.palette.divider}`, paddingLeft: theme.spacing(3) },
  '& .end': { marginLeft: 'auto', display: 'flex', alignItems: 'center', gap: theme.spacing(3), whiteSpace: 'nowrap' },
  '& .quiet': { color: theme.vars.palette.text.secondary, whiteSpace: 'nowrap' },
  '& strong, & .value': { whiteSpace: 'nowrap' },
  [theme.breakpoints.down('lg')]: { minHeight: 32, padding: theme.spacing(0.5, 3), columnGap: theme.spacing(2) },
  [theme.breakpoints.down('md')]: { minHeight: 36 },
  flexWrap: 'wrap',
  rowGap: 0,
}));

const Blocks = styled('span')(({ theme }) => ({
  display: 'inline-flex',
  gap: 1,
  flex: 'none',
  '& span': {
    width: 8,
    height: 14,
    border: `1px solid ${theme.vars.palette.ohc.control}`,
    [theme.breakpoints.down('lg')]: { width: 5 },
    [theme.breakpoints.down('md')]: { width: 8 },
  },
  '& [data-answered="true"]': { backgroundColor: theme.vars.palette.ohc.control, printColorAdjust: 'exact' },
  '& [data-answered="false"]': hatching(theme.vars.palette.background.paper, theme.vars.palette.ohc.control, 2),
}));

/** One block an organisation: answered solid, not answered hatched. */
function Meter({
  sources,
  sentence,
}: {
  readonly sources: readonly SourceState[];
  readonly sentence: string;
}): ReactElement {
  const answered = sources.filter(hasAnswered).length;
  const order = sources.toSorted((a, b) => Number(hasAnswered(b)) - Number(hasAnswered(a)));
  return (
    <Blocks
      role="meter"
      aria-valuemin={0}
      aria-valuemax={sources.length}
      aria-valuenow={answered}
      aria-valuetext={sentence}
      aria-label={sentence}
    >
      {order.map((one) => (
        <span key={one.source.id} data-answered={hasAnswered(one)} />
      ))}
    </Blocks>
  );
}

/** Announced at the start, at each fourth answer, and at the end. */
function spokenCount(answered: number, all: number, asking: number): string {
  if (asking === 0) return strip.answered(answered, all);
  const step = Math.floor(answered / 4) * 4;
  return step === 0 ? strip.asking(all) : strip.answered(step, all);
}

const worst: readonly SourceState['status'][] = ['identity-mismatch', 'unavailable', 'timeout', 'partial'];

function Exception({ state, short }: { readonly state: SourceState; readonly short: boolean }): ReactElement {
  const words = short && state.status === 'timeout' ? 'no answer' : endedOf(state);
  const why = short || state.status !== 'partial' ? undefined : reasonOf(state);
  return (
    <StatusTag
      status="unknown"
      icon={<SourceShape setting={state.source.setting} />}
      words={`${state.source.label} ${words}${why === undefined ? '' : `: ${why}`}`}
      title={state.text === '' ? undefined : state.text}
    />
  );
}

function Stale({ state }: { readonly state: SourceState }): ReactElement {
  const { now } = useViewer();
  return (
    <StatusTag
      status="stale"
      icon={<SourceShape setting={state.source.setting} />}
      words={
        <span style={{ display: 'inline-flex', alignItems: 'center', gap: 4 }}>
          {state.source.label} <ClockIcon style={{ width: 13, height: 13 }} />
          {state.dataAsOf === undefined ? 'older than usual' : asOfWords(state.dataAsOf, now)}
        </span>
      }
    />
  );
}

const Notices = styled('ul')(({ theme }) => ({
  flexBasis: '100%',
  margin: 0,
  padding: theme.spacing(0.5, 0),
  listStyle: 'none',
}));

/** What the host's own banner may not know of the person, and what must not be missed for that (H1, H15, H23). */
function Cautions(): ReactElement {
  const { record, now } = useViewer();
  const { patient } = record;
  return (
    <>
      <Decision button={(onPress, children) => <PressLink onPress={onPress}>{children}</PressLink>} />
      {patient !== undefined && patient.restrictedAt.length > 0 && (
        <StatusTag status="critical" words={banner.restricted} title={banner.hidden(patient.restrictedAt[0])} />
      )}
      {patient?.deceased === true && (
        <strong>
          {banner.died} {ageWords(patient, dayOf(now)).died}
        </strong>
      )}
      {patient?.nhsNumber !== undefined && !patient.nhsNumberVerified && (
        <StatusTag status="stale" words={banner.unverified} />
      )}
      {record.banner.mismatches.map((one) => (
        <StatusTag key={one.field} status="conflict" words={banner.differ(one.field)} />
      ))}
    </>
  );
}

/** How the organisations stand, while they are asked and after: the exceptions in words, worst first. */
export function SourceStrip(): ReactElement {
  const { record, region, launchView, now, askedAt, askAgain, tryAgain, close, goTo, section, needPatientBanner } =
    useViewer();
  const wide = useMediaQuery((theme) => theme.breakpoints.up('lg'));
  const narrow = useMediaQuery((theme) => theme.breakpoints.down('md'));
  const [unfolded, setUnfolded] = useState(false);
  const { all, asking, answered, gaveRecord, gaveNone } = countSources(record);
  const full = asking === all ? strip.asking(all) : strip.answered(answered, all);
  const sentence =
    asking === all
      ? full
      : narrow
        ? strip.answeredNarrow(answered, all)
        : wide
          ? full
          : strip.answeredShort(answered, all);
  const gaps = record.sources.filter(isGap).toSorted((a, b) => worst.indexOf(a.status) - worst.indexOf(b.status));
  const stale = record.sources.filter((one) => one.stale && !isGap(one));
  const minutes = Math.floor((now - askedAt) / 60_000);
  const most = wide ? 3 : 2;
  const unsaid = gaps.length - most;
  const notices = noticesOn(region.notices, now, [section]);
  const alone = launchView?.hostAlone === true ? launchView.hostSource : undefined;
  const exceptions = (
    <>
      {alone !== undefined && (
        <div className="group divided">
          <StatusTag status="unknown" words={hostAlone(alone.name)} />
        </div>
      )}
      {alone === undefined && gaps.length > 0 && (
        <div className="group divided">
          {gaps.slice(0, most).map((one) => (
            <Exception key={one.source.id} state={one} short={!wide && !narrow} />
          ))}
          {unsaid > 0 && <PressLink onPress={() => goTo('about')}>{strip.andMore(unsaid)}</PressLink>}
          <PressLink onPress={tryAgain}>{strip.tryAgain}</PressLink>
        </div>
      )}
      {stale.length > 0 && (
        <div className="group divided">
          {stale.map((one) => (
            <Stale key={one.source.id} state={one} />
          ))}
        </div>
      )}
    </>
  );
  return (
    <Frame aria-label={strip.region} id="organisations" tabIndex={-1}>
      {!needPatientBanner && (
        <div className="group" id="person" style={{ flexWrap: 'wrap' }}>
          <strong>
            <bdi>{record.patient?.name}</bdi>
          </strong>
          <span className="quiet">
            NHS No. {record.patient?.nhsNumber === undefined ? 'Not known' : formatNhsNumber(record.patient.nhsNumber)}
          </span>
          <Cautions />
        </div>
      )}
      {minutes >= 15 && (
        <div className="group">
          <StatusTag status="stale" words={strip.old(formatTime(askedAt), minutes)} />
          <PressLink onPress={askAgain}>{strip.askAgain}</PressLink>
        </div>
      )}
      <div className={needPatientBanner ? 'group' : 'group divided'}>
        <Meter sources={record.sources} sentence={full} />
        <strong style={{ marginLeft: 4 }} aria-hidden>
          {sentence}
        </strong>
        <span
          role="status"
          style={{ position: 'absolute', width: 1, height: 1, overflow: 'hidden', clipPath: 'inset(50%)' }}
        >
          {spokenCount(answered, all, asking)}
        </span>
      </div>
      {!narrow && exceptions}
      {wide && gaveRecord + gaveNone > 0 && asking === 0 && (
        <span className="quiet divided">{strip.gave(gaveRecord, gaveNone)}</span>
      )}
      <div className="end">
        {region.test && !narrow && <strong className="quiet">{strip.test}</strong>}
        {narrow ? (
          <ButtonBase
            aria-expanded={unfolded}
            aria-label={strip.details}
            onClick={() => setUnfolded(!unfolded)}
            style={{ minHeight: 24, gap: 8, font: 'inherit' }}
          >
            {alone !== undefined && <StatusTag status="unknown" words={hostAlone(alone.label)} />}
            {alone === undefined && gaps.length > 0 && <StatusTag status="unknown" words={strip.hasNot(gaps.length)} />}
            <ExpandMoreIcon style={{ fontSize: 18 }} aria-hidden />
          </ButtonBase>
        ) : (
          <PressLink onPress={() => goTo('about')}>{wide ? strip.shares : strip.details}</PressLink>
        )}
        <PressLink onPress={close}>{strip.close}</PressLink>
      </div>
      {region.test && narrow && (
        <strong className="quiet" style={{ flexBasis: '100%' }}>
          {strip.test}
        </strong>
      )}
      {narrow && unfolded && (
        <div className="group" style={{ flexBasis: '100%', flexWrap: 'wrap', paddingBlock: 4 }}>
          {gaps.map((one) => (
            <Exception key={one.source.id} state={one} short={false} />
          ))}
          {stale.map((one) => (
            <Stale key={one.source.id} state={one} />
          ))}
          {gaps.length > 0 && <PressLink onPress={tryAgain}>{strip.tryAgain}</PressLink>}
          <PressLink onPress={() => goTo('about')}>{strip.shares}</PressLink>
        </div>
      )}
      {notices.length > 0 && (
        <Notices aria-label={notice.label}>
          {notices.map((one) => (
            <li key={`${one.from} ${one.text}`}>
              <NoticeLine notice={one} />
            </li>
          ))}
        </Notices>
      )}
    </Frame>
  );
}
