/** Edits for one change: a part replaced, the whole content replaced, a header field changed. */
import { BoundaryIndex } from './boundaries.ts'
import { concat, fromOctetString } from './octets.ts'
import type { Edit, Field, Part, Reading } from './types.ts'

/** What comes in the place of a part. */
export interface Content {
  /** Lines `Name: value` without line end, those that describe the content. */
  readonly headers: readonly string[]
  /** As it goes out, encoded as the headers say. */
  readonly body: Uint8Array
}

const crlf = '\r\n'
const empty = new Uint8Array(0)

/**
 * Puts other content in the place of a part; the boundary lines around it stay. The content of a message
 * shares its header with the message: there only the fields that describe content are changed.
 *
 * @returns `undefined` when the content holds a line that is a boundary of the message, or the part has
 * no place of its own (further readings, embedded parts): then its holder is to be replaced, or all be rewritten
 */
export function replacePart(reading: Reading, part: Part, content: Content): readonly Edit[] | undefined {
  if (part.alternative !== undefined || part.kind === 'embedded') return undefined
  if (holdsBoundary(content.body, reading.boundaries)) return undefined
  const holder = reading.parts.find(({ id }) => id === part.parent)
  if (part.parent === undefined || holder?.kind === 'message') return replaceContent(part, content)
  const replacement = concat([
    text(`${content.headers.join(crlf)}${crlf}${crlf}`),
    content.body,
    lineEnd(part),
  ])
  return [{ start: part.start, end: part.end, replacement }]
}

/** The content of the whole message, or of a message inside. */
function replaceContent(part: Part, { headers, body }: Content): readonly Edit[] {
  const [first, ...others] = part.headers.filter(({ name }) => describesContent(name))
  const header = text(headers.map((line) => line + crlf).join(''))
  // A message without body may also lack the blank line before it; one too many does no harm.
  const blank = part.end === part.bodyStart ? text(crlf + crlf) : empty
  const edits = others.map(removeField)
  edits.push({ start: part.bodyStart, end: part.end, replacement: concat([blank, body, lineEnd(part)]) })
  if (first !== undefined) return [{ start: first.start, end: first.end, replacement: header }, ...edits]
  const ownHeader = part.headers.length > 0 ? header : concat([header, text(crlf)])
  return [{ start: part.start, end: part.start, replacement: ownHeader }, ...edits]
}

/** Without a body, the line end before the boundary line is the blank line of the header, which goes too. */
function lineEnd(part: Part): Uint8Array {
  return part.end === part.bodyStart ? text(crlf) : empty
}

/** RFC 2045 §3: fields that begin with `Content-` describe the body; MIME-Version says that they count. */
function describesContent(name: string): boolean {
  return /^(?:content-|mime-version$)/i.test(name)
}

/** Whether two hyphens and a boundary that is in use stand anywhere, whatever the case. */
export function holdsBoundary(octets: Uint8Array, boundaries: readonly string[]): boolean {
  const index = new BoundaryIndex()
  for (const boundary of boundaries) index.add(boundary)
  for (let at = octets.indexOf(0x2d); at >= 0; at = octets.indexOf(0x2d, at + 1)) {
    const start = at + 2
    if (octets[at + 1] === 0x2d && index.walk((distance) => octets[start + distance]).found.length > 0)
      return true
  }
  return false
}

const text = fromOctetString

/** Takes a field away. */
export function removeField({ start, end }: Field): Edit {
  return { start, end, replacement: empty }
}

/** Puts another line, `Name: value` without line end, in a field's place. */
export function changeField({ start, end }: Field, line: string): Edit {
  return { start, end, replacement: text(line + crlf) }
}

/** Puts a line before the header of the message, where relays put theirs. */
export function addField(line: string): Edit {
  return { start: 0, end: 0, replacement: text(line + crlf) }
}
