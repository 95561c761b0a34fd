import type { Config } from '../../config/config.ts';
import { html, nothing } from '../../launch/page/html.ts';
import { complaints, email, list, noticePage, noticePaths, phone } from './notice.ts';

/** How to object: whom to ask, who decides, and how to change one's mind. Reading age 11. */
export function sayNoPage({ region }: Pick<Config, 'region'>): string {
  const { pals, email: address, reverseEmail, post } = region.contacts;
  return noticePage(
    'How to say no',
    html`<p>
        You can say no to One Health and Care. Then staff cannot see your record here. They see no part of it, and they
        are not told that you said no.
      </p>

      <h2>Think about this first</h2>
      <p>
        Staff who treat you may not know about your allergies, your medicines or your illnesses. They may have to ask
        you or test you again. Nobody can open your record here, not even in an emergency.
      </p>
      <p>
        You will still get care. Staff can still phone each other, or send a letter or an email, to share what they need
        to know about you.
      </p>

      <h2>How to ask</h2>
      <p>You can do any one of these:</p>
      ${list([
        'ask at your GP practice',
        html`phone the patient advice team on ${phone(pals)}`,
        html`email ${email(address)}`,
        ...(post === undefined ? [] : [html`write to <span class="set">${post}</span>`]),
        'ask the staff who look after you to send it for you',
      ])}
      <p>Tell us your full name, your date of birth and your NHS number. We check that they belong together.</p>

      <h2>Who decides</h2>
      <p>
        ${
          region.receivedObjectionHides
            ? 'Your record is hidden from the time that we get what you ask for.'
            : 'Your record is hidden once the answer is yes.'
        }
        You will have an answer within one month.
      </p>
      <p>
        If your GP practice shares its records here, your practice decides. If it does not, our records team decides.
      </p>
      <p>
        They may say no to what you ask. They may do so when to hide your record would not be good for your health or
        your care. They must tell you why.
        ${region.receivedObjectionHides ? 'Staff can then see your record again.' : nothing}
      </p>

      <h2>If you change your mind</h2>
      <p>
        You can change your mind at any time. Tell your GP practice. If your practice does not share its records here,
        email ${email(reverseEmail)} and tell us your full name, your date of birth and your NHS number. Staff can see
        your record the next time that they open it.
      </p>

      <h2>Children</h2>
      <p>
        A parent or guardian can ask for a child. Whoever decides thinks about how old the child is, and how well the
        child can judge this alone. A child who knows what it means can ask too.
      </p>
      <p>We look at it again before the child turns 16, and once more before 18.</p>

      <h2>Asking for an adult</h2>
      <p>You can ask for an adult if the law lets you decide for them. You will have to show that it does.</p>

      <h2>What stays as it is</h2>
      ${list([
        'Your GP, your hospital and others still keep their own records of you.',
        'If you said no to research and planning, that still stands. It is another choice.',
      ])}
      ${complaints(region)}`,
    { href: noticePaths.privacy, text: 'Your record and your privacy' },
  );
}
