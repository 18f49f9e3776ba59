/**
 * Deny messages as administrators write them: text with variables such as `%(reason)%`, the same as
 * on the Firebox and some more. A text is cut once, when the configuration is read; a variable that
 * does not exist is found then, not in somebody's mail.
 */

/** Every variable, with what it says. */
export const variables = {
  reason: 'why, in one sentence',
  type: 'media type of the part, as it was found to be',
  filename: 'file name of the part, or of the member of an archive',
  virus: 'name of the virus',
  action: 'what was done, in one word',
  recovery: 'how to get at the original, or that there is no way',
  rule: 'name of the rule or setting that decided',
  from: 'sender of the message, as it names itself',
  subject: 'subject of the message as it came',
  date: 'date of the message as it came',
  eventid: 'number under which the log has all about it',
} as const

export type Variable = keyof typeof variables

/** Text, and variables to be put in. */
export type Template = readonly (string | { readonly variable: Variable })[]

export type TemplateReading =
  | { readonly ok: true; readonly template: Template }
  /** `unknown`: the first word between `%(` and `)%` that is no variable; `at`: its place in the text. */
  | { readonly ok: false; readonly unknown: string; readonly at: number }

/** Cuts a text into its pieces. */
export function readTemplate(text: string): TemplateReading {
  const pieces: (string | { readonly variable: Variable })[] = []
  let from = 0
  for (const found of text.matchAll(/%\(([^()%]{0,80})\)%/g)) {
    const word = found[1] ?? ''
    if (!isVariable(word)) return { ok: false, unknown: word, at: found.index }
    if (found.index > from) pieces.push(text.slice(from, found.index))
    pieces.push({ variable: word })
    from = found.index + found[0].length
  }
  if (from < text.length) pieces.push(text.slice(from))
  return { ok: true, template: pieces }
}

/** Puts values in. A value is never read again: what looks like a variable in it stays text. */
export function fill(template: Template, values: Readonly<Record<Variable, string>>): string {
  return template.map((piece) => (typeof piece === 'string' ? piece : values[piece.variable])).join('')
}

function isVariable(word: string): word is Variable {
  return Object.hasOwn(variables, word)
}
