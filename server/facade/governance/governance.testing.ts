import type { Config } from '../../config/config.ts';
import { createAudit, type AuditTrail } from '../../audit/audit.ts';
import { answer, clinician, house, session } from '../../disclosure/house.testing.ts';
import type { Demographics } from '../../federation/answer.ts';
import type { LaunchSession } from '../../launch/context.ts';
import { createRegister } from '../../privacy/register.ts';
import type { Store } from '../../store/store.ts';
import { openFacade } from '../facade.testing.ts';

export const nhsNumber = '9990000018';

const role = (code: string, scopes: string[]): Config['roles'][number] => ({ ...clinician, code, title: code, scopes });
/** The roles that govern, as they are shipped, and a clinician. */
const roles = [
  clinician,
  role('R0001', ['user/AuditEvent.rs', 'user/Consent.cruds']),
  role('R5105', ['user/AuditEvent.rs', 'user/Consent.rs']),
];

function sessionOf(code: string, scopes: readonly string[]): LaunchSession {
  const { patient: _none, ...context } = session.context;
  return {
    launchId: `launch of ${code}`,
    clientId: 'console',
    scopes,
    context: { ...context, role: code, user: { id: `user of ${code}`, name: `Name of ${code}` } },
  };
}
const all = ['user/AuditEvent.rs', 'user/Consent.cruds', 'patient/*.rs'];

/** A facade with the register and the trail of a store. The tokens are `officer`, `guardian` and `good`, a clinician's. */
export async function openGoverned(
  store: Store,
  now: () => Date = () => new Date(),
  otherwise: Partial<AuditTrail> = {},
) {
  const whole = createAudit({ db: store.db, idKey: Buffer.alloc(32, 1), site: 'http://localhost:9' });
  const trail: AuditTrail = { ...whole, ...otherwise };
  const found: Demographics = {
    kind: 'found',
    person: {
      nhsNumber,
      birthDate: '1961-04-17',
      patient: { resourceType: 'Patient', name: [{ family: 'Ashby', given: ['Alex'] }] },
    },
  };
  const register = createRegister({
    db: store.db,
    registerKey: Buffer.alloc(32, 2),
    region: { receivedObjectionHides: true },
    audit: trail,
    demographics: async (asked) => (asked === nhsNumber ? found : { kind: 'unknown' }),
    endLaunches: async () => async () => undefined,
    practiceShares: (ods) => ods === 'M83001',
    now,
  });
  const facade = await openFacade(
    { ...house({ roles, answers: [answer('gp', { practiceConsent: 'answered' })] }), audit: trail },
    {
      good: session,
      officer: sessionOf('R0001', all),
      guardian: sessionOf('R5105', all),
      narrow: sessionOf('R0001', ['user/AuditEvent.rs']),
    },
    { governed: { register, trail } },
  );
  const send = (method: string, path: string, body: unknown, token = 'officer') =>
    facade.ask(path, {
      method,
      token,
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/fhir+json' },
    });
  return { ...facade, send, register, trail };
}
