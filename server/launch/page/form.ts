import { html, nothing, type Html } from './html.ts';

/** One thing to mend in a form: which field, and in words how. */
export type Mistake<Field extends string> = { readonly field: Field; readonly text: string };

/** The form leads to the summary of errors, which takes focus so: `autofocus` does nothing in another site's frame. */
export const summaryId = 'problem';

const mark = html`<svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
  <path d="M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm-.9 3.5v4.700h1.800V4.500H7.100Zm0 5.900v1.700h1.800v-1.700H7.100Z" />
</svg>`;

/** All that is wrong with a form, each a link to its field. `idOf` gives the id of a field's first control. */
export function errorSummary<Field extends string>(
  errors: readonly Mistake<Field>[],
  idOf: (field: Field) => string = (field) => field,
): Html {
  if (errors.length === 0) return nothing;
  return html`<div class="summary" role="alert" tabindex="-1" id="${summaryId}" aria-labelledby="summary-title">
    <h2 id="summary-title">There is a problem</h2>
    <ul>
      ${errors.map(({ field, text }) => html`<li><a href="#${idOf(field)}">${text}</a></li>`)}
    </ul>
  </div>`;
}

/** How a field stands: its class, its error above it, and what describes it. */
export type FieldState = {
  readonly className: string;
  readonly error: Html;
  /** Attributes of the control, or of the fieldset of several. */
  readonly describedBy: Html;
  readonly invalid: Html;
};

/** How a field stands with these errors; `hint`: it has one, whose id is the field's and `-hint`. */
export function fieldState<Field extends string>(
  field: Field,
  hint: boolean,
  errors: readonly Mistake<Field>[],
): FieldState {
  const text = errors.find((one) => one.field === field)?.text;
  const ids = [...(hint ? [`${field}-hint`] : []), ...(text === undefined ? [] : [`${field}-error`])];
  return {
    className: text === undefined ? 'field' : 'field wrong',
    error:
      text === undefined
        ? nothing
        : html`<p class="error" id="${field}-error">${mark}<span class="aloud">Error: </span>${text}</p>`,
    describedBy: ids.length === 0 ? nothing : html` aria-describedby="${ids.join(' ')}"`,
    invalid: text === undefined ? nothing : html` aria-invalid="true"`,
  };
}

/** A line of text to fill in, with its label and what is wrong with it. */
export function textField<Field extends string>(given: {
  readonly field: Field;
  readonly label: string;
  readonly hint?: string;
  readonly value: string | undefined;
  readonly errors: readonly Mistake<Field>[];
  readonly maxLength: number;
  /** What the browser may fill in; nothing where it is not said. */
  readonly autocomplete?: 'name';
  readonly numeric?: boolean;
  readonly short?: boolean;
}): Html {
  const { field, label, hint, value, errors, maxLength } = given;
  const { className, error, describedBy, invalid } = fieldState(field, hint !== undefined, errors);
  return html`<div class="${className}">
    <label class="label" for="${field}">${label}</label>
    ${hint === undefined ? nothing : html`<p class="hint" id="${field}-hint">${hint}</p>`} ${error}
    <input
      ${given.short === true ? html`class="short"` : nothing}
      type="text"
      id="${field}"
      name="${field}"
      autocomplete="${given.autocomplete ?? 'off'}"
      spellcheck="false"
      maxlength="${maxLength}"
      ${given.numeric === true ? html`inputmode="numeric"` : nothing}
      ${describedBy}${invalid}${value === undefined ? nothing : html` value="${value}"`}
    />
  </div>`;
}

/** Choices of which one is to be made, as radio buttons under a legend. The first has the field's name as its id. */
export function radioField<Field extends string>(given: {
  readonly field: Field;
  readonly legend: string;
  readonly hint?: string;
  readonly options: readonly { readonly value: string; readonly label: string; readonly hint?: string }[];
  readonly chosen: string | undefined;
  readonly errors: readonly Mistake<Field>[];
}): Html {
  const { field, legend, hint, options, chosen, errors } = given;
  const { className, error, describedBy } = fieldState(field, hint !== undefined, errors);
  return html`<fieldset class="${className}" ${describedBy}>
    <legend class="label">${legend}</legend>
    ${hint === undefined ? nothing : html`<p class="hint" id="${field}-hint">${hint}</p>`} ${error}
    ${options.map(({ value, label, hint: more }, index) => {
      const id = index === 0 ? field : `${field}-${index + 1}`;
      return html`<div class="radio">
        <input
          type="radio"
          id="${id}"
          name="${field}"
          value="${value}"
          ${more === undefined ? nothing : html` aria-describedby="${id}-hint"`}${
            value === chosen ? html` checked` : nothing
          }
        />
        <label for="${id}">${label}</label>
        ${more === undefined ? nothing : html`<p class="hint" id="${id}-hint">${more}</p>`}
      </div>`;
    })}
  </fieldset>`;
}

/** A day in three fields, the way people know it: they are not asked for a form of date, nor given a calendar. */
export function dayField<Field extends string>(given: {
  readonly field: Field;
  readonly legend: string;
  readonly hint: string;
  readonly value: { readonly day?: string; readonly month?: string; readonly year?: string };
  readonly errors: readonly Mistake<Field>[];
}): Html {
  const { field, legend, hint, value, errors } = given;
  const { className, error, describedBy, invalid } = fieldState(field, true, errors);
  const part = (name: 'day' | 'month' | 'year', label: string): Html => {
    const filled = value[name];
    return html`<div>
      <label for="${field}-${name}">${label}</label>
      <input
        class="${name}"
        type="text"
        inputmode="numeric"
        id="${field}-${name}"
        name="${field}-${name}"
        autocomplete="off"
        maxlength="${name === 'year' ? 4 : 2}"
        ${invalid}${filled === undefined ? nothing : html` value="${filled}"`}
      />
    </div>`;
  };
  return html`<fieldset class="${className}" ${describedBy}>
    <legend class="label">${legend}</legend>
    <p class="hint" id="${field}-hint">${hint}</p>
    ${error}
    <div class="day-parts">${part('day', 'Day')} ${part('month', 'Month')} ${part('year', 'Year')}</div>
  </fieldset>`;
}
