import { createHash } from 'node:crypto';

/** A person as a host's own list knows them. */
export type HostPerson = {
  /** Empty where the host knows none. */
  readonly nhsNumber: string;
  readonly title?: string;
  readonly given: string;
  readonly family: string;
  readonly gender: 'female' | 'male' | 'other' | 'unknown';
  /** FHIR date. */
  readonly birthDate: string;
  /** ODS code of the registered practice. */
  readonly practice: string;
  /** One line for whoever tries the demo: who this is. */
  readonly story: string;
  readonly look?: readonly string[];
  readonly hosts: readonly HostId[];
};

/** The hosts that sign what they hand over. */
export type SigningHostId = 'millbrook' | 'trentside';
export type HostId = SigningHostId | 'ashgrove' | 'peakside';

/** A user of a host, as its staff directory has them. */
export type HostUser = {
  readonly id: string;
  readonly name: string;
  readonly post: string;
  /** National job role (R-code). */
  readonly role: string;
  readonly registration?: { readonly body: string; readonly number: string };
};

/** One of the hosts: whose it is and who uses it. */
export type HostSystem<Id extends HostId = HostId> = {
  readonly id: Id;
  readonly name: string;
  readonly organisation: string;
  readonly organisationName: string;
  readonly users: readonly [HostUser, ...HostUser[]];
};

export const millbrook: HostSystem<'millbrook'> = {
  id: 'millbrook',
  name: 'Millbrook Clinical Desktop',
  organisation: 'RJE',
  organisationName: 'University Hospitals of North Midlands',
  users: [
    {
      id: 'p.okafor',
      name: 'Dr Peter Okafor',
      post: 'Specialty Registrar',
      role: 'R8000',
      registration: { body: 'GMC', number: '7000123' },
    },
    {
      id: 'm.kowalczyk',
      name: 'Maria Kowalczyk',
      post: 'Staff Nurse',
      role: 'R8001',
      registration: { body: 'NMC', number: '09I1234E' },
    },
    {
      id: 'd.asante',
      name: 'Daniel Asante',
      post: 'Hospital Social Worker',
      role: 'R8014',
      registration: { body: 'SWE', number: 'SW98765' },
    },
    { id: 'j.pointon', name: 'Janet Pointon', post: 'Receptionist', role: 'R8009' },
    {
      id: 'r.steele',
      name: 'Ryan Steele',
      post: 'Paramedic',
      role: 'R1070',
      registration: { body: 'HCPC', number: 'PA12345' },
    },
  ],
};

export const trentside: HostSystem<'trentside'> = {
  id: 'trentside',
  name: 'Trentside Practice System',
  organisation: 'M83001',
  organisationName: 'Etruria Vale Surgery',
  users: [
    {
      id: 'a.rahman',
      name: 'Dr Aisha Rahman',
      post: 'General Practitioner',
      role: 'R8000',
      registration: { body: 'GMC', number: '7000456' },
    },
    {
      id: 's.beech',
      name: 'Susan Beech',
      post: 'Practice Nurse',
      role: 'R8001',
      registration: { body: 'NMC', number: '98C5678E' },
    },
    {
      id: 'l.fallows',
      name: 'Lena Fallows',
      post: 'Social Worker, primary care',
      role: 'R8014',
      registration: { body: 'SWE', number: 'SW45678' },
    },
    { id: 'c.dale', name: 'Carol Dale', post: 'Receptionist', role: 'R8009' },
    {
      id: 'o.hurst',
      name: 'Owen Hurst',
      post: 'Paramedic, home visits',
      role: 'R1070',
      registration: { body: 'HCPC', number: 'PA54321' },
    },
  ],
};

/** A rehabilitation hospital's EPR: a SMART server, with FHIR behind it. */
export const ashgrove: HostSystem<'ashgrove'> = {
  id: 'ashgrove',
  name: 'Ashgrove Chart',
  organisation: 'ZZA01',
  organisationName: 'Ashgrove Rehabilitation Hospital',
  users: [
    {
      id: 'marlow-helen',
      name: 'Dr Helen Marlow',
      post: 'Rehabilitation Registrar',
      role: 'R8000',
      registration: { body: 'GMC', number: '7000789' },
    },
    {
      id: 'sedgwick-tom',
      name: 'Mr Tom Sedgwick',
      post: 'Ward Nurse',
      role: 'R8001',
      registration: { body: 'NMC', number: '11C4321E' },
    },
    { id: 'horne-gail', name: 'Mrs Gail Horne', post: 'Receptionist', role: 'R8009' },
  ],
};

/** A practice's EPR that can do no more than fill in a link and encrypt it. */
export const peakside: HostSystem<'peakside'> = {
  id: 'peakside',
  name: 'Peakside Surgery Desktop',
  organisation: 'M83002',
  organisationName: 'Hanford Health Centre',
  users: [{ id: 'desk-2', name: 'Consulting room 2', post: 'shared desktop', role: 'R8000' }],
};

/** The user of that id, or the first of the host. */
export function userOf(host: HostSystem, id: string | undefined): HostUser {
  return host.users.find((user) => user.id === id) ?? host.users[0];
}

/** The number under which a host files a person: it stands in the host's URLs, where no NHS number or name may. */
export function hospitalNumber(person: Pick<HostPerson, 'nhsNumber'>): string {
  const digest = createHash('sha256').update(`file ${person.nhsNumber}`).digest();
  return `K${String(1_000_000 + (digest.readUInt32BE() % 9_000_000))}`;
}

/** The bed and consultant that a person is shown under: invented, and the same at each start. */
export function placeOf(person: Pick<HostPerson, 'nhsNumber'>): { readonly bed: string; readonly consultant: string } {
  const seed = createHash('sha256').update(`place ${person.nhsNumber}`).digest();
  const consultants = ['Dr R. Menon', 'Dr S. Whitaker', 'Mr T. Adeleke', 'Dr F. Holt'];
  const bay = 'ABCDE'.charAt(seed.readUInt8(0) % 5);
  return {
    bed: `220-${bay}-${String((seed.readUInt8(1) % 28) + 1).padStart(2, '0')}`,
    consultant: consultants[seed.readUInt8(2) % consultants.length] ?? 'Dr R. Menon',
  };
}
