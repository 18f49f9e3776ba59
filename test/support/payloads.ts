/** Mails with something bad in them, and the proof that none of it has reached a client. */
import assert from 'node:assert/strict'
import { attachment, message, multipart, part, text } from '../../demo/mime.ts'

const BOUNDARY = 'between-the-parts'

/** What hangs on a mail. */
export interface Attached {
  readonly name: string
  readonly content: Uint8Array
}

/** A mail with a text and attachments, CRLF at the line ends. */
export function mailWith(
  subject: string,
  attached: readonly Attached[],
  more: readonly string[] = [],
): Buffer {
  return message(
    [...fields(subject), ...more, `Content-Type: multipart/mixed; boundary="${BOUNDARY}"`],
    multipart(BOUNDARY, [
      part(['Content-Type: text/plain; charset=us-ascii'], text('See what is attached.')),
      ...attached.map(({ name, content }) =>
        attachment('application/octet-stream', `filename="${name}"`, content),
      ),
    ]),
  )
}

/** A mail of plain lines. */
export function plainMail(subject: string, lines: readonly string[], more: readonly string[] = []): Buffer {
  return message([...fields(subject), ...more, 'Content-Type: text/plain; charset=us-ascii'], text(...lines))
}

function fields(subject: string): string[] {
  return [
    'Date: Mon, 05 Jan 2026 10:00:00 +0000',
    'From: Ann Example <ann@example.test>',
    'To: Bob Example <bob@example.test>',
    `Subject: ${subject}`,
    `Message-ID: <${subject.replaceAll(/\W+/g, '.')}@example.test>`,
    'MIME-Version: 1.0',
  ]
}

/** Octets around one part: what must be the same in what is delivered when only that part is changed. */
export interface Around {
  /** All up to the part's headers. */
  readonly before: Buffer
  /** All from the line end in front of the next delimiter. */
  readonly after: Buffer
}

/** @param index of the part in the outermost multipart, from 1 */
export function around(mail: Buffer, boundary: string, index: number): Around {
  const delimiter = `\r\n--${boundary}`
  let at = -1
  for (let count = 0; count < index; count += 1) at = mail.indexOf(delimiter, at + 1)
  const next = mail.indexOf(delimiter, at + 1)
  if (at < 0 || next < 0) throw new Error(`there is no part ${index}`)
  return { before: mail.subarray(0, at + delimiter.length + 2), after: mail.subarray(next) }
}

/** Nothing but that one part (of `mailWith`) has changed, and it has. */
export function assertOnlyPartChanged(
  delivered: Buffer,
  original: Buffer,
  index: number,
  boundary = BOUNDARY,
): void {
  const { before, after } = around(original, boundary, index)
  assert.ok(delivered.subarray(0, before.length).equals(before), 'what stands before the part has changed')
  assert.ok(delivered.subarray(-after.length).equals(after), 'what stands behind the part has changed')
  assert.ok(!delivered.equals(original), 'nothing has changed')
}

/** So many octets of a payload are looked for: enough that no other octets look like them. */
const WINDOW = 45

/** No beginning of a payload is in these octets: neither as it is nor in base64, at whatever place of an encoded file. */
export function assertNoneOf(payloads: readonly Uint8Array[], octets: Buffer): void {
  const text = octets.toString('latin1')
  const joined = text.replaceAll(/=?\r\n/g, '')
  for (const payload of payloads) {
    const window = Buffer.from(payload.subarray(0, WINDOW))
    assert.ok(!text.includes(window.toString('latin1')), 'a payload was delivered')
    for (const shift of [0, 1, 2]) {
      const encoded = Buffer.concat([Buffer.alloc(shift), window]).toString('base64')
      // The first and the last characters hang on what stands beside the payload.
      const sure = encoded.slice(shift === 0 ? 0 : 4, -4)
      assert.ok(!joined.includes(sure), 'a payload was delivered in base64')
    }
  }
}
