/**
 * What is delivered in place of a message as it came: Edits over its octets, whose replacements may be
 * long (an age file), or a whole new message. Everything that is not edited keeps its octets.
 */
import type { Examination, Findings } from '../inspect/index.ts'
import type { Field, Part } from '../mime/index.ts'
import {
  type Decision,
  type Entity,
  lockedMessage,
  lockedName,
  lockedPart,
  type MessageNoticeOptions,
  noticeMessage,
  type PartDecision,
  strippedPart,
  taggedSubject,
  unscannedHeaders,
} from '../policy/index.ts'
import type { Locker } from '../ports.ts'

type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** An Edit whose replacement is made when it is sent. */
interface Change {
  readonly start: number
  readonly end: number
  readonly replacement: () => Pieces
}

export interface Rendering {
  readonly findings: Findings
  readonly decision: Decision
  readonly options: MessageNoticeOptions
}

/** Whether a Decision changes anything of the message. */
export function changes({ outcome, parts, headers, tags, unscanned }: Decision): boolean {
  return outcome !== 'deliver' || parts.length + headers.length + tags.length + unscanned.length > 0
}

/** The octets to deliver; each piece is valid until the next one is asked for. */
export function render(examination: Examination, rendering: Rendering, locker: Locker): Pieces {
  const { decision, options, findings } = rendering
  if (decision.outcome === 'deliver') {
    const edits = editsOf(examination, rendering, locker)
    if (edits !== undefined) return applied(examination, edits, findings.size)
  }
  // A place that cannot be edited is locked away with everything around it.
  if (decision.outcome === 'deliver' || decision.outcome === 'lock') {
    const { before, after } = lockedMessage(options)
    return joined([before], base64Lines(locker.lockStream(examination.content())), [after])
  }
  return [noticeMessage(options)]
}

/** `undefined`: something that has to go stands where it cannot be cut out by itself. */
function editsOf(
  examination: Examination,
  { findings, decision, options }: Rendering,
  locker: Locker,
): readonly Change[] | undefined {
  const { reading } = findings
  const edits: Change[] = []
  for (const one of decision.parts) {
    const part = reading.parts.find(({ id }) => id === one.top)
    if (part === undefined || !(part.streamed || part.kind === 'message')) return undefined
    const made = partEntity(examination, part, one, options, locker)
    const holder = reading.parts.find(({ id }) => id === part.parent)
    if (part.parent === undefined || holder?.kind === 'message')
      edits.push(...wholeBody(part, part.parent === undefined ? reading.headers : part.headers, made))
    else
      edits.push({
        ...{ start: part.start, end: part.end },
        replacement: () => joined([made.headers, crlf], made.body()),
      })
  }
  for (const index of decision.headers) {
    const field = reading.headers[index]
    if (field === undefined) return undefined
    edits.push({ start: field.start, end: field.end, replacement: () => [] })
  }
  edits.push(...subjectEdits(reading.headers, decision, options))
  if (decision.unscanned.length > 0) {
    const lines = unscannedHeaders(decision.unscanned)
    edits.push({ start: 0, end: 0, replacement: () => [lines] })
  }
  return inOrder(edits)
}

interface Made {
  readonly headers: Uint8Array
  readonly body: () => Pieces
}

function partEntity(
  examination: Examination,
  part: Part,
  one: PartDecision,
  options: MessageNoticeOptions,
  locker: Locker,
): Made {
  const seeded = { ...options, seed: `${options.seed}.${part.id.replaceAll(/[^0-9A-Za-z.]/g, '-')}` }
  if (one.action === 'strip') {
    const { headers, body }: Entity = strippedPart(seeded, one)
    return { headers, body: () => [body] }
  }
  const { headers, before, after } = lockedPart(seeded, one, lockedName(part.fileNames[0], part.id))
  return {
    headers,
    body: () => joined([before], base64Lines(locker.lockStream(examination.partContent(part))), [after]),
  }
}

/** The body of a whole message: its own Content-* fields go, all others stay as they are. */
function wholeBody(part: Part, fields: readonly Field[], made: Made): Change[] {
  const own = fields.filter(({ name }) => /^(?:content-|mime-version$)/i.test(name))
  const headersEnd = Math.max(part.start, ...fields.map(({ end }) => end))
  return [
    ...own.map(({ start, end }): Change => ({ start, end, replacement: () => [] })),
    {
      ...{ start: headersEnd, end: part.end },
      replacement: () => joined([mimeVersion, made.headers, crlf], made.body()),
    },
  ]
}

function subjectEdits(
  fields: readonly Field[],
  { tags }: Decision,
  { facts, utf8 }: MessageNoticeOptions,
): Change[] {
  if (tags.length === 0) return []
  const line = taggedSubject(tags, facts.subject, utf8)
  const [first, ...more] = fields.filter(({ name }) => name.toLowerCase() === 'subject')
  if (first === undefined) return [{ start: 0, end: 0, replacement: () => [line] }]
  return [
    { start: first.start, end: first.end, replacement: () => [line] },
    ...more.map(({ start, end }): Change => ({ start, end, replacement: () => [] })),
  ]
}

/** Sorted; what lies inside another edit goes with it. `undefined`: two overlap. */
function inOrder(edits: readonly Change[]): readonly Change[] | undefined {
  const sorted = edits.toSorted((a, b) => a.start - b.start || b.end - a.end)
  const kept: Change[] = []
  for (const edit of sorted) {
    const last = kept.at(-1)
    if (last === undefined || edit.start >= last.end) kept.push(edit)
    else if (edit.end > last.end) return undefined
  }
  return kept
}

async function* applied(
  examination: Examination,
  edits: readonly Change[],
  size: number,
): AsyncIterable<Uint8Array> {
  let at = 0
  for (const { start, end, replacement } of edits) {
    if (at < start) yield* examination.content(at, start)
    yield* replacement()
    at = end
  }
  if (at < size) yield* examination.content(at, size)
}

async function* joined(...groups: readonly Pieces[]): AsyncIterable<Uint8Array> {
  for (const group of groups) yield* group
}

/** RFC 2045 §6.8: lines of 76 characters. 57 octets make one. */
async function* base64Lines(octets: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const octetsPerLine = 57
  let rest = Buffer.alloc(0)
  for await (const piece of octets) {
    const all = Buffer.concat([rest, piece])
    const whole = all.length - (all.length % octetsPerLine)
    if (whole > 0) yield lines(all.subarray(0, whole))
    rest = Buffer.from(all.subarray(whole))
  }
  if (rest.length > 0) yield lines(rest)
}

function lines(octets: Buffer): Uint8Array {
  return Buffer.from(octets.toString('base64').replaceAll(/.{1,76}/g, '$&\r\n'), 'latin1')
}

const crlf = new TextEncoder().encode('\r\n')
const mimeVersion = new TextEncoder().encode('MIME-Version: 1.0\r\n')
