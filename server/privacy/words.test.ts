import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { createWordTest, type WordList } from './words.ts';

const { categories } = await loadConfig('smart-config');
const tells = createWordTest(categories);
const wordsOf = (id: string): ((text: string) => boolean) =>
  createWordTest(categories.filter((one) => one.id === id).map((one) => ({ ...one, benign: allBenign })));
const allBenign = categories.flatMap((one) => one.benign);

/** What UK records say of each category, as letters, appointments and coded entries have it. */
const telling: Readonly<Record<string, readonly string[]>> = {
  'sexual-health': [
    'Attended sexual health clinic',
    'Sexual-Health service, Cobridge',
    'Integrated sexual and reproductive health',
    'Reproductive and sexual health nurse',
    'Seen in GUM',
    'Ref to G.U.M.',
    'GUM clinic DNA',
    'gum clinic appointment',
    'Genitourinary medicine letter',
    'Genito-urinary medicine',
    'genito urinary medicine OPD',
    'Full STI screen offered',
    'STIs discussed, swabs taken',
    'Previous STD',
    'Sexually transmitted infection',
    'Sexually transmitted infections screen negative',
    'Chlamydia NAAT positive',
    'chlamydia test kit sent',
    'Chlamydial cervicitis',
    'Gonorrhoea treated',
    'Gonorrhea (US spelling)',
    'N. gonorrhoeae isolated',
    'Gonococcal urethritis',
    'Syphilis serology',
    'Late latent syphilis',
    'syphilitic aortitis',
    'TPPA positive, VDRL 1:8',
    'Treponemal antibody',
    'Trichomonas vaginalis seen',
    'Trichomoniasis',
    'Genital herpes, second attack',
    'Genital warts, cryotherapy',
    'ano-genital wart',
    'anogenital warts',
    'Condylomata acuminata',
    'LGV contact',
    'Non-specific urethritis',
    'nonspecific urethritis',
    'non gonococcal urethritis',
    'Mycoplasma genitalium positive',
    'Partner notification done',
    'Referred to venereologist',
    'CASH clinic, room 4',
  ],
  hiv: [
    'HIV positive since 2009',
    'hiv test',
    'H.I.V. clinic',
    'H I V',
    'HIV-1 antibody',
    'HIV 2 RNA',
    'HIVs',
    'Known HIV+ve, undetectable',
    'HIV/hepatitis co-infection',
    'Human immunodeficiency virus infection',
    'AIDS defining illness',
    'AIDS, on treatment',
    'Acquired immune deficiency syndrome',
    'Anti-retroviral therapy started',
    'antiretrovirals collected',
    'anti retroviral treatment',
    'On ART since 2015',
    'HAART',
    'cART commenced',
    'ARVs from the hospital',
    'PrEP review',
    'PREP prescribed by clinic',
    'PEP given in A&E after exposure',
    'PEPSE 28 days',
    'Post-exposure prophylaxis following sexual exposure',
    'Pre exposure prophylaxis',
    'CD4 count 430',
    'Retroviral disease, followed in hospital',
  ],
  termination: [
    'Termination of pregnancy',
    'terminations of pregnancy x2',
    'Early medical termination of pregnancy',
    'early termination of pregnancy',
    'Termination of the pregnancy at 9 weeks',
    'Pregnancy termination service',
    'Wishes to terminate the pregnancy',
    'Pregnancy terminated 2014',
    'Requesting termination',
    'Previous termination x1',
    'Terminations: 2',
    'TOP 2012',
    'Hx of TOP',
    'T.O.P. at 8/40',
    'ToP counselling',
    'TOPs x 2',
    'Surgical TOP, day case',
    'MTOP completed',
    'Medical abortion',
    'Induced abortion',
    'Abortion counselling',
    'abortions: 1',
    'Referred to BPAS',
    'British Pregnancy Advisory Service letter',
    'Marie Stopes clinic',
    'HSA1 form signed',
    'Unwanted pregnancy',
    'Spontaneous abortion 2010, then induced abortion 2012',
    'Foeticide before delivery',
    'feticide',
  ],
  fertility: [
    'IVF cycle 2',
    'ivf pregnancy',
    'I.V.F.',
    'Conceived by IVF',
    'ICSI cycle',
    'IUI x 3',
    'In vitro fertilisation',
    'In-vitro fertilization',
    'in  vitro fertilised embryo? In vitro fertilisation',
    'Intracytoplasmic sperm injection',
    'Intrauterine insemination',
    'intra-uterine insemination',
    'Donor insemination',
    'Fertility clinic letter',
    'Fertility treatment stopped',
    'Infertility treatment',
    'Subfertility clinic',
    'sub-fertility clinic',
    'Assisted conception unit',
    'Assisted reproductive technology',
    'Embryo transfer day 5',
    'Two frozen embryos',
    'Egg collection under sedation',
    'Oocyte retrieval',
    'oocytes: 8',
    'Egg donor programme',
    'Sperm banking before chemotherapy',
    'OHSS, admitted',
    'Ovarian hyperstimulation syndrome',
    'Reproductive medicine, Guys',
    'Surrogacy arrangement',
    'HFEA consent signed',
    'Blastocysts stored',
  ],
  gender: [
    'Gender reassignment surgery',
    'Gender identity clinic',
    'gender-identity disorder',
    'Gender dysphoria',
    'Gender incongruence',
    'Gender affirming hormones',
    'gender affirmation surgery',
    'Gender transition started 2019',
    'Gender Recognition Certificate seen',
    'Sex reassignment',
    'Sex change operation',
    'Transgender woman',
    'transgendered',
    'Transsexual',
    'trans-sexual',
    'Transsexualism',
    'Trans man',
    'trans-woman',
    'transwoman',
    'trans women',
    'MtF',
    'MTF hormone therapy',
    'FtM, testosterone',
    'F2M',
    'Male-to-female transsexual',
    'Female to male',
    'Assigned male at birth',
    'AFAB',
    'Cross-sex hormones',
    'cross sex hormone therapy',
    'Puberty blockers',
    'Socially transitioned at 15',
    'GIC letter',
    'GIDS referral',
    'Metoidioplasty',
  ],
};

/** What UK records say of everything else, in words that look alike. */
const benign: readonly string[] = [
  ...['Transition to adult services', 'Transitional care plan', 'Transient ischaemic attack', 'Transferred to ward 4'],
  ...['Transvaginal ultrasound', 'Transoesophageal echo', 'Transfemoral amputation', 'Trans fats in diet'],
  ...['Early termination of the test', 'Termination of employment', 'Study termination visit', 'Contract termination'],
  ...['Exercise test: early termination', 'Nerve terminations', 'Line terminated', 'Terminal care', 'Terminology'],
  ...['IV fluids', 'IVF fluids continued', 'IV flucloxacillin', 'IVI running', 'Maintenance IVF', 'IVC filter', 'IVDU'],
  ...['TOP of the shoulder', 'PAIN AT TOP OF LEFT ARM', 'Top of shoulder', 'TOP UP TRANSFUSION', 'TOP DENTURE LOOSE'],
  ...['BLISTER ON TOP LIP', 'TOP LEFT MOLAR', 'ITCH ON TOP OF HEAD', 'top priority', 'Toprol', 'Topical steroid'],
  ...['STOP SMOKING CLINIC', 'Topiramate', 'Laptop', 'Sleeping on top of covers'],
  ...[
    'Gum disease',
    'GUM DISEASE',
    'BLEEDING GUMS',
    'Nicotine gum 2 mg',
    'NICOTINE GUM',
    'Swollen gums',
    'gums healthy',
  ],
  ...['GUM SHIELD', 'CHEWING GUM', 'Gumboil', 'Argument with partner', 'Xanthan gum thickener'],
  ...[
    'Hearing aids review',
    'NHS HEARING AIDS CLINIC',
    'WALKING AIDS PROVIDED',
    'Mobility aids',
    'AIDS AND ADAPTATIONS',
  ],
  ...['VISUAL AIDS', 'First aid', 'Aids to daily living', 'Sleep aids', 'Bath aids fitted'],
  ...[
    'Sex: female',
    'Gender: male',
    'Gender of baby not known',
    'Administrative gender',
    'Sex hormone binding globulin',
  ],
  ...[
    'Male pattern baldness',
    'Female circumcision',
    'Male to female ratio 2:1',
    'Same-sex ward',
    'Mixed-sex accommodation',
  ],
  ...['ART THERAPY', 'ART GROUP', 'Arts and crafts', 'STATE OF THE ART', 'Art psychotherapy', 'Artery', 'Arthritis'],
  ...['Bowel prep', 'BOWEL PREP', 'SKIN PREP', 'prep room', 'PREP FOR THEATRE', 'Preparation', 'Prepare', 'PEP DEVICE'],
  ...['PEP MASK', 'bubble PEP', 'PEP therapy with physio', 'Rabies PEP', 'rabies pre-exposure prophylaxis', 'Pepsin'],
  ...['Post-exposure prophylaxis for rabies', 'Peptic ulcer', 'Pepper allergy'],
  ...[
    'STI ankle',
    'STI to left knee',
    'Soft tissue injury (STI)',
    'Wrist STI',
    'STD deviation',
    'Std dose',
    'Sticky',
    'Stitch',
  ],
  ...['Chlamydia pneumoniae serology', 'Chlamydia psittaci', 'Chlamydial pneumonia'],
  ...['Spontaneous abortion', 'Threatened abortion', 'Missed abortion', 'Recurrent abortion', 'Incomplete abortion'],
  ...['Complete abortion', 'Miscarriage', 'Aborted sudden cardiac death', 'Procedure aborted', 'Seizure aborted'],
  ...[
    'Infertility',
    'Primary infertility',
    'Subfertility, unexplained',
    'Fertility awareness',
    'Polycystic ovary syndrome',
  ],
  ...['Female infertility of tubal origin', 'Semen analysis', 'Clomifene 50 mg tablets', 'Eggs allergy', 'Egg allergy'],
  ...[
    'Contraceptive implant',
    'Family planning clinic',
    'Cervical screening',
    'Colposcopy',
    'Hysterectomy',
    'Menopause',
  ],
  ...['HRT', 'HRT review', 'Oestrogel', 'Testosterone gel for hypogonadism', 'Goserelin', 'Prostate cancer'],
  ...[
    'Herpes zoster',
    'Herpes simplex labialis',
    'Plantar wart',
    'Vulval thrush',
    'Bacterial vaginosis',
    'Urinary tract infection',
  ],
  ...[
    'Shiver',
    'Archive',
    'Hives',
    'Chive',
    'Health of sexual partners',
    'Sexual dysfunction',
    'Psychosexual counselling',
  ],
  ...['GIC filling upper left 6', 'Glass ionomer cement (GIC)', 'MTX weekly', 'GI clinic', 'Gastric band'],
  ...['CD4', 'HPV vaccine', 'HTN', 'HVS taken', 'HbA1c', 'Hepatitis B immunisation', 'Hepatitis C antibody'],
  ...[
    'Genitourinary symptoms',
    'Genito-urinary prolapse',
    'Urethral stricture',
    'Pregnancy test negative',
    'Antenatal booking',
  ],
];

describe('words of a category', () => {
  it.each(Object.entries(telling).flatMap(([id, phrases]) => phrases.map((phrase) => ({ id, phrase }))))(
    'are found: $id, $phrase',
    ({ id, phrase }) => {
      expect(wordsOf(id)(phrase)).toBe(true);
      expect(tells(`Letter of 3 May. ${phrase}; review.`)).toBe(true);
    },
  );

  it.each(benign)('are not made by what looks alike: %s', (phrase) => {
    expect(tells(phrase)).toBe(false);
    expect(tells(`Reviewed today: ${phrase}. Plan as before`)).toBe(false);
  });

  it('are tried on two hundred phrases and more, half of them benign', () => {
    const count = Object.values(telling).flat().length;
    expect(count).toBeGreaterThanOrEqual(100);
    expect(benign.length).toBeGreaterThanOrEqual(100);
    expect(new Set(benign).size).toBe(benign.length);
  });

  it('are found wherever each stands as it is listed', () => {
    for (const { id, terms, termsAsWritten } of categories)
      for (const term of [...terms, ...termsAsWritten]) {
        expect({ term, found: wordsOf(id)(term) }).toEqual({ term, found: true });
        expect({ term, found: wordsOf(id)(`x ${term}, y`) }).toEqual({ term, found: true });
      }
  });

  it('are not found in any benign phrase alone', () => {
    for (const phrase of allBenign) {
      expect({ phrase, found: tells(phrase) }).toEqual({ phrase, found: false });
      expect({ phrase, found: tells(phrase.toUpperCase()) }).toEqual({ phrase, found: false });
    }
  });
});

const list = (more: Partial<WordList>): WordList => ({ terms: [], termsAsWritten: [], benign: [], ...more });

describe('a term', () => {
  it('stands by itself, as whole words', () => {
    const found = createWordTest([list({ terms: ['egg collection'] })]);
    for (const text of [
      'Egg collection',
      'egg-collection',
      'egg  collections',
      '(egg\ncollection)',
      'egg collection’s',
    ])
      expect(found(text)).toBe(true);
    for (const text of ['eggcollection', 'legg collection', 'egg collectionist', 'egg, collection', 'collection egg'])
      expect(found(text)).toBe(false);
  });

  it('with a hyphen stands with one, with a space, or as one word', () => {
    const found = createWordTest([list({ terms: ['anti-retroviral'] })]);
    for (const text of ['anti-retroviral', 'Antiretroviral', 'anti retrovirals', 'anti\u2010retroviral'])
      expect(found(text)).toBe(true);
  });

  it('is one word British or American', () => {
    const found = createWordTest([
      list({ terms: ['in vitro fertilisation', 'foetal reduction', 'caesium', 'advisory'] }),
    ]);
    for (const text of ['in vitro fertilization', 'in-vitro fertilisations', 'fetal reduction', 'cesium', 'advisories'])
      expect(found(text)).toBe(true);
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['sterilise', ['sterilize', 'sterilise'], ['sterilie', 'sterilixe']],
    ['sterilised', ['sterilized'], ['sterilize']],
    ['sterilises', ['sterilizes'], ['sterilised']],
    ['sterilising', ['sterilizing'], ['sterilise']],
    ['sterilisations', ['sterilizations'], ['sterilisation']],
    ['risen', ['risen'], ['rizen']],
    ['G.U. clinic (north)', ['G.U. clinic (north)', 'g.u. CLINIC (North)'], ['GxUx clinic (north)']],
    ['assay', ['assay', 'assays', 'assay’s'], ['assaies']],
    ['biopsy', ['biopsy', 'biopsies'], ['biopsys']],
    [
      'HIV',
      ['HIV', 'hiv', 'HIVs', 'HIV’s', "HIV's", 'HIV-1', 'HIV 2', 'HIV12', 'H.I.V.', 'H. I. V.', 'H I V'],
      ['HIV123', 'HI', 'HIVa', 'aHIV', 'H-I-V'],
    ],
    ['GONADS', ['G.O.N.A.D.S.'], ['G O N A D']],
    ['AB', ['AB'], ['A.B', 'A B']],
    ['GONADSX', ['GONADSX'], ['G.O.N.A.D.S.X']],
    ['egg/sperm store', ['egg/sperm store', 'Egg/sperm-store'], ['eggsperm store']],
  ])('%s is found in its forms, and in no others', (term, forms, others) => {
    const found = createWordTest([list({ terms: [term] })]);
    const around = (text: string) => [text, `x ${text}`, `x ${text} y`, `(${text}), y`].map(found);
    for (const form of forms) expect([form, around(form)]).toEqual([form, [true, true, true, true]]);
    for (const other of others) expect([other, around(other)]).toEqual([other, [false, false, false, false]]);
  });

  it.each([' ', '  ', '-', ' - ', '_', '/', '\n', ' (', '\u2010', '\u2015', '\u00a0'])(
    'of two words may have %j between them',
    (between) => {
      const found = createWordTest([list({ terms: ['sperm bank'] })]);
      expect(found(`a sperm${between}bank b`)).toBe(true);
      expect(found(`a sperm${between},${between}bank b`)).toBe(false);
      expect(found(`a sperm${between}banker b`)).toBe(false);
    },
  );

  it('is found in each word of a text, whatever stands before it', () => {
    const found = createWordTest([list({ terms: ['sperm', 'sperm bank'] })]);
    for (const text of [
      'sperm',
      'a sperm',
      'sperm\u0301 sperm',
      '\u{1F600}sperm',
      'spe sperm',
      'sperms. sperm',
      '7 sperm',
    ])
      expect([text, found(text)]).toEqual([text, true]);
    for (const text of ['', 's', 'spe', 'asperm', '7sperm', 'sperma'])
      expect([text, found(text)]).toEqual([text, false]);
  });

  it('is told by the longest of several that begin alike', () => {
    const found = createWordTest([list({ terms: ['gum', 'gum clinic'], benign: ['gum', 'chewing gum'] })]);
    expect(['gum', 'chewing gum', 'gum clinic', 'chewing gum clinic'].map(found)).toEqual([false, false, true, true]);
  });

  it('is excused by a phrase of another list, which begins before it, with it, or some words before', () => {
    const found = createWordTest([
      list({ terms: ['clinic'], termsAsWritten: ['TOP'] }),
      list({ benign: ['dental clinic', 'clinic of the old-age team', 'left hand upper TOP', 'eye-clinic'] }),
    ]);
    const excused = [
      'dental clinic',
      'Dental-clinics',
      'clinic of the old age team',
      'left hand upper TOP',
      'eye clinic',
    ];
    for (const text of excused) expect([text, found(`x ${text} y`)]).toEqual([text, false]);
    const told = ['clinic', 'accidental clinic', 'dental clinic, clinic', 'clinic, dental clinic', 'hand upper TOP'];
    for (const text of told) expect([text, found(`x ${text} y`)]).toEqual([text, true]);
  });

  it('of no list is found nowhere', () => {
    expect(createWordTest([])('HIV clinic')).toBe(false);
    expect(createWordTest([list({})])('HIV clinic')).toBe(false);
  });

  it('as written counts in its own letters alone', () => {
    const found = createWordTest([list({ termsAsWritten: ['TOP'] })]);
    expect(['TOP', 'T.O.P.', 'TOPs', 'TOP 2'].map(found)).toEqual([true, true, true, true]);
    expect(['top', 'Top', 'STOP', 'TOPS', 'TOPIC'].map(found)).toEqual([false, false, false, false, false]);
  });

  it('is found with what cannot be seen between its letters, and in other forms of them', () => {
    for (const text of ['H\u00adIV', 'H\u200bI\u2063V', 'ＨＩＶ', 'H\u00a0I\u00a0V', 'sexual\u00a0health'])
      expect(tells(text)).toBe(true);
  });

  it('is excused by a phrase that it lies in whole, and by no other', () => {
    const found = createWordTest([
      list({
        terms: ['termination', 'termination of pregnancy', 'abortion'],
        benign: ['termination of', 'missed abortion'],
      }),
    ]);
    expect(found('termination of the test')).toBe(false);
    expect(found('termination of pregnancy')).toBe(true);
    expect(found('missed abortion')).toBe(false);
    expect(found('missed, abortion')).toBe(true);
    expect(found('missed abortion and abortion')).toBe(true);
    expect(found('dismissed abortion')).toBe(true);
  });

  it('is found in whatever text it is put, and takes no longer than the text', () => {
    const terms = categories.flatMap((one) => one.terms);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom(...terms), fc.string(), (before, term, after) => {
        expect(createWordTest([list({ terms })])(`${before}\n${term}\n${after}`)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
