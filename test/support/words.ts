/** Small pieces that test mails are made of: a header, a mail, octets that look random and are not. */

/** Octets of a linear congruential generator: the same for the same seed. */
export function noise(length: number, seed: number): Buffer {
  const bytes = Buffer.allocUnsafe(length)
  let state = (seed * 2_654_435_761) >>> 0
  for (let index = 0; index < length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[index] = state >>> 24
  }
  return bytes
}

/** Header lines as every mail has them, without the empty line after them. */
export function header(subject: string): string {
  return (
    'Return-Path: <ann@example.test>\n' +
    'From: Ann Example <ann@example.test>\n' +
    'To: Bob Example <bob@example.test>\n' +
    `Subject: ${subject}\n` +
    'Date: Mon, 05 Jan 2026 10:00:00 +0000\n' +
    'Message-ID: <1@example.test>\n'
  )
}

/** A mail with LF at the line ends; `body` is taken as it is. */
export const mail = (subject: string, body: string): string => `${header(subject)}\n${body}`
