import { errorSummary, fieldState, summaryId, textField } from '../page/form.ts';
import { html, nothing, type Html } from '../page/html.ts';
import { page } from '../page/page.ts';
import { bodies, bodyOf } from './registration-body.ts';
import type { Field, FieldError, Offer, Typed } from './registration.ts';

/** What the name-and-role page shows. */
export type RegistrationView = {
  readonly ticket: string;
  readonly userName: string;
  readonly organisation: string;
  /** The host's name: what it gave is marked "From …". */
  readonly hostName: string;
  readonly offer: Offer;
  readonly typed: Typed;
  readonly errors: readonly FieldError[];
};

const lock = html`<svg class="lock" viewBox="0 0 16 16" aria-hidden="true">
  <path
    d="M5 7V5a3 3 0 0 1 6 0v2h.5c.8 0 1.5.7 1.5 1.5v4c0 .8-.7 1.5-1.5 1.5h-7A1.5 1.5 0 0 1 3 12.5v-4C3 7.7 3.7 7 4.5 7H5Zm1.5 0h3V5a1.5 1.5 0 0 0-3 0v2Z"
  />
</svg>`;
function locked(label: string, value: string, hostName: string): Html {
  return html`<div class="field">
    <p class="label">${label}</p>
    <p class="hint">From ${hostName}</p>
    <p class="locked">${lock}<span>${value}</span></p>
  </div>`;
}

function choice(
  field: Field,
  label: string,
  hint: string | undefined,
  options: readonly { readonly value: string; readonly label: string }[],
  { typed, errors }: RegistrationView,
): Html {
  const { error, className, describedBy, invalid } = fieldState(field, hint !== undefined, errors);
  const only = options.length === 1 ? options[0]?.value : undefined;
  const chosen = typed[field] ?? only;
  return html`<div class="${className}">
    <label class="label" for="${field}">${label}</label>
    ${hint === undefined ? nothing : html`<p class="hint" id="${field}-hint">${hint}</p>`} ${error}
    <select id="${field}" name="${field}" ${describedBy} required${invalid}>
      ${only === undefined ? html`<option value="">Choose</option>` : nothing}
      ${options.map((option) =>
        option.value === chosen
          ? html`<option value="${option.value}" selected>${option.label}</option>`
          : html`<option value="${option.value}">${option.label}</option>`,
      )}
    </select>
  </div>`;
}

function numberHint({ offer, typed }: RegistrationView): string {
  const body = bodyOf(typed.registrationBody ?? '') ?? (offer.bodies.length === 1 ? offer.bodies[0] : undefined);
  if (body !== undefined) return `${bodies[body].hint}, for example ${bodies[body].example}`;
  return `As it stands on the register, for example ${offer.bodies.map((one) => `${bodies[one].example} (${one})`).join(', ')}`;
}

function professional(view: RegistrationView): Html {
  const { offer, typed, errors, hostName } = view;
  if (offer.bodies.length === 0) return nothing;
  const asserted = offer.registrationAsserted;
  if (asserted !== undefined) {
    return html`${locked('Professional body', bodies[asserted.body].title, hostName)}
    ${locked('Registration number', asserted.number, hostName)}`;
  }
  const optional = offer.roles.some((role) => role.registration.length === 0);
  return html`${choice(
    'registrationBody',
    'Professional body',
    optional ? 'Where your role is registered with one' : undefined,
    offer.bodies.map((body) => ({ value: body, label: bodies[body].title })),
    view,
  )}
  ${textField({
    field: 'registrationNumber',
    label: 'Registration number',
    hint: numberHint(view),
    value: typed.registrationNumber,
    errors,
    maxLength: 40,
    short: true,
  })}`;
}

/** What the user is called: asked only where the host does not say. */
function name({ userName, hostName, offer, typed, errors }: RegistrationView): Html {
  if (offer.nameAsserted) return locked('Name', userName, hostName);
  return textField({
    field: 'name',
    label: 'Name',
    hint: 'As your colleagues know you, for example Dr Peter Okafor',
    value: typed.name,
    errors,
    maxLength: 200,
    autocomplete: 'name',
  });
}

function promise({ typed, errors }: RegistrationView): Html {
  const { error, className, describedBy, invalid } = fieldState('promise', false, errors);
  const checked = typed.promise === undefined ? nothing : html` checked`;
  return html`<div class="${className} promise">
    ${error}
    <label
      ><input type="checkbox" id="promise" name="promise" value="yes" ${checked}${describedBy}${invalid} />
      <span>I will open records only to care for the person. I know that every look is recorded.</span></label
    >
  </div>`;
}

/** The name-and-role page: a plain form that needs no script, no cookie and no storage. */
export function registrationPage(view: RegistrationView): string {
  const { ticket, organisation, hostName, offer, errors } = view;
  const [only] = offer.roles;
  const role =
    offer.roleAsserted && only !== undefined
      ? locked('Your role', only.title, hostName)
      : choice(
          'role',
          'Your role',
          'Roles that your organisation allows you',
          offer.roles.map((one) => ({ value: one.code, label: one.title })),
          view,
        );
  const right = professional(view);
  return page({
    title: errors.length === 0 ? 'Tell us who you are' : 'Error: Tell us who you are',
    body: html`${errorSummary(errors)}
      <h1>Tell us who you are</h1>
      <p>You are asked once. What you enter is shown to the people who check who has looked at records.</p>
      <form method="post" action="/launch/registration#${summaryId}" novalidate>
        <input type="hidden" name="ticket" value="${ticket}" />
        <div class="columns">
          <div>${name(view)} ${locked('Organisation', organisation, hostName)} ${role}</div>
          ${right === nothing ? nothing : html`<div>${right}</div>`}
        </div>
        ${promise(view)}
        <button type="submit">Save and open the record</button>
      </form>`,
  });
}
