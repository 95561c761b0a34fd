import { remembering } from './memory.ts';

/** The panels of results, in the order of their tabs. */
export const panels = [
  'kidney',
  'blood-count',
  'liver',
  'heart',
  'diabetes',
  'thyroid',
  'urine',
  'microbiology',
  'other',
] as const;
export type Panel = (typeof panels)[number];

/** Where a test stands: its panel, and its place among the columns of it. */
export type Place = { readonly panel: Panel; readonly order: number };

/** Columns of each panel in their order, by what laboratories call them. */
const known: Readonly<Record<Exclude<Panel, 'urine' | 'microbiology' | 'other'>, readonly RegExp[]>> = {
  kidney: [
    /\bsodium\b/,
    /\bpotassium\b/,
    /\burea\b|\bbun\b|urea nitrogen/,
    /\bcreatinine\b(?!.*(ratio|clearance|kinase|filtration))/,
    /\be?gfr|glomerular filtration/,
    /\bbicarbonate\b|carbon dioxide.*(serum|plasma|blood)|total co2/,
    /\bmagnesium\b/,
    /\bchloride\b/,
    /\bcalcium\b/,
    /\bphosphate\b|\bphosphorus\b/,
    /\burate\b|uric acid/,
    /\bcrp\b|c[- ]reactive protein/,
  ],
  'blood-count': [
    /^(?!.*(a1c|mean|corpuscular)).*\bha?emoglobin\b/,
    /white (blood )?cell|\bwbc\b|\bwcc\b|leu[ck]ocytes/,
    /\bplatelets?\b(?!.*(volume|width))/,
    /\bneutrophil/,
    /\blymphocyte/,
    /\bmonocyte/,
    /\beosinophil/,
    /\bbasophil/,
    /red (blood )?cell|\brbc\b|erythrocytes? \[#|erythrocyte count/,
    /ha?ematocrit|packed cell/,
    /\bmcv\b|mean (cell|corpuscular) volume/,
    /\bmch\b|mean (cell|corpuscular) ha?emoglobin(?! conc)/,
    /\bmchc\b|mean (cell|corpuscular) ha?emoglobin conc/,
    /\brdw\b|distribution width/,
    /platelet.*(volume|width)|\bmpv\b/,
    /reticulocyte/,
    /\besr\b|sedimentation/,
    /\bferritin\b/,
    /\btransferrin\b|\biron\b|\btibc\b/,
    /\bb12\b|cobalamin/,
    /\bfolate\b|folic/,
    /\binr\b|normali[sz]ed ratio/,
    /prothrombin|\baptt\b|thromboplastin|fibrinogen|d[- ]dimer/,
  ],
  liver: [
    /\balt\b|alanine (amino)?transaminase|alanine aminotransferase/,
    /\bast\b|aspartate (amino)?transaminase|aspartate aminotransferase/,
    /\balp\b|alkaline phosphatase/,
    /\bggt\b|gamma[- ]?(gt|glutamyl)/,
    /bilirubin/,
    /\balbumin\b(?!.*creatinine)/,
    /total protein|\bprotein\b.*(serum|plasma)/,
    /\bglobulin\b/,
    /\bamylase\b|\blipase\b/,
  ],
  heart: [
    /troponin/,
    /\bbnp\b|nt[- ]?pro[- ]?bnp|natriuretic/,
    /\bck\b|creatine kinase/,
    /non[- ]hdl/,
    /\bhdl\b/,
    /\bldl\b/,
    /cholesterol/,
    /triglyceride/,
    /digoxin/,
  ],
  diabetes: [/hba1c|ha?emoglobin.*a1c|a1c.*ha?emoglobin/, /glucose/, /ketone/, /fructosamine/, /insulin|c[- ]peptide/],
  thyroid: [/\btsh\b|thyroid stimulating|thyrotropin/, /\bt4\b|thyroxine/, /\bt3\b|triiodothyronine/, /thyroid/],
};

const urinary = /\burin|\bacr\b|albumin.{0,3}creatinine|protein.{0,3}creatinine|dipstick/;
const microbial =
  /\bcultur|mc ?& ?s|microscopy|sensitivit|\bswab|\bpcr\b|sars|covid|influenza|\brsv\b|virus|viral|antigen|antibod|mrsa|difficile|bacteri|legionella|gram (stain|film)|hepatitis|serology/;

const vital: readonly RegExp[] = [
  /blood pressure/,
  /systolic/,
  /diastolic/,
  /pulse(?!.*oxim)|heart rate/,
  /respirat|breathing/,
  /saturation|spo2|oximetry/,
  /inspired|oxygen/,
  /temperature/,
  /avpu|conscious|coma/,
  /news ?2?\b|early warning/,
  /\bweight\b/,
  /\bheight\b/,
  /\bbmi\b|body mass/,
];

const place = remembering((title: string): Place => {
  const name = title.toLowerCase();
  const last = Number.MAX_SAFE_INTEGER;
  if (microbial.test(name)) return { panel: 'microbiology', order: last };
  if (urinary.test(name)) return { panel: 'urine', order: last };
  for (const panel of panels) {
    const order = panel in known ? known[panel as keyof typeof known].findIndex((one) => one.test(name)) : -1;
    if (order >= 0) return { panel, order };
  }
  return { panel: 'other', order: last };
});

/**
 * The panel of a test by its name, as laboratories write it; a name that no panel knows stands under Other.
 * @param specimen as {@link specimenOf} names it: what is measured in urine never stands among the same tests of blood
 */
export function placeOf(title: string, specimen?: string): Place {
  if (specimen === 'urine' && !microbial.test(title.toLowerCase())) return { ...place(title), panel: 'urine' };
  return place(title);
}

/** The place of a vital sign among the columns; those that are not known stand last. */
export function vitalOrder(title: string): number {
  const order = vital.findIndex((one) => one.test(title.toLowerCase()));
  return order < 0 ? Number.MAX_SAFE_INTEGER : order;
}

const specimens: readonly (readonly [said: RegExp, specimen: string])[] = [
  [/urin/, 'urine'],
  [/cerebrospinal|\bcsf\b/, 'csf'],
  [/f(a)?eces|f(a)?ecal|stool/, 'faeces'],
  [/sputum|swab|saliva/, 'swab'],
  [/pleural|ascitic|peritoneal|synovial|\bfluid\b/, 'fluid'],
  [/capillary/, 'capillary'],
  [/arterial/, 'arterial'],
];

/** Which specimen a test is of, as far as its words tell it; blood, serum and plasma, and nothing said, are undefined. */
export const specimenOf: (said: string) => string | undefined = remembering((said) => {
  const lower = said.toLowerCase();
  return specimens.find(([pattern]) => pattern.test(lower))?.[1];
});
