/**
 * Names of hosts as TLS and certificates use them: which texts are plausible names, which are
 * addresses, and which name of a certificate fits which host.
 */

/** RFC 1035 §2.3.4: a name has at most 255 octets on the wire, which is 253 characters of text. */
const longestName = 253

/** RFC 1035 §2.3.4 and RFC 1123 §2.1; the underscore is no host name but stands in real ones. */
const label = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/
const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/

/** Whether a text, in lower case, is letters, digits and hyphens in labels, and no address. */
export function isHostName(text: string): boolean {
  if (text.length === 0 || text.length > longestName) return false
  const labels = text.split('.')
  // A name whose last label is a number is read as an address by URL parsers; it is never a host's name.
  if (/^(?:\d+|0x[\da-f]*)$/.test(labels[labels.length - 1] ?? '')) return false
  return labels.every((part) => label.test(part))
}

/** One spelling for one address: IPv4 dotted, IPv6 as RFC 5952 has it; `undefined` when it is no address. */
export function canonicalAddress(text: string): string | undefined {
  if (ipv4.test(text)) return text
  if (!text.includes(':') || !/^[\da-f:.]+$/i.test(text)) return undefined
  return URL.parse(`http://[${text}]/`)?.hostname.slice(1, -1)
}

/** A host as certificates spell it: A-labels, lower case, no trailing dot; `undefined` when it is no name. */
export function canonicalHost(text: string): string | undefined {
  const bare = text.endsWith('.') ? text.slice(0, -1) : text
  const ascii = /^[\x21-\x7e]+$/.test(bare) ? bare.toLowerCase() : URL.parse(`http://${bare}/`)?.hostname
  return ascii !== undefined && isHostName(ascii) ? ascii : undefined
}

/** Whether a dNSName can stand in a certificate at all: a host name, or one behind a left-most `*.`. */
export function isCertificateName(name: string): boolean {
  const lower = name.toLowerCase()
  return isHostName(lower.startsWith('*.') ? lower.slice(2) : lower)
}

/**
 * Whether a certificate's dNSName fits a host (a canonical one).
 * RFC 9525 §6.3 and RFC 7817 §3: case does not matter; a wildcard MUST be the whole left-most label and
 * stands for exactly one label. A wildcard over a single label (`*.com`) fits nothing.
 */
export function nameFits(name: string, host: string): boolean {
  const lower = name.toLowerCase()
  if (!isCertificateName(lower)) return false
  if (!lower.startsWith('*.')) return lower === host
  const rest = lower.slice(1)
  const dot = host.indexOf('.')
  return rest.indexOf('.', 1) > 0 && dot > 0 && host.slice(dot) === rest
}
