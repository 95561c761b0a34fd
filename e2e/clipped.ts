import type { Page } from '@playwright/test';

/**
 * The words that cannot be read, since they lie beyond the page's edge where nothing scrolls to them, or are cut off by
 * what holds them. What is cut on purpose says so by an ellipsis and is whole elsewhere; what is for the ear alone is left
 * out.
 */
export function clippedWords(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const scrolls = (element: Element): boolean => {
      const { overflowX } = getComputedStyle(element);
      return (overflowX === 'auto' || overflowX === 'scroll') && element.scrollWidth > element.clientWidth;
    };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const parent = node.parentElement;
      const words = node.textContent?.trim() ?? '';
      if (parent === null || words === '' || !parent.checkVisibility()) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      const box = range.getBoundingClientRect();
      if (box.width <= 1 || box.right <= 0) continue;
      for (let outer: Element | null = parent; outer !== null; outer = outer.parentElement) {
        const style = getComputedStyle(outer);
        if (style.clipPath !== 'none' || style.textOverflow === 'ellipsis' || scrolls(outer)) break;
        const edge = outer.getBoundingClientRect();
        // Where a library measures its letters: a drawing without extent, which nobody sees.
        if (edge.width === 0) break;
        const cuts = style.overflowX !== 'visible' || outer === document.documentElement;
        if (!cuts || (box.right <= edge.right + 1 && box.left >= edge.left - 1)) continue;
        found.push(`${words.slice(0, 60)} (${Math.round(box.right - edge.right)} px beyond ${outer.tagName})`);
        break;
      }
    }
    return [...new Set(found)];
  });
}
