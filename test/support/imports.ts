export interface Import {
  /** Undefined: computed at run time, so nobody can say what it imports. */
  specifier: string | undefined;
  /** It is erased: nothing of it is there at run time. */
  typeOnly: boolean;
}

// TypeScript 7 has no API that parses, so a regular expression reads over everything that could hide or imitate an
// import (comments, regular expressions, strings) and stops at the imports.
const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//;
const regularExpression = /(?<=[=(,:!&|?]\s*)\/(?![*/])(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\//;
const declaration =
  /\b(?:import|export)\s+(?<type>type\s+)?(?:[\w$*\s{},]+?\sfrom\s*)?(?<quote>['"])(?<declared>[^'"\n]*)\k<quote>/;
const call =
  /(?<![.\w])(?:import(?:\.meta\.resolve)?|require(?:\.resolve)?)\s*\(\s*(?:(?<callQuote>['"])(?<called>[^'"\n]*)\k<callQuote>)?/;
const text = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/;

const tokens = new RegExp(
  [comment, regularExpression, declaration, call, text].map(({ source }) => source).join('|'),
  'gs',
);

/** Everything that a TypeScript or JavaScript source imports, in order. */
export function importsOf(source: string): Import[] {
  const imports: Import[] = [];
  for (const { 0: token, groups = {} } of source.matchAll(tokens)) {
    const { type, declared, called } = groups;
    if (declared !== undefined) imports.push({ specifier: declared, typeOnly: type !== undefined });
    else if (/^(?:import|require)\b/.test(token))
      imports.push({ specifier: called, typeOnly: false });
  }
  return imports;
}
