import PrintIcon from '@mui/icons-material/Print';
import Popover from '@mui/material/Popover';
import { styled } from '@mui/material/styles';
import { useState, type ReactElement } from 'react';
import { sectionIds, type SectionId } from '../../record/record.ts';
import { concernsOf } from '../model/safeguarded.ts';
import { useViewer } from '../model/viewer.ts';
import { FilledButton, OutlinedButton } from '../parts/press.tsx';
import { print as words, safeguarding, sectionWords } from '../words.ts';
import { printedFor, type Printed } from './printing.ts';

const Choices = styled('form')(({ theme }) => ({
  padding: theme.spacing(3),
  '& fieldset': { border: 0, margin: 0, padding: 0, columns: 2 },
  '& legend': { ...theme.typography.h2, paddingBottom: theme.spacing(2) },
  '& label': { display: 'flex', alignItems: 'center', gap: theme.spacing(2), minHeight: 28, breakInside: 'avoid' },
  '& button': { marginTop: theme.spacing(3) },
}));

/** What can be put on paper: the sections with rows of their own, and the timeline. */
const printable = sectionIds.filter((id) => id !== 'overview' && id !== 'about');

/** The button of the bar: chooses the sections, the one that is open chosen already, and prints them. */
export function PrintChoice({ onPrint }: { readonly onPrint: (chosen: Printed) => void }): ReactElement {
  const { section, record } = useViewer();
  const [told, setTold] = useState(false);
  const concerns = concernsOf(record).length;
  const [anchor, setAnchor] = useState<HTMLElement>();
  const [chosen, setChosen] = useState<readonly SectionId[]>([]);
  return (
    <>
      <OutlinedButton
        aria-label={words.button}
        aria-haspopup="dialog"
        aria-expanded={anchor !== undefined}
        onClick={(event) => {
          setChosen(printedFor(section));
          setTold(false);
          setAnchor(event.currentTarget);
        }}
      >
        <PrintIcon style={{ fontSize: 20 }} aria-hidden />
      </OutlinedButton>
      <Popover
        open={anchor !== undefined}
        anchorEl={anchor ?? null}
        onClose={() => setAnchor(undefined)}
        anchorOrigin={{ vertical: 'bottom', horizontal: 'right' }}
        transformOrigin={{ vertical: 'top', horizontal: 'right' }}
        transitionDuration={0}
        slotProps={{ paper: { role: 'dialog', 'aria-label': words.button } }}
      >
        <Choices
          onSubmit={(event) => {
            event.preventDefault();
            setAnchor(undefined);
            onPrint({ sections: printable.filter((id) => chosen.includes(id)), safeguarding: told });
          }}
        >
          <fieldset>
            <legend>{words.choose}</legend>
            {printable.map((id) => (
              <label key={id}>
                <input
                  type="checkbox"
                  checked={chosen.includes(id)}
                  onChange={(event) =>
                    setChosen(event.target.checked ? [...chosen, id] : chosen.filter((one) => one !== id))
                  }
                />
                {sectionWords[id].title}
              </label>
            ))}
          </fieldset>
          {concerns > 0 && (
            <label>
              <input type="checkbox" checked={told} onChange={(event) => setTold(event.target.checked)} />
              {safeguarding.print}
            </label>
          )}
          <FilledButton type="submit" disabled={chosen.length === 0}>
            {words.button}
          </FilledButton>
        </Choices>
      </Popover>
    </>
  );
}
