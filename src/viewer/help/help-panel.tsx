import { styled } from '@mui/material/styles';
import { useEffect, useId, useState, type KeyboardEvent, type ReactElement, type ReactNode } from 'react';
import type { HelpTopic } from '../model/help.ts';
import { useViewer } from '../model/viewer.ts';
import { OutlinedButton } from '../parts/press.tsx';
import { closeKeys, keys, keysTitle, stops, tour } from './help-words.ts';

/** Stands in the flow above the section, so that it covers nothing of the record; scrolls by itself where there is little room. */
const Region = styled('section')(({ theme }) => ({
  flex: '0 1 auto',
  maxHeight: '45%',
  minHeight: 96,
  overflowY: 'auto',
  margin: theme.spacing(0, 4, 3),
  padding: theme.spacing(3),
  backgroundColor: theme.vars.palette.background.paper,
  border: `2px solid ${theme.vars.palette.primary.main}`,
  borderRadius: theme.shape.borderRadius,
  '& h2': { ...theme.typography.h2, outlineOffset: 2 },
  '& .quiet': { ...theme.typography.body2, fontWeight: 400, color: theme.vars.palette.text.secondary },
  '& p': { maxWidth: 720, marginBlock: theme.spacing(1, 2) },
  '& .foot': { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(2), alignItems: 'center' },
  '& .foot button': { paddingInline: theme.spacing(3) },
  '& .keys': { columns: '280px', columnGap: theme.spacing(6), marginBlock: theme.spacing(1, 2) },
  '& .keys > div': { breakInside: 'avoid' },
  '& .keys h3': { ...theme.typography.body2, fontWeight: 700, paddingTop: theme.spacing(1) },
  '& .keys dl': { display: 'grid', gridTemplateColumns: '112px 1fr', margin: 0 },
  '& .keys dt': { fontWeight: 700 },
  '& .keys dd': { margin: 0 },
}));

/** A ring around the part that the tour is about: drawn inside it, so that nothing moves and nothing is covered. */
const ring = '[data-toured] { outline: 3px solid var(--ohc-palette-primary-main); outline-offset: -3px; }';

/** Rings the first of these parts that is on the page. */
function useRing(at: readonly string[]): void {
  useEffect(() => {
    const part = at.map((one) => document.querySelector(one)).find((one) => one !== null);
    part?.setAttribute('data-toured', '');
    return () => part?.removeAttribute('data-toured');
  }, [at]);
}

const takeFocus = (element: HTMLElement | null): void => element?.focus();

/** The frame of any help: takes focus to its title at each `step`, closes on Esc, and gives focus back to where it was. */
function Framed(props: {
  readonly title: ReactNode;
  readonly step: number;
  readonly onClose: () => void;
  readonly children: ReactNode;
}): ReactElement {
  const { step, onClose } = props;
  const id = useId();
  const [before] = useState(() => document.activeElement);
  useEffect(
    () => () => {
      const back = before instanceof HTMLElement && before.isConnected && before !== document.body;
      (back ? before : document.querySelector<HTMLElement>('#section'))?.focus();
    },
    [before],
  );
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    onClose();
  };
  return (
    <Region aria-labelledby={id} onKeyDown={onKeyDown}>
      <h2 key={step} id={id} ref={takeFocus} tabIndex={-1}>
        {props.title}
      </h2>
      {props.children}
    </Region>
  );
}

function Tour({ onClose }: { readonly onClose: () => void }): ReactElement | null {
  const [step, setStep] = useState(0);
  const stop = stops[step];
  useRing(stop?.at ?? []);
  if (stop === undefined) return null;
  const last = step === stops.length - 1;
  return (
    <Framed
      step={step}
      onClose={onClose}
      title={
        <>
          {stop.title}{' '}
          <span className="quiet">
            {tour.title}, {tour.at(step + 1, stops.length)}
          </span>
        </>
      }
    >
      <style>{ring}</style>
      <p>{stop.text}</p>
      <div className="foot">
        {!last && <OutlinedButton onClick={() => setStep(step + 1)}>{tour.next}</OutlinedButton>}
        {step > 0 && <OutlinedButton onClick={() => setStep(step - 1)}>{tour.back}</OutlinedButton>}
        <OutlinedButton onClick={onClose}>{tour.end}</OutlinedButton>
      </div>
    </Framed>
  );
}

function Keys({ onClose }: { readonly onClose: () => void }): ReactElement {
  return (
    <Framed step={0} onClose={onClose} title={keysTitle}>
      <div className="keys">
        {keys.map(([where, lines]) => (
          <div key={where}>
            <h3>{where}</h3>
            <dl>
              {lines.map(([key, does]) => (
                <div key={key} style={{ display: 'contents' }}>
                  <dt>{key}</dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
      <div className="foot">
        <OutlinedButton onClick={onClose}>{closeKeys}</OutlinedButton>
      </div>
    </Framed>
  );
}

/** What helps to read the record, above the section and never over it. */
export function HelpPanel({ topic }: { readonly topic: HelpTopic }): ReactElement {
  const { help } = useViewer();
  return topic === 'tour' ? <Tour onClose={help.close} /> : <Keys onClose={help.close} />;
}
