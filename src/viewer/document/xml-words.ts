/** Elements whose text goes on in the line of the one around them. */
const inline = /^(?:content|sup|sub|linkHtml|br|b|i|span|em|strong|prefix|given|family|suffix)$/;
/** Cells of a row stand in one line. */
const cell = /^(?:td|th)$/;

/**
 * The words of an XML document, such as a CDA letter: a line for each element that holds some, in the document's order.
 * Undefined where it is no XML: then its text is shown as it stands.
 */
export function wordsOfXml(source: string): string | undefined {
  const document = new DOMParser().parseFromString(source, 'application/xml');
  if (document.querySelector('parsererror') !== null) return undefined;
  const lines: string[] = [];
  let line = '';
  const end = (): void => {
    const words = line.replaceAll(/\s+/g, ' ').trim();
    if (words !== '') lines.push(words);
    line = '';
  };
  const walk = (node: Node): void => {
    if (node.nodeType === 3 || node.nodeType === 4) {
      line += node.nodeValue ?? '';
      return;
    }
    const name = node.nodeName.slice(node.nodeName.indexOf(':') + 1);
    if (cell.test(name)) line += line.trim() === '' ? '' : ' | ';
    else if (inline.test(name)) line += ' ';
    else end();
    for (const child of node.childNodes) walk(child);
    if (inline.test(name)) line += name === 'content' ? '' : ' ';
    else if (!cell.test(name)) end();
  };
  walk(document.documentElement);
  end();
  return lines.join('\n');
}
