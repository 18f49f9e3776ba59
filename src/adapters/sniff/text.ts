/** Text against anything else, and its characters as a string. */

/** Control characters that no text has: all but TAB, LF, FF, CR, ESC and SUB (the DOS end of a file). */
const foreign = /[\x00-\x08\x0b\x0e-\x19\x1c-\x1f\x7f]/

/**
 * The text, when it is one: UTF-8, UTF-16 with or without its mark, or any 8-bit character set, of which
 * only the ASCII part is told rightly. `undefined`: binary.
 */
export function textOf(bytes: Buffer): string | undefined {
  const [first, second, third] = bytes
  if (first === 0xff && second === 0xfe) return wide(bytes.subarray(2))
  if (first === 0xfe && second === 0xff) return wide(swapped(bytes.subarray(2)))
  if (first === 0xef && second === 0xbb && third === 0xbf) return narrow(bytes.subarray(3))
  return narrow(bytes) ?? (isWideLatin(bytes) ? wide(bytes) : undefined)
}

/** Only signs are looked for, and they are ASCII in every character set in use. */
function narrow(bytes: Buffer): string | undefined {
  const text = bytes.toString('latin1')
  return foreign.test(text) ? undefined : text
}

function wide(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf16le')
  return foreign.test(text) ? undefined : text
}

/** UTF-16 without a mark shows in its zeros: every other octet of some dozen. */
function isWideLatin(bytes: Buffer): boolean {
  if (bytes.length < 8) return false
  for (let at = 0; at < Math.min(bytes.length - 1, 64); at += 2)
    if (bytes[at] === 0 || bytes[at + 1] !== 0) return false
  return true
}

function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length & ~1)).swap16()
}
