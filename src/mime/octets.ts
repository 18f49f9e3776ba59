/** Octets as text and back: an octet string has one character, U+0000 to U+00FF, for each octet. */

const pieceLength = 8192
const quickUtf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** The octets of a range as an octet string. */
export function octetString(octets: Uint8Array, start = 0, end = octets.length): string {
  const range = octets.subarray(start, end)
  const quick = quickUtf8.decode(range)
  // As long as before and nothing replaced: it was ASCII, and the native decoder did the work.
  if (quick.length === range.length && !quick.includes('\ufffd')) return quick
  const pieces: string[] = []
  for (let at = 0; at < range.length; at += pieceLength)
    pieces.push(String.fromCharCode(...range.subarray(at, at + pieceLength)))
  return pieces.join('')
}

/** The other way round; characters above U+00FF lose their upper bits. */
export function fromOctetString(text: string): Uint8Array {
  const octets = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index += 1) octets[index] = text.charCodeAt(index)
  return octets
}

export function concat(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1 && pieces[0] !== undefined) return pieces[0]
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const western = new TextDecoder('windows-1252')

/**
 * What an octet string most likely says: ASCII, else UTF-8 (RFC 6532 §3.2), else Windows' western
 * set, which is what clients fall back to.
 */
export function readable(text: string): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text
  const octets = fromOctetString(text)
  try {
    return strictUtf8.decode(octets)
  } catch {
    return western.decode(octets)
  }
}

/** Evidence for people: short, printable ASCII. */
export function evidence(text: string): string {
  return text.slice(0, 60).replace(/[^\x20-\x7e]/g, (char) => {
    const code = char.charCodeAt(0)
    return code > 0xff ? '?' : `\\x${code.toString(16).padStart(2, '0')}`
  })
}
