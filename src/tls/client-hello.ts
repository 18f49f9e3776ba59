/**
 * Reads the ClientHello at the head of a connection without answering it (RFC 8446 §4.1.2, §5.1), so
 * that a policy can be chosen by server name and the client be fingerprinted. Total: whatever the
 * bytes are, the answer is a hello, "incomplete" or "not TLS" with the reason.
 */
import { canonicalAddress, isHostName } from './host-name.ts'
import type { ClientHello, HelloReading } from './types.ts'

/**
 * The most octets of a connection that are looked at. Real hellos are below 4 KiB even with
 * post-quantum key shares; OpenSSL's own limit on a ClientHello is 128 KiB, which a stranger could
 * make us hold for each connection.
 */
export const longestHello = 16 * 1024

const recordHeader = 5
const handshakeHeader = 4
/** RFC 8446 §5.1: a record's fragment MUST NOT exceed 2^14 octets. */
const longestFragment = 1 << 14

const contentHandshake = 22
const messageClientHello = 1
const extension = { serverName: 0, signatureAlgorithms: 13, alpn: 16, supportedVersions: 43 } as const

/** Reads from the first octet of a connection; call again with more bytes after "incomplete". */
export function readClientHello(bytes: Uint8Array): HelloReading {
  const gathered = gather(bytes)
  if ('kind' in gathered) return gathered
  try {
    return { kind: 'hello', hello: parse(new Cursor(gathered.body)) }
  } catch (error) {
    if (error instanceof Malformed) return notTls(`malformed ClientHello: ${error.message}`)
    throw error
  }
}

/** Joins the handshake fragments of the first records until the ClientHello is whole. */
function gather(bytes: Uint8Array): HelloReading | { readonly body: Uint8Array } {
  const message = new Uint8Array(Math.min(bytes.length, longestHello))
  let filled = 0
  let at = 0
  for (;;) {
    const header = readRecordHeader(bytes, at)
    if (typeof header !== 'number') return header
    const start = at + recordHeader
    const available = bytes.subarray(start, Math.min(start + header, longestHello))
    message.set(available, filled)
    filled += available.length
    const whole = wholeMessage(message.subarray(0, filled), start + available.length)
    if (whole !== undefined) return whole
    if (available.length < header) return { kind: 'incomplete' }
    at = start + header
  }
}

/** The length of the fragment that starts here, or why there is none. */
function readRecordHeader(bytes: Uint8Array, at: number): number | HelloReading {
  const [type, major, minor, high, low] = bytes.subarray(at, at + recordHeader)
  if (type === undefined) return { kind: 'incomplete' }
  if (type !== contentHandshake) return notTls(at === 0 ? 'not a TLS handshake' : 'ClientHello broken off')
  if (major !== undefined && major !== 3) return notTls('not a TLS record version')
  if (minor !== undefined && minor > 4) return notTls('not a TLS record version')
  if (high === undefined || low === undefined) return { kind: 'incomplete' }
  const length = high * 256 + low
  // RFC 8446 §5.1: zero-length fragments of handshake types MUST NOT be sent.
  if (length === 0) return notTls('empty TLS record')
  if (length > longestFragment) return notTls('TLS record larger than 16 KiB')
  return length
}

/**
 * The ClientHello's body once all of it is there; a reading when it never will be; else `undefined`.
 *
 * @param read octets of the connection read so far, record headers among them
 */
function wholeMessage(
  message: Uint8Array,
  read: number,
): HelloReading | { readonly body: Uint8Array } | undefined {
  const [type, high = 0, middle = 0, low = 0] = message
  if (type !== undefined && type !== messageClientHello) return notTls('first TLS message is no ClientHello')
  const known = message.length >= handshakeHeader
  const end = handshakeHeader + (known ? high * 65536 + middle * 256 + low : 0)
  if (known && message.length >= end) return { body: message.subarray(handshakeHeader, end) }
  return read + end - message.length > longestHello ? notTls('ClientHello larger than 16 KiB') : undefined
}

/** RFC 8446 §4.1.2: the structure of a ClientHello. */
function parse(body: Cursor): ClientHello {
  const legacyVersion = body.number16()
  body.take(32)
  body.vector8()
  const ciphers = body.vector16().numbers16()
  if (body.vector8().left() === 0) throw new Malformed('no compression method')
  const found: Found = { serverName: undefined, alpn: [], versions: [], signatureAlgorithms: [] }
  const extensions: number[] = []
  if (body.left() > 0) {
    const list = body.vector16()
    while (list.left() > 0) {
      const type = list.number16()
      // RFC 8446 §4.2: there MUST NOT be more than one extension of the same type.
      if (extensions.includes(type)) throw new Malformed('an extension twice')
      extensions.push(type)
      readExtension(type, list.vector16(), found)
    }
  }
  body.end()
  return {
    serverName: found.serverName,
    alpn: found.alpn,
    // RFC 8446 §4.2.1: where supported_versions is present, the legacy version MUST NOT be used.
    version: found.versions.length > 0 ? Math.max(...found.versions) : legacyVersion,
    ciphers: ciphers.filter(isMeant),
    extensions: extensions.filter(isMeant),
    signatureAlgorithms: found.signatureAlgorithms.filter(isMeant),
  }
}

interface Found {
  serverName: string | undefined
  alpn: string[]
  versions: number[]
  signatureAlgorithms: number[]
}

function readExtension(type: number, data: Cursor, found: Found): void {
  switch (type) {
    case extension.serverName:
      found.serverName = readServerName(data.vector16())
      break
    case extension.alpn: {
      const list = data.vector16()
      while (list.left() > 0) found.alpn.push(text(list.vector8().take()))
      break
    }
    case extension.supportedVersions:
      found.versions = data.vector8().numbers16().filter(isMeant)
      break
    case extension.signatureAlgorithms:
      found.signatureAlgorithms = data.vector16().numbers16()
      break
    default:
      return
  }
  data.end()
}

/** The host_name entry, when it is one that a host can have. RFC 6066 §3: no address, no trailing dot. */
function readServerName(list: Cursor): string | undefined {
  let name: string | undefined
  const types: number[] = []
  while (list.left() > 0) {
    const type = list.number8()
    const value = text(list.vector16().take()).toLowerCase()
    // RFC 6066 §3: the list MUST NOT contain more than one name of the same type.
    if (types.includes(type)) throw new Malformed('two server names')
    types.push(type)
    if (type === 0 && isHostName(value) && canonicalAddress(value) === undefined) name = value
  }
  return name
}

/** RFC 8701: values 0x0A0A, 0x1A1A … 0xFAFA mean nothing and are there to keep peers tolerant. */
function isMeant(value: number): boolean {
  return (value & 0x0f0f) !== 0x0a0a || value >> 8 !== (value & 0xff)
}

function text(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes)
}

function notTls(reason: string): HelloReading {
  return { kind: 'not-tls', reason }
}

/** The sender's fault; caught in this file. */
class Malformed extends Error {}

/** Walks over bytes and never past their end. */
class Cursor {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  left(): number {
    return this.#bytes.length - this.#at
  }

  take(count = this.left()): Uint8Array {
    if (count > this.left()) throw new Malformed('a length that runs over the end')
    this.#at += count
    return this.#bytes.subarray(this.#at - count, this.#at)
  }

  number8(): number {
    const [value = 0] = this.take(1)
    return value
  }

  number16(): number {
    const [high = 0, low = 0] = this.take(2)
    return high * 256 + low
  }

  vector8(): Cursor {
    return new Cursor(this.take(this.number8()))
  }

  vector16(): Cursor {
    return new Cursor(this.take(this.number16()))
  }

  numbers16(): number[] {
    const values: number[] = []
    while (this.left() > 0) values.push(this.number16())
    return values
  }

  end(): void {
    if (this.left() > 0) throw new Malformed('octets left over')
  }
}
