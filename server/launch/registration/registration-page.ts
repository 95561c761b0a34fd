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

/** The form leads to the summary of errors, which takes focus so: `autofocus` does nothing in another site's frame. */
const summaryId = 'problem';

const lock = html`<svg class="lock" viewBox="0 0 16 16" aria-hidden="true">
  <path
    d="M5 7V5a3 3 0 0 1 6 0v2h.5c.8 0 1.5.7 1.5 1.5v4c0 .8-.7 1.5-1.5 1.5h-7A1.5 1.5 0 0 1 3 12.5v-4C3 7.7 3.7 7 4.5 7H5Zm1.5 0h3V5a1.5 1.5 0 0 0-3 0v2Z"
  />
</svg>`;
const mark = html`<svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
  <path d="M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm-.9 3.5v4.700h1.800V4.500H7.100Zm0 5.900v1.700h1.800v-1.700H7.100Z" />
</svg>`;

function locked(label: string, value: string, hostName: string): Html {
  return html`<div class="field">
    <p class="label">${label}</p>
    <p class="hint">From ${hostName}</p>
    <p class="locked">${lock}<span>${value}</span></p>
  </div>`;
}

type Shown = { readonly error: Html; readonly className: string; readonly describedBy: Html };

function shown(field: Field, hint: boolean, errors: readonly FieldError[]): Shown {
  const text = errors.find((one) => one.field === field)?.text;
  const ids = [...(hint ? [`${field}-hint`] : []), ...(text === undefined ? [] : [`${field}-error`])];
  return {
    error:
      text === undefined
        ? nothing
        : html`<p class="error" id="${field}-error">${mark}<span class="aloud">Error: </span>${text}</p>`,
    className: text === undefined ? 'field' : 'field wrong',
    describedBy: ids.length === 0 ? nothing : html` aria-describedby="${ids.join(' ')}"`,
  };
}

function invalid(errors: readonly FieldError[], field: Field): Html {
  return errors.some((one) => one.field === field) ? html` aria-invalid="true"` : nothing;
}

function choice(
  field: Field,
  label: string,
  hint: string | undefined,
  options: readonly { readonly value: string; readonly label: string }[],
  { typed, errors }: RegistrationView,
): Html {
  const { error, className, describedBy } = shown(field, hint !== undefined, errors);
  const only = options.length === 1 ? options[0]?.value : undefined;
  const chosen = typed[field] ?? only;
  return html`<div class="${className}">
    <label class="label" for="${field}">${label}</label>
    ${hint === undefined ? nothing : html`<p class="hint" id="${field}-hint">${hint}</p>`} ${error}
    <select id="${field}" name="${field}" ${describedBy} required${invalid(errors, field)}>
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
  const field = 'registrationNumber';
  const { error, className, describedBy } = shown(field, true, errors);
  // An empty value is left out: the field is then empty for a browser, and open for whatever fills forms in.
  const value = typed.registrationNumber === undefined ? nothing : html` value="${typed.registrationNumber}"`;
  const optional = offer.roles.some((role) => role.registration.length === 0);
  return html`${choice(
      'registrationBody',
      'Professional body',
      optional ? 'Where your role is registered with one' : undefined,
      offer.bodies.map((body) => ({ value: body, label: bodies[body].title })),
      view,
    )}
    <div class="${className}">
      <label class="label" for="${field}">Registration number</label>
      <p class="hint" id="${field}-hint">${numberHint(view)}</p>
      ${error}
      <input
        class="short"
        type="text"
        id="${field}"
        name="${field}"
        autocomplete="off"
        spellcheck="false"
        maxlength="40"
        ${describedBy}${invalid(errors, field)}${value}
      />
    </div>`;
}

function summary(errors: readonly FieldError[]): Html {
  if (errors.length === 0) return nothing;
  return html`<div class="summary" role="alert" tabindex="-1" id="${summaryId}" aria-labelledby="summary-title">
    <h2 id="summary-title">There is a problem</h2>
    <ul>
      ${errors.map(({ field, text }) => html`<li><a href="#${field}">${text}</a></li>`)}
    </ul>
  </div>`;
}

/** What the user is called: asked only where the host does not say. */
function name({ userName, hostName, offer, typed, errors }: RegistrationView): Html {
  if (offer.nameAsserted) return locked('Name', userName, hostName);
  const { error, className, describedBy } = shown('name', true, errors);
  const value = typed.name === undefined ? nothing : html` value="${typed.name}"`;
  return html`<div class="${className}">
    <label class="label" for="name">Name</label>
    <p class="hint" id="name-hint">As your colleagues know you, for example Dr Peter Okafor</p>
    ${error}
    <input
      type="text"
      id="name"
      name="name"
      autocomplete="name"
      spellcheck="false"
      maxlength="200"
      ${describedBy}${invalid(errors, 'name')}${value}
    />
  </div>`;
}

function promise({ typed, errors }: RegistrationView): Html {
  const { error, className, describedBy } = shown('promise', false, errors);
  const checked = typed.promise === undefined ? nothing : html` checked`;
  return html`<div class="${className} promise">
    ${error}
    <label
      ><input
        type="checkbox"
        id="promise"
        name="promise"
        value="yes"
        ${checked}${describedBy}${invalid(errors, 'promise')}
      />
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
    body: html`${summary(errors)}
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
