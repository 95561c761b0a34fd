import { Fault, type FaultCode, undecidedWords } from '../../fault.ts';

/** What a page says about a refusal: its status, its title, what happened, what to do next. */
export type Refusal = {
  readonly status: number;
  readonly title: string;
  readonly text: string;
  readonly next: readonly string[];
  /** One thing to press: the same link wherever the page stands. */
  readonly link?: { readonly href: string; readonly text: string };
  /** It stands in a window of its own, never in a host's frame. */
  readonly alone?: boolean;
  /** Seconds after which it is worth while to come again. */
  readonly retryAfter?: number;
};

const again = 'Open One Health and Care again from your own system.';
const tellThem = 'If it happens again, tell the people who look after your own system.';
const title = 'The record could not be opened';

const signInAgain = { href: '/launch', text: 'Sign in again' };

const refusals = {
  'context-malformed': {
    status: 400,
    title,
    text: 'Your own system asked for the record in a way that One Health and Care does not understand.',
    next: [again, tellThem],
  },
  'context-signature': {
    status: 403,
    title,
    text: 'It could not be proved that this request came from your own system.',
    next: [again, tellThem],
  },
  'context-issuer': {
    status: 403,
    title,
    text: 'The system that asked for the record is not registered with One Health and Care.',
    next: ['Tell the people who look after your own system.'],
  },
  'context-audience': {
    status: 403,
    title,
    text: 'This request was meant for another service.',
    next: [again, tellThem],
  },
  'context-expired': {
    status: 403,
    title: 'This request has run out',
    text: 'A request for a record works for a few minutes, and this one is too old. It may also be that the clock of your own system is wrong.',
    next: [again, tellThem],
  },
  'context-replayed': {
    status: 403,
    title: 'This request has been used',
    text: 'A request for a record works once, and this one was used before.',
    next: [again],
  },
  'context-role': {
    status: 403,
    title,
    text: 'The role that your own system gave you cannot be used here.',
    next: ['Ask the people who look after your own system to check your role.'],
  },
  'context-client': {
    status: 403,
    title,
    text: 'The app that was asked for is not registered with One Health and Care, or its registration has ended.',
    next: ['Tell the people who look after your own system.'],
  },
  'nhs-number-invalid': {
    status: 400,
    title: 'The NHS number is not valid',
    text: 'The NHS number that your own system gave has a wrong digit, is not one, or is not the only one.',
    next: ['Check in your own system that the NHS number is right.', again],
  },
  'nhs-number-missing': {
    status: 400,
    title: 'This person has no NHS number',
    text: 'The person who is open in your own system has no NHS number there, so their records at other organisations cannot be found.',
    next: [
      'Check in your own system that the right person is open.',
      'If you know their NHS number, have it entered in your own system.',
      again,
    ],
  },
  'birth-date-differs': {
    status: 403,
    title: 'The birth date does not match',
    text: 'The birth date in your own system is not the one that the NHS holds for this NHS number, so nothing is shown.',
    next: [
      'Check in your own system that the right person is open.',
      'Check their NHS number and birth date with the person.',
      again,
    ],
  },
  'host-answer': {
    status: 403,
    title,
    text: 'Your own system answered in a way that One Health and Care cannot trust, so nothing is shown.',
    next: [again, tellThem],
  },
  'sign-in-failed': {
    status: 403,
    title: 'You could not be signed in',
    text: 'Your sign-in was not finished, or could not be checked.',
    next: ['Sign in again.', tellThem],
  },
  'sign-in-not-allowed': {
    status: 403,
    title: 'Your sign-in does not allow this',
    text: 'Your sign-in has no role that may open records here, or it was not strong enough.',
    next: ['Sign in with your smartcard or security key.', 'Ask the people who look after your roles to check them.'],
    link: signInAgain,
  },
  'sign-in-ended': {
    status: 403,
    title: 'Your session has ended',
    text: 'You signed out, or did nothing for a while, or were signed in for a whole shift.',
    next: ['Sign in again.'],
    link: signInAgain,
    alone: true,
  },
  'sign-in-elsewhere': {
    status: 403,
    title: 'This sign-in was begun somewhere else',
    text: 'A sign-in is finished in the browser window in which it was begun. This one was not, or this browser keeps no cookies.',
    next: [again, tellThem],
  },
  'link-malformed': {
    status: 400,
    title,
    text: 'The link from your own system could not be read. It may have been changed or cut.',
    next: [again, tellThem],
  },
  'link-stale': {
    status: 403,
    title: 'This link has run out',
    text: 'A link to a record works for a few minutes, and this one is too old.',
    next: [again],
  },
  'person-not-found': {
    status: 404,
    title: 'No record was opened',
    text: 'Check what you typed. If it is right, this person’s information is not available in One Health and Care.',
    next: [
      'Check the NHS number and the birth date with the person.',
      'Phone or email the organisations that care for them. They can still share what you need.',
    ],
    // Back to the form from which it came, whichever that is, and nothing of it in the page.
    link: { href: '?again', text: 'Search again' },
    alone: true,
  },
  'user-stopped': {
    status: 429,
    title: 'Wait before you try again',
    text: 'Several searches in a short time found no record that you may open, so searching is stopped for ten minutes.',
    next: ['Wait ten minutes.', 'If the person needs care now, phone the organisations that care for them.'],
    alone: true,
    retryAfter: 600,
  },
  'in-a-frame': {
    status: 403,
    title: 'Open this in a window of its own',
    text: 'Signing in works only in a window of its own, not inside another page.',
    next: ['Open One Health and Care in a new browser window.'],
  },
  'ticket-unknown': {
    status: 403,
    title: 'This page can no longer be used',
    text: 'It works once, and for ten minutes.',
    next: [again],
  },
  'too-large': {
    status: 413,
    title,
    text: 'What was sent is far larger than a request for a record can be.',
    next: [again, tellThem],
  },
  'too-many': {
    status: 429,
    title: 'Too many requests',
    text: 'Your own system has asked for too many records in a short time.',
    next: ['Wait a minute.', again],
  },
  'handle-unknown': {
    status: 400,
    title: 'This launch can no longer be used',
    text: 'A launch works once, and for one minute.',
    next: [again],
  },
  'invalid-request': {
    status: 400,
    title: 'There is no record to open here',
    text: 'One Health and Care opens from the system in which you look after the person.',
    next: ['Open the person in your own system, and open One Health and Care from there.'],
  },
  'not-found': {
    status: 404,
    title: 'There is no page here',
    text: 'One Health and Care opens from the system in which you look after the person.',
    next: [again],
  },
  undecided: {
    status: 503,
    title: 'This record cannot be shown just now',
    text: undecidedWords,
    next: [],
    retryAfter: 60,
  },
} as const satisfies Partial<Record<FaultCode, Refusal>>;

const other: Refusal = {
  status: 500,
  title: 'Something went wrong',
  text: 'One Health and Care could not open the record. Nothing has been shown.',
  next: ['Wait a minute.', again],
};

/** The codes that this room refuses with. */
export type RefusalCode = keyof typeof refusals;

/** What the page of a fault says; the same for every cause that has no words of its own. */
export function refusalOf(code: FaultCode): Refusal {
  return code in refusals ? refusals[code as RefusalCode] : other;
}

/** A fault with the fixed words of its code: nothing that came from outside is in what a person reads. */
export function refuse(code: RefusalCode, detail: string, cause?: unknown): Fault {
  return new Fault(code, refusals[code].text, { detail, ...(cause === undefined ? {} : { cause }) });
}
