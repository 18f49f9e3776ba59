/**
 * Header fields out of the octets of one header (RFC 5322 §2.2). Nothing is refused: a field that only
 * some clients see is kept and says why.
 */
import { octetString } from './octets.ts'
import type { AmbiguityReason, Field } from './types.ts'

export interface RawField extends Field {
  /** Why some clients do not see this field, or see it otherwise. */
  readonly doubt: AmbiguityReason | undefined
  /** Lines behind it that are neither field nor continuation; some clients join them to it. */
  readonly stray: string
}

export interface FieldList {
  readonly fields: readonly RawField[]
  /** There are more fields than the limit allows; the rest is not in the list. */
  readonly cut: boolean
}

/** Of stray lines this much is kept: what clients would join to a field is short. */
const longestStray = 1000

/**
 * @param offset of the first octet in the message
 * @param most fields to take
 */
export function readFields(block: Uint8Array, offset: number, most: number): FieldList {
  const text = octetString(block)
  const plain = splitFields(text, offset, most, false)
  if (!/\r[^\n]/.test(text)) return plain
  const known = new Set(plain.fields.map(identity))
  const others = splitFields(text, offset, most, true).fields.filter((field) => !known.has(identity(field)))
  return {
    fields: [...plain.fields, ...others.map((field) => ({ ...field, doubt: 'bare-cr' as const }))],
    cut: plain.cut,
  }
}

const identity = (field: Field) => `${field.start} ${field.end}`

interface Draft {
  readonly head: FieldHead
  readonly start: number
  end: number
  stray: string
}

function splitFields(text: string, offset: number, most: number, crEndsLines: boolean): FieldList {
  const fields: RawField[] = []
  let draft: Draft | undefined
  let cut = false
  for (let at = 0; at < text.length && !cut; ) {
    const next = lineEnd(text, at, crEndsLines)
    const line = text.slice(at, next)
    const first = draft === undefined && fields.length === 0
    const head = isContinuation(line) && !first ? undefined : readHead(line)
    if (head !== undefined) {
      if (draft !== undefined) fields.push(finishField(text, offset, draft))
      draft = { head, start: at, end: next, stray: '' }
      cut = fields.length >= most
      if (cut) draft = undefined
    } else if (draft !== undefined) {
      if (isContinuation(line) && draft.end === at) draft.end = next
      else if (draft.stray.length < longestStray) draft.stray += ` ${line.slice(0, longestStray)}`
    }
    at = next
  }
  if (draft !== undefined) fields.push(finishField(text, offset, draft))
  return { fields, cut }
}

function finishField(text: string, offset: number, { head, start, end, stray }: Draft): RawField {
  const value = text.slice(start + head.length, end)
  const doubt = head.doubt ?? (value.includes('\0') ? 'header-nul' : undefined)
  return { name: head.name, value, start: offset + start, end: offset + end, doubt, stray }
}

/** Where the line that starts here ends, line end included. */
function lineEnd(text: string, start: number, crEndsLines: boolean): number {
  if (!crEndsLines) {
    const lf = text.indexOf('\n', start)
    return lf < 0 ? text.length : lf + 1
  }
  for (let at = start; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    if (char === 0x0a) return at + 1
    if (char === 0x0d) return text.charCodeAt(at + 1) === 0x0a ? at + 2 : at + 1
  }
  return text.length
}

function isContinuation(line: string): boolean {
  return line.startsWith(' ') || line.startsWith('\t')
}

interface FieldHead {
  readonly name: string
  /** Octets up to and with the colon. */
  readonly length: number
  readonly doubt: AmbiguityReason | undefined
}

/** Names are far shorter; the bound keeps lines without colon cheap. */
const longestName = 1000

/** The name of a field, when the line begins one for any client. RFC 5322 §2.2: printable ASCII, then the colon. */
export function readHead(line: string): FieldHead | undefined {
  const colon = line.slice(0, longestName).indexOf(':')
  if (colon < 0) return undefined
  const written = line.slice(0, colon)
  const name = written.replace(/^[\x00-\x20]+|[\x00-\x20\x7f]+$/g, '')
  if (!/^[\x21-\x39\x3b-\x7e]+$/.test(name)) return undefined
  return { name, length: colon + 1, doubt: name === written ? undefined : 'header-odd-name' }
}

/** Whether a strict reader takes the line for a field. */
export function isStrictField(line: string): boolean {
  const head = readHead(line)
  return head !== undefined && head.doubt === undefined
}

/** The value with the folding undone (RFC 5322 §2.2.3). */
export function unfold(value: string): string {
  return value.replace(/[\r\n]+/g, '')
}
