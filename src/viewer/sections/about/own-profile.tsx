import { styled } from '@mui/material/styles';
import { useEffect, useId, useState, type FormEvent, type ReactElement } from 'react';
import { bodies, bodyOf, nameError, readName, readNumber, type Body } from '../../../fhir/registration-body.ts';
import type { OwnProfile, Profile } from '../../../launch/own-profile.ts';
import { useViewer } from '../../model/viewer.ts';
import { Panel } from '../../parts/panel.tsx';
import { OutlinedButton } from '../../parts/press.tsx';
import { own as words } from '../../words.ts';

const Form = styled('form')(({ theme }) => ({
  padding: theme.spacing(1, 3, 3),
  display: 'flex',
  flexWrap: 'wrap',
  gap: theme.spacing(3, 6),
  alignItems: 'flex-start',
  '& > *': { minWidth: 0 },
  '& label, & .label': { display: 'block', fontWeight: 700 },
  '& .hint': { ...theme.typography.body2, color: theme.vars.palette.text.secondary },
  '& .error': { ...theme.typography.body2, fontWeight: 700, color: theme.vars.palette.ohc.status.danger.text },
  '& input, & select': {
    ...theme.typography.body1,
    display: 'block',
    minHeight: 32,
    width: 240,
    maxWidth: '100%',
    marginTop: theme.spacing(1),
    padding: theme.spacing(0, 2),
    color: theme.vars.palette.text.primary,
    backgroundColor: theme.vars.palette.background.paper,
    border: `1px solid ${theme.vars.palette.ohc.control}`,
    borderRadius: theme.shape.borderRadius,
  },
  '& [aria-invalid="true"]': { border: `2px solid ${theme.vars.palette.ohc.status.danger.border}` },
  '& .save': { flexBasis: '100%', display: 'flex', alignItems: 'center', gap: theme.spacing(3), flexWrap: 'wrap' },
}));

/** What the host says, or the user cannot change here: the value, and whose it is. */
function Locked(props: { readonly label: string; readonly from: string; readonly value: string }): ReactElement {
  return (
    <div>
      <span className="label">{props.label}</span>
      <span className="hint">{props.from}</span>
      <div>
        <bdi>{props.value}</bdi>
      </div>
    </div>
  );
}

function Field(props: {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (value: string) => void;
}): ReactElement {
  const id = useId();
  const described = [props.hint === undefined ? '' : `${id}-hint`, props.error === undefined ? '' : `${id}-error`];
  return (
    <div>
      <label htmlFor={id}>{props.label}</label>
      {props.hint !== undefined && (
        <span className="hint" id={`${id}-hint`}>
          {props.hint}
        </span>
      )}
      {props.error !== undefined && (
        <div className="error" id={`${id}-error`}>
          {props.error}
        </div>
      )}
      <input
        id={id}
        value={props.value}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        aria-describedby={described.join(' ').trim() || undefined}
        aria-invalid={props.error !== undefined}
        onChange={(event) => props.onChange(event.target.value)}
      />
    </div>
  );
}

type Errors = { readonly name?: string; readonly number?: string; readonly all?: string };

function Corrections(props: {
  readonly profile: Profile;
  readonly own: OwnProfile;
  readonly onSaved: (profile: Profile) => void;
}): ReactElement {
  const { profile, own, onSaved } = props;
  const { launchView } = useViewer();
  const said = launchView?.own?.said ?? [];
  const allowed = launchView?.own?.bodies ?? [];
  const from = words.from(launchView?.hostName ?? '');
  const [name, setName] = useState(profile.name);
  const [body, setBody] = useState<Body | undefined>(profile.registration?.body ?? allowed[0]);
  const [number, setNumber] = useState(profile.registration?.number ?? '');
  const [errors, setErrors] = useState<Errors>({});
  const [state, setState] = useState<'idle' | 'saving' | 'saved'>('idle');
  const mayName = said.includes('name');
  const mayNumber = said.includes('registration') && allowed.length > 0;

  const save = async (): Promise<void> => {
    const newName = mayName ? readName(name) : profile.name;
    const newNumber = mayNumber && body !== undefined ? readNumber(body, number) : undefined;
    const wrong: Errors = {
      ...(newName === undefined ? { name: nameError } : {}),
      ...(mayNumber && newNumber === undefined ? { number: body === undefined ? '' : bodies[body].error } : {}),
    };
    setErrors(wrong);
    setState('idle');
    if (newName === undefined || Object.keys(wrong).length > 0) return;
    setState('saving');
    const registration =
      body !== undefined && newNumber !== undefined ? { body, number: newNumber } : profile.registration;
    const answer = await own.correct({ name: newName, registration });
    if ('refused' in answer) {
      setErrors({ all: answer.refused });
      setState('idle');
      return;
    }
    setState('saved');
    onSaved(answer);
  };

  return (
    <Form
      noValidate
      aria-label={words.title}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        if (state !== 'saving') void save();
      }}
    >
      {mayName ? (
        <Field label={words.name} value={name} error={errors.name} onChange={setName} />
      ) : (
        <Locked label={words.name} from={from} value={profile.name} />
      )}
      <Locked label={words.organisation} from={from} value={launchView?.organisation.name ?? ''} />
      <Locked
        label={words.role}
        from={launchView?.declaredRole === undefined ? words.cannotChange : words.unconfirmed}
        value={(launchView?.declaredRole ?? launchView?.role)?.title ?? ''}
      />
      {mayNumber && allowed.length > 1 && (
        <div>
          <label htmlFor="own-body">{words.body}</label>
          <select id="own-body" value={body} onChange={(event) => setBody(bodyOf(event.target.value))}>
            {allowed.map((one) => (
              <option key={one} value={one}>
                {bodies[one].title}
              </option>
            ))}
          </select>
        </div>
      )}
      {mayNumber && body !== undefined && (
        <Field
          label={allowed.length > 1 ? words.number : words.numberOf(body)}
          hint={`${bodies[body].hint}, for example ${bodies[body].example}`}
          value={number}
          error={errors.number}
          onChange={setNumber}
        />
      )}
      {!mayNumber && profile.registration !== undefined && (
        <Locked label={words.numberOf(profile.registration.body)} from={from} value={profile.registration.number} />
      )}
      {(mayName || mayNumber) && (
        <div className="save">
          <OutlinedButton type="submit" style={{ paddingInline: 12 }}>
            {words.save}
          </OutlinedButton>
          <span role="status">
            {errors.all !== undefined && <span className="error">{errors.all}</span>}
            {state === 'saved' && words.saved}
          </span>
        </div>
      )}
    </Form>
  );
}

/** Who the user is to the audit trail: what their host says, and what they said themselves and may correct. */
export function OwnProfilePanel(): ReactElement | null {
  const { own } = useViewer();
  const [profile, setProfile] = useState<Profile>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let here = true;
    own?.read().then(
      (read) => here && setProfile(read),
      () => here && setFailed(true),
    );
    return () => {
      here = false;
    };
  }, [own]);
  if (own === undefined) return null;
  return (
    <Panel title={words.title}>
      <p style={{ padding: '0 12px 4px' }}>{words.what}</p>
      {profile !== undefined && <Corrections profile={profile} own={own} onSaved={setProfile} />}
      {profile === undefined && (
        <p role="status" style={{ padding: '0 12px 12px' }}>
          {failed ? words.failed : words.loading}
        </p>
      )}
    </Panel>
  );
}
