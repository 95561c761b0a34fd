import { sct, words } from '../codes.ts';

/** What people of the stories react to, and how. */
export const substances = {
  penicillins: sct(
    '373270004',
    'Substance with penicillin structure and antibacterial mechanism of action',
    'Penicillins',
  ),
  codeine: sct('387494007', 'Codeine', 'Codeine'),
  trimethoprim: sct('387170002', 'Trimethoprim', 'Trimethoprim'),
  ibuprofen: sct('387207008', 'Ibuprofen', 'Ibuprofen'),
  latex: sct('111088007', 'Latex', 'Latex'),
  peanut: sct('256349002', 'Peanut', 'Peanut'),
  plaster: words('Adhesive plaster'),
} as const;

export const reactions = {
  anaphylaxis: sct('39579001', 'Anaphylaxis', 'Anaphylaxis'),
  rash: sct('271807003', 'Eruption of skin', 'Rash'),
  vomiting: sct('16932000', 'Nausea and vomiting', 'Nausea and vomiting'),
  dermatitis: sct('40275004', 'Contact dermatitis', 'Contact dermatitis'),
  headache: sct('25064002', 'Headache', 'Headache'),
  urticaria: sct('126485001', 'Urticaria', 'Urticaria'),
  swelling: sct('41291007', 'Angioedema', 'Angioedema'),
  none: words('None when tested'),
} as const;

/** Problems that several people have, called as UK systems call them. */
export const problems = {
  heartFailure: sct('703272007', 'Heart failure with reduced ejection fraction', 'Heart failure with reduced EF'),
  fibrillation: sct('440028005', 'Permanent atrial fibrillation', 'Permanent atrial fibrillation'),
  kidney3b: sct('700379002', 'Chronic kidney disease stage 3B', 'Chronic kidney disease stage 3B'),
  kidneyFailure: sct('46177005', 'End-stage renal disease', 'End-stage renal disease'),
  diabetes2: sct('44054006', 'Type 2 diabetes mellitus', 'Type 2 diabetes mellitus'),
  diabetes1: sct('46635009', 'Type 1 diabetes mellitus', 'Type 1 diabetes mellitus'),
  hypertension: sct('59621000', 'Essential hypertension', 'Essential hypertension'),
  frailty: sct('248279007', 'Frailty', 'Frailty'),
  cognitive: sct('386805003', 'Mild cognitive disorder', 'Mild cognitive impairment'),
  kneeArthritis: sct('239873007', 'Osteoarthritis of knee', 'Osteoarthritis of right knee'),
  hearing: sct('15188001', 'Hearing loss', 'Hearing loss'),
  asthma: sct('195967001', 'Asthma', 'Asthma'),
  copd: sct('13645005', 'Chronic obstructive pulmonary disease', 'COPD'),
  epilepsy: sct('84757009', 'Epilepsy', 'Epilepsy'),
  bipolar: sct('13746004', 'Bipolar disorder', 'Bipolar disorder'),
  depression: sct('35489007', 'Depressive disorder', 'Depressive disorder'),
  gout: sct('90560007', 'Gout', 'Gout'),
  appendicitis: sct('74400008', 'Appendicitis', 'Appendicitis'),
  infarction: sct('22298006', 'Myocardial infarction', 'Myocardial infarction'),
  cellulitis: sct('128045006', 'Cellulitis', 'Cellulitis of left leg'),
  cholesterol: sct('13644009', 'Hypercholesterolaemia', 'Hypercholesterolaemia'),
  fracture: sct('65966004', 'Fracture of forearm', 'Fracture of left forearm'),
  anaemia: sct('271737000', 'Anaemia', 'Anaemia'),
  cough: sct('49727002', 'Cough', 'Cough'),
  eczema: sct('43116000', 'Eczema', 'Eczema'),
  dyspnoea: sct('267036007', 'Dyspnoea', 'Breathlessness'),
} as const;
