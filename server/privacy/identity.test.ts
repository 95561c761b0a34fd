import { describe, expect, it } from 'vitest';
import { isNameOf } from './identity.ts';

const named = (...name: readonly object[]) => ({ resourceType: 'Patient', name });
const alex = named({ use: 'official', family: 'Ashby', given: ['Alex', 'Jane'] });
const maryAnn = named({ family: "O'Neill-Smith", given: ['Mary Ann'] });

describe('a full name as someone wrote it', () => {
  it.each([
    'Alex Ashby',
    'alex ASHBY',
    '  Alex   Ashby ',
    'Álex Ash-by',
    'Alex Jane Ashby',
    'Alex J. Ashby',
    'Alex Any Other Ashby',
    'Ashby, Alex',
    'ASHBY, Alex Jane',
    'Al-ex Ash by',
    'Ashby, Mrs Alex',
  ])('is the person’s: %s', (written) => {
    expect(isNameOf(written, alex)).toBe(true);
  });

  it.each(['Mr', 'Mrs', 'Miss', 'Ms', 'Mx', 'Dr', 'Prof', 'Rev', 'Sir', 'Dame', 'Lord', 'Lady', 'Master', 'DR.'])(
    'is the person’s behind a title: %s',
    (title) => {
      expect(isNameOf(`${title} Alex Ashby`, alex)).toBe(true);
    },
  );

  it.each([
    '',
    'Alex',
    'Ashby',
    'Mrs Ashby',
    'Ashby Alex',
    'Alex Ashb',
    'Ale Ashby',
    'Alexandra Ashby',
    'Jane Ashby',
    'A Ashby',
    'Sam Alex Ashby',
    'Alex Ashby Jones',
    'Mrs Dr Alex Ashby',
    'Alex, Ashby',
    ', Alex',
  ])('is not the person’s: "%s"', (written) => {
    expect(isNameOf(written, alex)).toBe(false);
  });

  it.each(['Mary Ann O’Neill Smith', 'maryann oneillsmith', "Mary-Ann O'Neill Smith", 'O’Neill-Smith, Mary Ann'])(
    'is read whatever its spaces, hyphens and apostrophes: %s',
    (written) => {
      expect(isNameOf(written, maryAnn)).toBe(true);
    },
  );

  it.each(['Mary O’Neill Smith', 'Ann O’Neill Smith', 'Mary Ann Smith', 'Mary Ann O’Neill'])(
    'is whole: not %s',
    (written) => {
      expect(isNameOf(written, maryAnn)).toBe(false);
    },
  );

  it('is any that is in use, and none that was', () => {
    const many = named(
      { use: 'old', family: 'Former', given: ['Alex'] },
      { use: 'anonymous', family: 'Nobody', given: ['Alex'] },
      { use: 'nickname', family: 'Ashby', given: ['Lex'] },
      { family: 'Ashby', given: ['Alex'] },
    );
    expect(['Alex Ashby', 'Lex Ashby', 'Alex Former', 'Alex Nobody'].map((one) => isNameOf(one, many))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it('is of one name: not the given name of one and the family name of another', () => {
    const two = named({ family: 'Ashby', given: ['Alex'] }, { family: 'Wren', given: ['Robin'] });
    expect(isNameOf('Alex Wren', two)).toBe(false);
    expect(isNameOf('Robin Wren', two)).toBe(true);
  });

  it('is in two words where it is one word twice', () => {
    const twice = named({ family: 'Alex', given: ['Alex'] });
    expect(isNameOf('Alex', twice)).toBe(false);
    expect(isNameOf('Alex Alex', twice)).toBe(true);
  });

  it('can be one that begins like a title', () => {
    expect(isNameOf('Lady Ashby', named({ family: 'Ashby', given: ['Lady'] }))).toBe(true);
    expect(isNameOf('Dr Lady Ashby', named({ family: 'Ashby', given: ['Lady'] }))).toBe(true);
  });

  it('needs a given name and a family name to be held against: without them nobody is the person', () => {
    for (const patient of [
      named({ family: 'Ashby' }),
      named({ given: ['Alex'] }),
      named({ family: 'Ashby', given: ['-'] }),
      named({ family: '’', given: ['Alex'] }),
      named({}),
      { resourceType: 'Patient' },
    ])
      for (const written of ['Alex Ashby', 'Ashby', 'Alex', '', ' ', '-'])
        expect(isNameOf(written, patient), written).toBe(false);
  });

  it('keeps numbers and letters of any script', () => {
    expect(isNameOf('Łucja Ærø', named({ family: 'Ærø', given: ['Łucja'] }))).toBe(true);
    expect(isNameOf('Александра Ёлкина', named({ family: 'Елкина', given: ['Александра'] }))).toBe(true);
    expect(isNameOf('Alex Ashby2', alex)).toBe(false);
  });
});
