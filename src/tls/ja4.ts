/**
 * JA4, the fingerprint of a TLS client (public specification by FoxIO): what it offers, sorted, so
 * that the same program gives the same text whatever order it shuffles its extensions into.
 */
import type { ClientHello } from './types.ts'

const serverName = 0x0000
const alpn = 0x0010

/**
 * The fingerprint of a client that came over TCP.
 *
 * @param sha256Hex lower-case hex SHA-256 of a text's octets (all of them ASCII)
 */
export function ja4(hello: ClientHello, sha256Hex: (text: string) => string): string {
  const short = (text: string) => sha256Hex(text).slice(0, 12)
  const ciphers = hello.ciphers.map(hex).sort()
  const extensions = hello.extensions
    .filter((type) => type !== serverName && type !== alpn)
    .map(hex)
    .sort()
  const algorithms = hello.signatureAlgorithms.map(hex)
  const offer = [extensions.join(','), ...(algorithms.length > 0 ? [algorithms.join(',')] : [])].join('_')
  return [
    `t${versionDigits(hello.version)}${hello.extensions.includes(serverName) ? 'd' : 'i'}` +
      `${count(hello.ciphers)}${count(hello.extensions)}${alpnEnds(hello.alpn[0] ?? '')}`,
    ciphers.length > 0 ? short(ciphers.join(',')) : none,
    extensions.length > 0 ? short(offer) : none,
  ].join('_')
}

/** What stands for the hash of an empty list. */
const none = '000000000000'

const versions: ReadonlyMap<number, string> = new Map([
  [0x0304, '13'],
  [0x0303, '12'],
  [0x0302, '11'],
  [0x0301, '10'],
  [0x0300, 's3'],
  [0x0002, 's2'],
])

function versionDigits(version: number): string {
  return versions.get(version) ?? '00'
}

function count(list: readonly unknown[]): string {
  return String(Math.min(list.length, 99)).padStart(2, '0')
}

/** First and last character of the first protocol; of its hex form where one of them is no letter or digit. */
function alpnEnds(protocol: string): string {
  if (protocol === '') return '00'
  const ends = protocol.charAt(0) + protocol.charAt(protocol.length - 1)
  if (/^[A-Za-z0-9]{2}$/.test(ends)) return ends
  const octets = [...ends].map((char) => char.charCodeAt(0).toString(16).padStart(2, '0'))
  return (octets[0] ?? '').charAt(0) + (octets[1] ?? '').charAt(1)
}

function hex(value: number): string {
  return value.toString(16).padStart(4, '0')
}
