// Reads a TypeScript or JavaScript file as tokens, so that the checks in walls.mjs never mistake a
// word in a string or a comment for code. The scanner is the TypeScript compiler's own.
import { SyntaxKind } from 'typescript/unstable/ast'
import { createScanner } from 'typescript/unstable/ast/scanner'

/** A slash after one of these begins a division; anywhere else it begins a regular expression. */
const ENDS_A_VALUE = new Set([
  SyntaxKind.Identifier,
  SyntaxKind.NumericLiteral,
  SyntaxKind.BigIntLiteral,
  SyntaxKind.StringLiteral,
  SyntaxKind.NoSubstitutionTemplateLiteral,
  SyntaxKind.TemplateTail,
  SyntaxKind.CloseParenToken,
  SyntaxKind.CloseBracketToken,
  SyntaxKind.CloseBraceToken,
  SyntaxKind.ThisKeyword,
  SyntaxKind.TrueKeyword,
  SyntaxKind.FalseKeyword,
  SyntaxKind.NullKeyword,
])
const COMMENTS = new Set([SyntaxKind.SingleLineCommentTrivia, SyntaxKind.MultiLineCommentTrivia])
const BLANK = new Set([SyntaxKind.WhitespaceTrivia, SyntaxKind.NewLineTrivia, ...COMMENTS])

/**
 * @typedef {{ text: string, line: number, kind: 'word' | 'string' | 'other' }} Token
 * @param {string} text
 * @returns {{ tokens: Token[], comments: { text: string, line: number, first: boolean }[] }}
 *   code and comments, with 1-based lines; `first`: no code stands before it
 */
export function scan(text) {
  // Arguments: newest language, keep blanks and comments, plain TypeScript.
  const scanner = createScanner(
    false,
    0,
    text.replace(/^#!.*/, (shebang) => ' '.repeat(shebang.length)),
  )
  const lineAt = lineFinder(text)
  const tokens = []
  const comments = []
  const braces = []
  let previous
  for (let kind = scanner.scan(); kind !== SyntaxKind.EndOfFile; kind = scanner.scan()) {
    if (COMMENTS.has(kind))
      comments.push({
        text: scanner.getTokenText(),
        line: lineAt(scanner.getTokenStart()),
        first: tokens.length === 0,
      })
    if (BLANK.has(kind)) continue
    if (
      (kind === SyntaxKind.SlashToken || kind === SyntaxKind.SlashEqualsToken) &&
      !ENDS_A_VALUE.has(previous)
    )
      kind = scanner.reScanSlashToken()
    // A template's text is split at each ${...}: remember which closing brace goes back into it.
    if (kind === SyntaxKind.TemplateHead) braces.push('template')
    if (kind === SyntaxKind.OpenBraceToken) braces.push('block')
    if (kind === SyntaxKind.CloseBraceToken && braces.pop() === 'template') {
      kind = scanner.reScanTemplateToken(false)
      if (kind === SyntaxKind.TemplateMiddle) braces.push('template')
    }
    previous = kind
    const quoted = kind === SyntaxKind.StringLiteral || kind === SyntaxKind.NoSubstitutionTemplateLiteral
    const word = kind === SyntaxKind.Identifier || /^[a-z]+$/.test(scanner.getTokenText())
    tokens.push({
      text: quoted ? scanner.getTokenValue() : scanner.getTokenText(),
      line: lineAt(scanner.getTokenStart()),
      kind: quoted ? 'string' : word ? 'word' : 'other',
    })
  }
  return { tokens, comments }
}

/**
 * Every module a file names: `import`, `export … from`, `import(…)`.
 * @param {Token[]} tokens
 * @returns {{ specifier: string, line: number, typeOnly: boolean, dynamic: boolean }[]}
 */
export function imports(tokens) {
  const found = []
  tokens.forEach((token, at) => {
    if (token.kind !== 'word' || (token.text !== 'import' && token.text !== 'export')) return
    if (tokens[at - 1]?.text === '.' || tokens[at + 1]?.text === ':') return
    const next = tokens[at + 1]
    if (token.text === 'import' && next?.text === '(') {
      const specifier = tokens[at + 2]?.kind === 'string' ? tokens[at + 2].text : ''
      found.push({ specifier, line: token.line, typeOnly: false, dynamic: true })
      return
    }
    const source = sourceOf(tokens, at)
    if (source === undefined) return
    const typeOnly = next?.text === 'type' && !['from', ','].includes(tokens[at + 2]?.text ?? '')
    found.push({ specifier: source.text, line: token.line, typeOnly, dynamic: false })
  })
  return found
}

/** The string after `from` (or after a bare `import`) of the statement that begins at `at`. */
function sourceOf(tokens, at) {
  if (tokens[at].text === 'import' && tokens[at + 1]?.kind === 'string') return tokens[at + 1]
  const list = tokens[at + 1]?.text === 'type' ? at + 2 : at + 1
  if (tokens[at].text === 'export' && !['{', '*'].includes(tokens[list]?.text ?? '')) return undefined
  for (let i = list; i < tokens.length; i++) {
    if (tokens[i].text === 'from' && tokens[i + 1]?.kind === 'string') return tokens[i + 1]
    if (tokens[i].kind === 'string' || [';', '=', '('].includes(tokens[i].text)) return undefined
    if (tokens[i].text === '}' && tokens[i + 1]?.text !== 'from') return undefined
  }
  return undefined
}

function lineFinder(text) {
  const ends = [...text.matchAll(/\n/g)].map((match) => match.index)
  return (offset) => {
    let low = 0
    let high = ends.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (ends[middle] < offset) low = middle + 1
      else high = middle
    }
    return low + 1
  }
}
