/**
 * What a header such as `Accept` or `Accept-Encoding` weighs (RFC 9110 §12.4.2): each name that it has, in lower case and
 * in its order, with its `q`. What cannot be read, or asks for another version of FHIR than R4, is passed over.
 */
export function weightsOf(header: string | undefined): ReadonlyMap<string, number> {
  const weights = new Map<string, number>();
  for (const part of (header ?? '').toLowerCase().split(',')) {
    const [name = '', ...given] = part.split(';').map((one) => one.trim());
    const parameters = new Map(given.map((one) => [one.split('=', 1).join('').trim(), one.replace(/^[^=]*=\s*/, '')]));
    const weight = parameters.get('q') ?? '1';
    if (name === '' || !/^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/.test(weight)) continue;
    if ((parameters.get('fhirversion') ?? '4.0') !== '4.0') continue;
    weights.set(name, Number(weight));
  }
  return weights;
}
