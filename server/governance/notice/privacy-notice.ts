import { contributorsOf, neverShownSentence, type Config } from '../../config/config.ts';
import { html } from '../../launch/page/html.ts';
import { complaints, email, list, noticePage, noticePaths, phone } from './notice.ts';

/** The privacy notice: what is shown of a person, to whom and why, and what they can do. Reading age 11. */
export function privacyNotice(config: Config): string {
  const { hosts, region, viewOnly } = config;
  const employers = hosts.flatMap(({ organisationName }) => organisationName ?? []);
  const places = new Set([
    ...contributorsOf(config).map(({ name }) => name),
    ...viewOnly.map(({ name }) => name),
    ...employers,
  ]);
  return noticePage(
    'Your record and your privacy',
    html`<p>
        One Health and Care lets the staff who look after you see one record of your care. It joins up what your GP,
        your hospital and others know about you. This page says what they can see, why, and what you can do.
      </p>

      <h2>What staff can see</h2>
      ${list([
        'your name, address, date of birth and NHS number',
        'your illnesses and allergies',
        'your medicines and vaccines',
        'your tests and scans',
        'your letters, visits and hospital stays',
        'your care plans and your social care',
      ])}
      <p>Each part says where it came from. What staff see fits the job that they do.</p>

      <h2>What nobody can see here</h2>
      <p class="set">${neverShownSentence(config)}</p>
      <p>
        We find these things by their codes, by the place they come from and by the words in them. Notes are written in
        many ways. So a few words may still slip through. If you find some, tell us.
      </p>

      <h2>Who can look</h2>
      <p>Only staff who care for you, and staff who help them. They work at these places:</p>
      <ul class="set">
        ${[...places].map((name) => html`<li>${name}</li>`)}
      </ul>

      <h2>We write down each look</h2>
      <p>
        Each time someone opens your record, we write down who they are, where they work, when they looked and what they
        opened. You can ask us for that list. It is free.
      </p>

      <h2>Where your record is kept</h2>
      <p>
        Your record stays with the people who wrote it. We ask them for it when staff need to see it. We do not keep a
        copy. We do keep the list of who looked.
      </p>

      <h2>Why we may do this</h2>
      <p>
        The law lets health and care staff share what they need to look after you. We may not use your record for
        anything else. We do not sell it. Nobody uses it to sell you things.
      </p>
      <p class="set">
        The law is the UK GDPR, Article 6(1)(e), a public task, and Article 9(2)(h), health and social care.
      </p>

      <h2>What you can do</h2>
      ${list([
        html`You can <a href="${noticePaths.sayNo}">say no to all this</a>. Then staff cannot see your record here.`,
        'You can ask to see what is in your record. Ask the place that wrote it.',
        'You can ask to have a mistake put right. Ask the place that wrote it.',
        html`You can ask who has looked. Phone us on ${phone(region.contacts.pals)} or email
        ${email(region.contacts.email)}.`,
      ])}
      <p>
        You may have said no to your record being used for research and planning. That is another choice. It does not
        change what staff see here.
      </p>

      ${complaints(region)}`,
    { href: noticePaths.sayNo, text: 'How to say no' },
  );
}
