/**
 * A marker stands in everything that must not appear. All begin alike, so that one look finds any of them, and the letters
 * behind say which case it is of. Letters alone: nothing masks, rounds or escapes them, and they are no word of any list.
 */
export const markerPrefix = 'kanari';
const letters = 9;
const serialsOfCase = 64;

/** A marker, whatever has become of its capitals. */
export const markerPattern = new RegExp(`${markerPrefix}[a-z]{${letters}}`, 'gi');

/** The marker of the thing with this serial (below 64) in a case. */
export function markerOf(index: number, serial: number): string {
  let left = index * serialsOfCase + serial;
  let word = '';
  for (let place = 0; place < letters; place += 1) {
    word = String.fromCharCode(97 + (left % 26)) + word;
    left = Math.floor(left / 26);
  }
  return markerPrefix + word;
}

/** The case that a marker is of. */
export function caseOfMarker(marker: string): number {
  let value = 0;
  for (const letter of marker.slice(markerPrefix.length).toLowerCase()) value = value * 26 + letter.charCodeAt(0) - 97;
  return Math.floor(value / serialsOfCase);
}
