import { createHash } from 'node:crypto';
import type { LoadedCategory } from '../config/config.ts';
import type { DocumentRules } from '../federation/documents/verdict.ts';
import { createSigns } from './signs.ts';
import { createWordTest, plain, wordRules } from './words.ts';

/** Goes up when {@link variantsOf} or the reading of codes changes. */
const rules = '2';

/**
 * A document's text as it stands, and as whoever reads it puts it together: without hyphens at the ends of lines, and with
 * letters that are s p a c e d out as one word. What is invisible between letters is gone from both.
 */
function variantsOf(text: string): readonly string[] {
  const read = plain(text);
  const joined = read
    .replaceAll(/(?<=\p{L})[-\u2010\u00ac][ \t]*\r?\n\s*(?=\p{L})/gu, '')
    .replaceAll(/(?<![\p{L}\p{N}])\p{L}(?:[ \u00a0]\p{L}){2,}(?![\p{L}\p{N}])/gu, (spaced) =>
      spaced.replaceAll(/[ \u00a0]/g, ''),
    );
  return joined === read ? [read] : [read, joined];
}

/** Codes as CDA has them: `code` and `codeSystem` of one element, in either order, on one line or on several. */
const codes =
  /\bcode\s*=\s*["']([^"'\n]{2,40})["'][^<>]{0,200}?\bcodeSystem\s*=\s*["']([^"'\n]{1,80})["']|\bcodeSystem\s*=\s*["']([^"'\n]{1,80})["'][^<>]{0,200}?\bcode\s*=\s*["']([^"'\n]{2,40})["']/g;

/**
 * The rules for documents of these categories. A category whose `mention` is `show` is told too: what follows from it is
 * decided where the document is (document-withholding.ts).
 */
export function createDocumentRules(categories: readonly LoadedCategory[]): DocumentRules {
  const enabled = categories.filter((category) => category.enabled);
  const known = enabled.map((category) => ({ id: category.id, signs: createSigns([category]) }));
  const anyWord = createWordTest(enabled);
  const version = createHash('sha256')
    .update(
      JSON.stringify([
        rules,
        wordRules,
        enabled.map(({ id, terms, termsAsWritten, benign, listedCodes }) => [
          id,
          terms,
          termsAsWritten,
          benign,
          listedCodes,
        ]),
      ]),
    )
    .digest('base64url');
  return {
    version,
    categoriesIn: (text) => {
      const telling = variantsOf(text).filter(anyWord);
      const coded = [...text.matchAll(codes)].map(([, code, system, systemFirst, codeLast]) => ({
        code: code ?? codeLast,
        system: system ?? systemFirst,
      }));
      return known
        .filter(
          ({ signs }) => telling.some(signs.words) || coded.some((one) => signs.coding(one.system, one.code, false)),
        )
        .map(({ id }) => id);
    },
  };
}
