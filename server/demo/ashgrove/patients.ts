import type { HostPerson } from '../hosts/host.ts';
import { personOf, type DemoPerson } from '../people.ts';

/** A patient of Ashgrove, with what the hospital's own record tells of them. */
export type AshgrovePatient = Omit<DemoPerson, 'hosts'> & Pick<HostPerson, 'hosts'>;

function known(key: string, story: string, look: readonly string[]): AshgrovePatient {
  return { ...personOf(key), story, look, hosts: ['ashgrove'] };
}

/** Whom Ashgrove looks after: people of the region, and one whom no demographics service knows. */
export const ashgrovePatients: readonly AshgrovePatient[] = [
  known('smith', 'Building up strength after heart failure; known to all organisations.', [
    'The record has one organisation more than from Millbrook: Ashgrove’s own, read with your token',
    'Walking distance and falls assessment of this stay beside what the others hold',
  ]),
  known('forsyth', 'Rehabilitation after a hip replacement at UHDB.', [
    'The operation is UHDB’s, the rehabilitation Ashgrove’s',
  ]),
  {
    key: 'moreau',
    nhsNumber: '',
    title: 'Mme',
    given: 'Élodie',
    family: 'MOREAU',
    gender: 'female',
    birthDate: '1979-03-08',
    address: { line: 'Chez Harding, 6 Ford Green', city: 'Stoke-on-Trent', postcode: 'ST6 9ZX' },
    phone: '01632 960140',
    practice: 'V81997',
    demographics: 'unknown',
    story: 'A visitor from Lyon who broke her wrist. She has no NHS number.',
    look: [
      'Ashgrove’s record alone is shown, and the screen says why nobody else was asked',
      'Her codeine allergy and the plaster clinic are there',
    ],
    hosts: ['ashgrove'],
  },
  known('wardle', 'Objected by email; the objection stands in the register.', [
    'The record is refused, in the same words as from any other host',
  ]),
];
