/** Between octets and text, for the short texts of a protocol: each octet is the character of its number. */

/** Octets that one call may turn into arguments; engines allow some 60,000 before their stack is full. */
const atOnce = 4096

/** Latin-1: every octet becomes the character of the same number, so nothing is lost. */
export function latin1(bytes: Uint8Array): string {
  if (bytes.length <= atOnce) return String.fromCharCode(...bytes)
  let text = ''
  for (let at = 0; at < bytes.length; at += atOnce)
    text += String.fromCharCode(...bytes.subarray(at, at + atOnce))
  return text
}

/** The octets of a Latin-1 text; characters that no octet can hold become `?`. */
export function octets(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    bytes[index] = code < 256 ? code : QUESTION
  }
  return bytes
}

/** All pieces, one behind the other, in new memory. */
export function join(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

const QUESTION = 0x3f
