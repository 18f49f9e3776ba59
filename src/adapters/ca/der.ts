/**
 * Walks DER (ITU-T X.690 §10): just enough to see a certificate as it was written, down to a NUL in a
 * name, which friendlier readers hide. Every fault is a `TypeError`.
 */

/** Tags that occur in certificates (X.680 §8.4); `context` makes the constructed and primitive ones of a choice. */
export const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectId: 0x06,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
} as const

export interface Der {
  readonly tag: number
  readonly content: Uint8Array
  /** Header and content. */
  readonly whole: Uint8Array
}

/** Reads one value that fills the bytes. */
export function readDer(bytes: Uint8Array): Der {
  const [value, ...rest] = readSeries(bytes)
  if (value === undefined || rest.length > 0) throw new TypeError('Not one DER value')
  return value
}

/** The values inside a constructed value. */
export function childrenOf(value: Der | undefined): readonly Der[] {
  if (value === undefined || (value.tag & 0x20) === 0) throw new TypeError('Not a constructed DER value')
  return readSeries(value.content)
}

/** The content of a value that must have this tag. */
export function contentOf(value: Der | undefined, wanted: number): Uint8Array {
  if (value?.tag !== wanted) throw new TypeError('Not the DER value expected')
  return value.content
}

/** X.690 §8.19: an object identifier in dotted form. */
export function objectId(value: Der | undefined): string {
  const content = contentOf(value, tag.objectId)
  const arcs: bigint[] = []
  let arc = 0n
  for (const byte of content) {
    arc = (arc << 7n) | BigInt(byte & 0x7f)
    if (byte >= 0x80) continue
    arcs.push(arc)
    arc = 0n
  }
  const [first, ...rest] = arcs
  if (first === undefined || (content[content.length - 1] ?? 0x80) >= 0x80)
    throw new TypeError('Bad object identifier')
  const root = first < 80n ? first / 40n : 2n
  return [root, first - root * 40n, ...rest].join('.')
}

/** A small non-negative INTEGER. */
export function smallInteger(value: Der | undefined): number {
  const content = contentOf(value, tag.integer)
  const first = content[0]
  if (first === undefined || first >= 0x80 || content.length > 4) throw new TypeError('Not a small integer')
  return content.reduce((sum, byte) => sum * 256 + byte, 0)
}

/** X.690 §11.1: DER has 0xFF for true. */
export function boolean(value: Der | undefined): boolean {
  const content = contentOf(value, tag.boolean)
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) throw new TypeError('Not a boolean')
  return content[0] === 0xff
}

/** One character an octet: what is not ASCII stays visible as such. */
export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** RFC 5280 §4.1.2.5: UTCTime or GeneralizedTime in Greenwich time; milliseconds since the epoch. */
export function time(value: Der | undefined): number {
  const text = value === undefined ? '' : latin1(value.content)
  const short = value?.tag === tag.utcTime
  const full = short ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text}` : text
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(full)
  if (parts === null || (!short && value?.tag !== tag.generalizedTime)) throw new TypeError('Not a time')
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number)
  return Date.UTC(year, month - 1, day, hour, minute, second)
}

function readSeries(bytes: Uint8Array): readonly Der[] {
  const values: Der[] = []
  for (let at = 0; at < bytes.length; ) {
    const value = readOne(bytes, at)
    values.push(value)
    at += value.whole.length
  }
  return values
}

function readOne(bytes: Uint8Array, at: number): Der {
  const [first, short] = bytes.subarray(at, at + 2)
  if (first === undefined || short === undefined || (first & 0x1f) === 0x1f)
    throw new TypeError('Bad DER tag')
  const digits = short < 0x80 ? 0 : short & 0x7f
  // X.690 §10.1: lengths MUST be definite and in the fewest octets. More than 2^24 octets fit no certificate.
  if (short === 0x80 || digits > 3) throw new TypeError('Bad DER length')
  const start = at + 2 + digits
  const long = bytes.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0)
  const length = digits === 0 ? short : long
  if (digits > 0 && length < (digits === 1 ? 0x80 : 256 ** (digits - 1)))
    throw new TypeError('Bad DER length')
  const end = start + length
  if (end > bytes.length) throw new TypeError('DER value runs over the end')
  return { tag: first, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) }
}
