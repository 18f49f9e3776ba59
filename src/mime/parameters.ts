/**
 * Parameters of Content-Type and Content-Disposition (RFC 2045 §5.1, RFC 2231), as every kind of client
 * takes them: each has all its values, most likely first.
 */
import { readable } from './octets.ts'
import { decodeCharset, decodePercent } from './words.ts'

export interface Parameter {
  /** Every value that some client takes, most likely first, none twice. Octet strings turned readable. */
  readonly values: readonly string[]
  /** More than one parameter of this name, or a plain one beside an extended one, with different values. */
  readonly twice: boolean
  /** Quotes, blanks, comments or line ends that clients take differently. */
  readonly odd: boolean
  /** Only in the form of RFC 2231, which some clients do not know. */
  readonly extended: boolean
}

export interface Parameters {
  readonly map: ReadonlyMap<string, Parameter>
  /** There are more than the limit allows. */
  readonly cut: boolean
}

/** One `name=value` as written. */
interface Written {
  /** Lower case, with the stars of RFC 2231. */
  readonly name: string
  readonly values: readonly string[]
}

/**
 * @param value the field's value with the folding undone
 * @param most parameters to take
 */
export function readParameters(value: string, most: number): Parameters {
  const written = split(value, most)
  const map = new Map<string, Parameter>()
  const plain = groupBy(
    written.filter(({ name }) => !name.includes('*')),
    ({ name }) => name,
  )
  const extended = groupBy(
    written.filter(({ name }) => name.includes('*')),
    ({ name }) => name.slice(0, name.indexOf('*')),
  )
  for (const name of new Set([...plain.keys(), ...extended.keys()])) {
    const simple = plain.get(name) ?? []
    const joined = joinExtended(extended.get(name) ?? [])
    const firsts = new Set([...joined, ...simple.map(({ values }) => readable(values[0] ?? ''))])
    const values = new Set([...firsts, ...simple.flatMap((each) => each.values.map(readable))])
    map.set(name, {
      values: [...values],
      twice: firsts.size > 1,
      odd: simple.some((each) => new Set(each.values).size > 1),
      extended: simple.length === 0,
    })
  }
  return { map, cut: written.length >= most }
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const group = groups.get(keyOf(item))
    if (group === undefined) groups.set(keyOf(item), [item])
    else group.push(item)
  }
  return groups
}

/** RFC 2231 §3, §4: sections joined, then decoded; what clients make of gaps and repetitions comes behind. */
function joinExtended(written: readonly Written[]): string[] {
  const sections = new Map<number, { text: string; encoded: boolean }>()
  const whole: string[] = []
  let repeated = false
  for (const { name, values } of written) {
    const text = values[0] ?? ''
    const [, index, star] = /\*(\d{1,6})?(\*)?$/.exec(name) ?? []
    if (index === undefined) whole.push(decodeExtended(text))
    else if (sections.has(Number(index))) repeated = true
    else sections.set(Number(index), { text, encoded: star !== undefined })
  }
  if (sections.size === 0) return [...new Set(whole)]
  const order = [...sections.keys()].sort((a, b) => a - b)
  const gap = order.findIndex((index, at) => index !== at)
  const all = joinSections(order.flatMap((index) => sections.get(index) ?? []))
  const results = [all, ...whole]
  // RFC 2231 §3: sections count from 0 without gaps; some clients stop at a gap.
  if (gap > 0) results.push(joinSections(order.slice(0, gap).flatMap((index) => sections.get(index) ?? [])))
  if (repeated) results.push(readable(written.map(({ values }) => values[0] ?? '').join('')))
  return [...new Set(results)]
}

function joinSections(sections: readonly { text: string; encoded: boolean }[]): string {
  const [first] = sections
  if (first === undefined) return ''
  const parts = first.encoded ? /^([^']*)'[^']*'(.*)$/s.exec(first.text) : null
  const texts = sections.map(({ text, encoded }, index) => {
    const own = index === 0 && parts !== null ? (parts[2] ?? '') : text
    return encoded ? decodePercent(own) : own
  })
  return decodeCharset(texts.join(''), parts?.[1] ?? '')
}

/** RFC 2231 §4: charset, language and percent-encoded text between apostrophes; without them, just text. */
function decodeExtended(text: string): string {
  const [, charset = '', encoded = text] = /^([^']*)'[^']*'(.*)$/s.exec(text) ?? []
  return decodeCharset(decodePercent(encoded), charset)
}

/** Everything behind the first `;`, `,` or blank of the value: types never hold one, and clients are lenient. */
function split(value: string, most: number): Written[] {
  const found: Written[] = []
  let at = value.search(/[;]/)
  if (at < 0) at = value.search(/\S\s+\S/) + 1 || value.length
  while (at < value.length && found.length < most) {
    at = skip(value, at, /[;,\s]/)
    at = skipComment(value, at)
    const nameStart = at
    at = skip(value, at, /[^=;\s(]/)
    const name = value.slice(nameStart, at).toLowerCase()
    at = skipComment(value, skip(value, at, /\s/))
    if (value[at] !== '=') {
      // A word without value; nothing is taken twice, so a step forward is due.
      if (at === nameStart) at += 1
      continue
    }
    at = skipComment(value, skip(value, at + 1, /\s/))
    const taken = value[at] === '"' ? quotedValue(value, at) : bareValue(value, at)
    at = taken.end
    if (name !== '') found.push({ name, values: taken.values })
    for (const more of taken.hidden) if (found.length < most) found.push(more)
  }
  return found
}

function skip(text: string, from: number, what: RegExp): number {
  let at = from
  while (at < text.length && what.test(text.charAt(at))) at += 1
  return at
}

/** RFC 5322 §3.2.2: comments nest; one that does not end is none. */
function skipComment(text: string, from: number): number {
  if (text[from] !== '(') return from
  let depth = 0
  for (let at = from; at < text.length; at += 1) {
    const char = text[at]
    if (char === '\\') at += 1
    else if (char === '(') depth += 1
    else if (char === ')') {
      depth -= 1
      if (depth === 0) return skip(text, at + 1, /\s/)
    }
  }
  return text.length
}

interface Taken {
  readonly values: readonly string[]
  /** Parameters that some clients see inside a value that was not closed or not separated. */
  readonly hidden: readonly Written[]
  readonly end: number
}

function quotedValue(text: string, start: number): Taken {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  const raw = text.slice(start + 1, Math.min(at, text.length))
  const cooked = raw.replace(/\\(.)/gs, '$1')
  if (at >= text.length) {
    const semicolon = text.indexOf(';', start)
    const short = text.slice(start + 1, semicolon < 0 ? text.length : semicolon).trimEnd()
    return { values: [cooked, short, `"${short}`, raw], hidden: [], end: text.length }
  }
  const semicolon = text.indexOf(';', at)
  const end = semicolon < 0 ? text.length : semicolon
  const rest = text
    .slice(at + 1, end)
    .replace(/\([^()]*\)/g, '')
    .trim()
  // Parameters that follow without semicolon are seen by the walk; other text belongs to the value for some.
  if (rest === '' || /^\S+\s*=/.test(rest)) return { values: [cooked, raw], hidden: [], end: at + 1 }
  return { values: [cooked, raw, cooked + rest.replaceAll('"', ''), `"${raw}"${rest}`], hidden: [], end }
}

function bareValue(text: string, start: number): Taken {
  const semicolon = text.indexOf(';', start)
  const end = semicolon < 0 ? text.length : semicolon
  const whole = text.slice(start, end).trimEnd()
  const [word = ''] = /^[^\s(]*/.exec(whole) ?? []
  const values = [whole]
  const separated = /^(\S+)\s+([^\s=]+\s*=.*)$/.exec(whole)
  if (separated !== null) values.unshift(separated[1] ?? '')
  if (word !== '' && word !== whole) values.push(word)
  const [, quoted] = /^'(.*)'$/.exec(whole) ?? []
  if (quoted !== undefined) values.push(quoted)
  return { values: [...new Set(values)], hidden: separated === null ? [] : hiddenIn(separated[2] ?? ''), end }
}

/** Parameters behind a blank instead of a semicolon. */
function hiddenIn(text: string): Written[] {
  const [, name = '', value = ''] = /^([^\s=]+)\s*=\s*(.*)$/.exec(text) ?? []
  const bare = /^"([^"]*)"?/.exec(value)?.[1] ?? value
  return name === '' ? [] : [{ name: name.toLowerCase(), values: [bare] }]
}
