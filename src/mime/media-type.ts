/** The type out of a Content-Type field (RFC 2045 §5.1), also where it is written as it should not be. */
import { decodeWords } from './words.ts'

export interface MediaType {
  /** `type/subtype` in lower case; `''`: none that can be read. */
  readonly type: string
  readonly odd: boolean
}

const token = "[!#$%&'*+\\-.^_`|~0-9a-z{}]+"
const strict = new RegExp(`^[ \\t]*(${token})/(${token})[ \\t]*$`, 'i')
const loose = new RegExp(`(${token})\\s*/\\s*(${token})`, 'i')

/** Of a value this much is looked at for its type; longer ones do not occur. */
const longestType = 128

/** Every type that some client reads from the value, most likely first. */
export function readMediaTypes(value: string): MediaType[] {
  const head = value.slice(0, longestType).split(';', 1)[0] ?? ''
  const [, type, subtype] = strict.exec(head) ?? []
  if (type !== undefined && subtype !== undefined)
    return [{ type: `${type}/${subtype}`.toLowerCase(), odd: false }]
  const word = head.trim().toLowerCase()
  // Old mailers wrote the type alone; nobody takes it for anything else.
  if (word === '' || word === 'text') return [{ type: word === '' ? '' : 'text/plain', odd: false }]
  const found = new Set<string>()
  for (const text of [withoutComments(head), head, decodeWords(head), head.replace(/["'\x00-\x20]/g, '')]) {
    const match = loose.exec(text)
    if (match !== null) found.add(`${match[1]}/${match[2]}`.toLowerCase())
  }
  for (const guess of ['multipart/mixed', 'message/rfc822']) {
    const known = guess.split('/')[0] ?? ''
    if (word.includes(known) && ![...found].some((each) => each.startsWith(known))) found.add(guess)
  }
  // Some clients take what they cannot read for plain text.
  found.add('')
  return [...found].map((each) => ({ type: each, odd: true }))
}

function withoutComments(text: string): string {
  return text
    .replace(/\([^()]*\)/g, '')
    .replace(/\([^()]*\)/g, '')
    .replace(/\s+/g, '')
}
