/**
 * Notices as mail: an entity that stands in the place of a part, and a whole message that stands in the
 * place of another. Text and a small HTML alternative; ASCII alone leaves unless UTF8 mode is on.
 */
import { encodeBody, parameter } from './encode.ts'
import { spellings } from './names.ts'
import { type NoticeContext, type NoticeSubject, noticeText } from './notice-text.ts'
import { escapeHtml, oneLine } from './safe-text.ts'
import type { PartDecision } from './types.ts'

export interface NoticeOptions extends NoticeContext {
  /** Whether 8-bit text may leave: the client has asked for UTF8 mode (RFC 6856). */
  readonly utf8: boolean
  /** Random text, letters and digits, not used in the message before: boundaries are made from it. */
  readonly seed: string
}

/**
 * A MIME entity: `headers` are its Content-* lines, each with its CRLF, without the empty line behind
 * them. For the root of a message they take the place of the message's own Content-* lines.
 */
export interface Entity {
  readonly headers: Uint8Array
  readonly body: Uint8Array
}

/** An entity with a hole: the base64 lines of the age file, each with its CRLF, belong between both. */
export interface LockedEntity {
  readonly headers: Uint8Array
  readonly before: Uint8Array
  readonly after: Uint8Array
}

/** Most characters of a locked file's name before `.age`: percent-encoded it still fits into one line. */
const longestLockedName = 60

/** In the place of a part that is stripped. */
export function strippedPart(options: NoticeOptions, part: PartDecision): Entity {
  const subject = { action: part.action, why: part.why, all: part.all, lockedName: undefined }
  const { headers, body } = alternative(noticeText(options, subject), options)
  return { headers: octets(headers), body: octets(body) }
}

/** In the place of a part that is locked: the notice, and beside it the age file. */
export function lockedPart(options: NoticeOptions, part: PartDecision, name: string): LockedEntity {
  return withAttachment(options, { action: 'lock', why: part.why, all: part.all, lockedName: name })
}

/** Notice and attachment, for a part or a whole message. */
export function withAttachment(options: NoticeOptions, subject: NoticeSubject): LockedEntity {
  const name = subject.lockedName ?? lockedName(undefined, '')
  const boundary = `=_${options.seed}.mixed`
  const notice = alternative(noticeText(options, subject), options)
  const attachment =
    `Content-Type: application/octet-stream${parameter('name', name)}\r\n` +
    'Content-Transfer-Encoding: base64\r\n' +
    `Content-Disposition: attachment${parameter('filename', name)}\r\n`
  return {
    headers: octets(`Content-Type: multipart/mixed; boundary="${boundary}"\r\n`),
    before: octets(
      `--${boundary}\r\n${notice.headers}\r\n${notice.body}\r\n--${boundary}\r\n${attachment}\r\n`,
    ),
    after: octets(`--${boundary}--\r\n`),
  }
}

/**
 * What the age file of a part is called: `report.pdf.age`.
 *
 * @param name the part's most likely name
 * @param id the part, when it has none
 */
export function lockedName(name: string | undefined, id: string): string {
  const tidy = oneLine(spellings(name ?? '').at(-1) ?? '', longestLockedName)
    .replaceAll(/[/\\:*?"<>|;]/g, '_')
    .replace(/^\.+/, '')
  if (tidy !== '') return `${tidy}.age`
  return id === '' ? 'message.eml.age' : `part-${id.replaceAll(/[^0-9A-Za-z.]/g, '-')}.age`
}

/** The notice as multipart/alternative. */
export function alternative(
  text: string,
  { utf8, seed }: Pick<NoticeOptions, 'utf8' | 'seed'>,
): { readonly headers: string; readonly body: string } {
  const boundary = `=_${seed}.alternative`
  const plain = encodeBody(text, utf8)
  const html = encodeBody(toHtml(text), utf8)
  const one = (type: string, { encoding, body }: typeof plain) =>
    `--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\n` +
    `Content-Transfer-Encoding: ${encoding}\r\n\r\n${body}`
  return {
    headers: `Content-Type: multipart/alternative; boundary="${boundary}"\r\n`,
    body: `${one('text/plain', plain)}${one('text/html', html)}--${boundary}--\r\n`,
  }
}

/** All of the text is text: nothing of it, nor of the values in it, can become markup. */
function toHtml(text: string): string {
  const paragraphs = text.split(/\n{2,}/).map((paragraph) => {
    const lines = paragraph.split('\n').map(escapeHtml)
    return `<p>${lines.join('<br>\n')}</p>`
  })
  return ['<!DOCTYPE html>', '<html><body>', ...paragraphs, '</body></html>'].join('\n')
}

function octets(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
