/**
 * Scrolls one area, and nothing around it, so that a place in it can be seen. The browser's own `scrollIntoView` would move
 * the page as well, banner and all.
 * @param at where in the area the place comes to stand: 0 its top, 0.5 its middle
 */
export function scrollWithin(area: Element, place: DOMRect, at: number): void {
  const frame = area.getBoundingClientRect();
  area.scrollBy({
    top: place.top - frame.top - area.clientHeight * at,
    left: place.left < frame.left || place.right > frame.right ? place.left - frame.left - 16 : 0,
  });
}
