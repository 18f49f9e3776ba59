/**
 * A whole message in the place of another: it keeps who, to whom, what about and when, where these are
 * safe, so that people find it where the original would be.
 */
import { fold, headerText } from './encode.ts'
import { alternative, lockedName, type NoticeOptions, withAttachment } from './notice.ts'
import { type NoticeSubject, noticeText } from './notice-text.ts'
import { isPlain, oneLine } from './safe-text.ts'
import type { ContentRules, Decision, MessageFacts, Unscanned, Verdict } from './types.ts'

/** Longest value of a header that is kept: some hundred recipients. */
const longestKept = 8000

export interface MessageNoticeOptions extends NoticeOptions {
  /** For a message without a date that can be kept: now, as RFC 5322 §3.3 writes it. */
  readonly now: string
}

/** In the place of a message that is not delivered. */
export function noticeMessage(options: MessageNoticeOptions): Uint8Array {
  const { headers, body } = alternative(noticeText(options, subjectOf(options.decision)), options)
  return octets(`${messageHeaders(options)}${headers}\r\n${body}`)
}

/** The same with the whole message as an age file; its base64 lines belong between both. */
export function lockedMessage(options: MessageNoticeOptions): {
  readonly before: Uint8Array
  readonly after: Uint8Array
} {
  const subject = subjectOf(options.decision)
  const name = lockedName(undefined, '')
  const { headers, before, after } = withAttachment(options, {
    ...subject,
    action: 'lock',
    lockedName: name,
  })
  return { before: join(octets(messageHeaders(options)), headers, octets('\r\n'), before), after }
}

/** Header lines for a message that goes out although a scanner was out of order. */
export function unscannedHeaders(unscanned: readonly Unscanned[]): Uint8Array {
  const lines = unscanned.map(({ scanner, reason }) => {
    const field = 'X-Postern-Unscanned: '
    return `${field}${headerText(oneLine(`${scanner}; ${reason}`), false, field.length)}\r\n`
  })
  return octets(lines.join(''))
}

/**
 * The Subject line of a message that gets tags. One that has a tag already gets it again: strangers
 * may write tags, too.
 */
export function taggedSubject(tags: readonly string[], subject: string, utf8: boolean): Uint8Array {
  const field = 'Subject: '
  const text = oneLine([...tags, subject].join(' '), longestSubject)
  return octets(`${field}${headerText(text, utf8, field.length)}\r\n`)
}

/** Longest subject that is written anew, in characters; nobody reads further. */
const longestSubject = 500

function subjectOf({ action, why, verdicts }: Decision): NoticeSubject {
  return {
    action,
    why: why ?? nothing,
    all: verdicts.filter((verdict) => verdict.action !== 'allow'),
    lockedName: undefined,
  }
}

/** For a notice about a message of which nothing was said; callers do not make one. */
const nothing: Verdict = {
  ruleset: 'limitExceeded',
  rule: 'none',
  action: 'replace',
  on: { kind: 'message' },
  reason: 'the message cannot be delivered as it is',
  evidence: '',
  virus: undefined,
  scanner: undefined,
  alarm: false,
  log: false,
}

function messageHeaders(options: MessageNoticeOptions): string {
  const { facts, decision, eventId, now, rules, utf8 } = options
  const date = only(facts, 'Date')
  // RFC 5322 §3.6: Date and From MUST stand in every message.
  const lines = [
    address(facts, 'From') ?? 'From: Postern <postern@postern.invalid>\r\n',
    address(facts, 'To') ?? '',
    address(facts, 'Cc') ?? '',
    subjectLine(facts, rules, utf8),
    `Date: ${date !== undefined && isDate(date) ? date : now}\r\n`,
    messageId(facts),
    'MIME-Version: 1.0\r\n',
    actionLine(decision, eventId),
  ]
  return lines.join('')
}

function subjectLine({ subject }: MessageFacts, { subjectTag }: ContentRules, utf8: boolean): string {
  const field = 'Subject: '
  return `${field}${headerText(oneLine(`${subjectTag} ${oneLine(subject)}`), utf8, field.length)}\r\n`
}

function actionLine({ action, why }: Decision, eventId: string): string {
  const field = 'X-Postern-Action: '
  const text = `${action}; event=${oneLine(eventId)}; rule=${oneLine(why?.rule ?? 'none')}`
  return `${field}${headerText(text, false, field.length)}\r\n`
}

/**
 * A header of addresses as it came, folded anew, when it is plain ASCII; else the bare addresses in it.
 * `undefined` when there is none, more than one, or nothing in it that is safe.
 */
function address(facts: MessageFacts, name: 'From' | 'To' | 'Cc'): string | undefined {
  const raw = only(facts, name)
  if (raw === undefined || raw === '') return undefined
  const kept = isPlain(raw) ? fold(raw, name.length + 2) : undefined
  if (kept !== undefined) return `${name}: ${kept}\r\n`
  const bare = [...raw.matchAll(/<([\x21-\x3b\x3d\x3f-\x7e]{1,250})>/g)]
    .map((found) => found[1] ?? '')
    .filter((found) => /^[^@\s",;:()<>[\]\\]{1,64}@[A-Za-z0-9.-]{1,180}$/.test(found))
  const list = fold([...new Set(bare)].join(', '), name.length + 2)
  return bare.length === 0 || list === undefined ? undefined : `${name}: ${list}\r\n`
}

/** RFC 5322 §3.6.4, without its obsolete forms. */
function messageId(facts: MessageFacts): string {
  const id = only(facts, 'Message-ID') ?? ''
  return /^<[\x21-\x3b\x3d\x3f-\x7e]{3,250}>$/.test(id) ? `Message-ID: ${id}\r\n` : ''
}

/** Looks like RFC 5322 §3.3, and can do no harm whatever it says. */
function isDate(text: string): boolean {
  return /^[A-Za-z0-9:+, -]{10,50}$/.test(text) && /\d\d:\d\d/.test(text)
}

/** The raw value of a header that stands exactly once, unfolded. */
function only({ headers }: MessageFacts, name: string): string | undefined {
  const found = headers.filter((header) => header.name.toLowerCase() === name.toLowerCase())
  const raw = found.length === 1 ? found[0]?.raw : undefined
  if (raw === undefined || raw.length > longestKept) return undefined
  // RFC 5322 §2.2.3: unfolding takes the line end in front of a blank away. What is left of line ends is no folding.
  return raw
    .replaceAll(/\r\n(?=[ \t])/g, '')
    .replaceAll('\t', ' ')
    .trim()
}

function octets(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function join(...pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
