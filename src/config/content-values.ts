/** Readers of the values that content settings are written in. */
import ipaddr from 'ipaddr.js'
import { RE2JS } from 're2js'
import {
  isTrait,
  readTemplate,
  type Template,
  type Trait,
  traits,
  unknownType,
  variables,
} from '../policy/index.ts'
import { suggestion } from './suggest.ts'
import type { Parsed } from './values.ts'

/** Longest pattern: matching a text takes time times the pattern's length. */
const longestPattern = 1000
/** Longest deny message: it stands in every notice, twice. */
const longestDenyMessage = 10_000
/** Longest tag: what follows it must still be seen in a list of messages. */
const longestTag = 60

export function parseAuto(text: string): Parsed<'auto'> {
  if (text === 'auto') return { ok: true, value: 'auto' }
  const near = /^(yes|on|enabled)$/i.test(text)
    ? ', did you mean true?'
    : /^(no|off|disabled)$/i.test(text)
      ? ', did you mean false?'
      : suggestion(text, ['auto'])
  return no(`${show(text)} is not one of auto, true or false${near}`)
}

export function parseWildcard(text: string): Parsed<string> {
  if (text.length > longestPattern)
    return no(`the pattern is ${text.length} characters long; the most is ${longestPattern}`)
  if (/[\x00-\x1f\x7f]/.test(text)) return no(`${show(text)} holds a control character`)
  return { ok: true, value: text }
}

/** A pattern that some content type can match: `type/subtype`, `unknown`, or nothing for a part that declares none. */
export function parseMediaType(text: string): Parsed<string> {
  if (text === '' || text.includes('*') || text.toLowerCase() === unknownType) return parseWildcard(text)
  if (/^[^\s/;]+\/[^\s/;]+$/.test(text)) return parseWildcard(text)
  const remedy = text.includes(';')
    ? 'leave out the ";" and what follows'
    : `expected type/subtype such as application/pdf, image/* or ${unknownType}`
  return no(`${show(text)} can match no content type; ${remedy}`)
}

export function parseRegex(text: string): Parsed<RE2JS> {
  if (text === '') return no('the regular expression is empty: it would match everything')
  if (text.length > longestPattern)
    return no(`the regular expression is ${text.length} characters long; the most is ${longestPattern}`)
  try {
    // First without the flag: re2js would show it in its words as part of the expression.
    RE2JS.compile(text)
    return { ok: true, value: RE2JS.compile(text, RE2JS.CASE_INSENSITIVE) }
  } catch (fault) {
    const words = fault instanceof Error ? fault.message : String(fault)
    return no(`${show(text)} is not a regular expression: ${words}`)
  }
}

export function parseTrait(text: string): Parsed<Trait> {
  if (isTrait(text)) return { ok: true, value: text }
  const known = Object.keys(traits)
  return no(`no trait is called ${show(text)}${suggestion(text, known) || `; there are ${known.join(', ')}`}`)
}

export function parseTag(text: string): Parsed<string> {
  if (text.trim() === '') return no('the tag is empty')
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) return no('the tag holds a control character: it is one line')
  if (text.length > longestTag)
    return no(`the tag is ${text.length} characters long; the most is ${longestTag}`)
  return { ok: true, value: text.trim() }
}

export function parseDenyMessage(text: string): Parsed<Template> {
  if (text.trim() === '') return no('the deny message is empty')
  if (text.length > longestDenyMessage)
    return no(`the deny message is ${text.length} characters long; the most is ${longestDenyMessage}`)
  if (/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(text)) return no('the deny message holds a control character')
  const reading = readTemplate(text)
  if (reading.ok) return { ok: true, value: reading.template }
  const known = Object.keys(variables)
  const line = text.slice(0, reading.at).split('\n').length
  return no(
    `there is no variable %(${reading.unknown})% (line ${line} of the text)${suggestion(reading.unknown, known) || `; there are ${known.join(', ')}`}`,
  )
}

export function parseScannerAddress(text: string): Parsed<string> {
  const expects = 'expected unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310'
  if (text.startsWith('unix:'))
    return /^unix:\/[^\0]+$/.test(text)
      ? { ok: true, value: text }
      : no(`${show(text)} is no whole path; ${expects}`)
  const [, v6, host, digits = ''] =
    /^tcp:\/\/(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]@?#]+)):(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  const sound = v6 === undefined ? host !== undefined : ipaddr.IPv6.isValid(v6)
  if (!sound || port < 1 || port > 65_535)
    return no(`${show(text)} is not where a scanner listens; ${expects}`)
  return { ok: true, value: text }
}

/** A value as a message shows it: short, and safe to print. */
function show(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text)
}

function no(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message }
}
