/** Whether the leaf names the host that was meant (RFC 9525 §6, RFC 7817 §3). */
import { namingText } from './chain-words.ts'
import { canonicalAddress, canonicalHost, isCertificateName, nameFits } from './host-name.ts'
import type { CertificateFacts, CertificateFault } from './types.ts'

/** No common name is ever looked at: RFC 9525 §6.3, a client MUST NOT match against the subject. */
export function judgeNames(leaf: CertificateFacts, host: string): CertificateFault[] {
  return [...malformedNames(leaf), ...mismatch(leaf, host)]
}

function malformedNames(leaf: CertificateFacts): CertificateFault[] {
  // RFC 5280 §4.2.1.6: a dNSName MUST be in preferred name syntax. A "*" in an odd place is left to matching.
  const bad = leaf.dnsNames.filter((name) => !isCertificateName(name.replaceAll('*', 'x')))
  return bad.slice(0, 1).map((name) => ({
    fault: 'malformed',
    text: `certificate has a malformed name: ${namingText(name)}`,
  }))
}

function mismatch(leaf: CertificateFacts, host: string): CertificateFault[] {
  const names = [...leaf.dnsNames, ...leaf.ipAddresses]
  if (names.length === 0) {
    const others =
      leaf.otherNames.length > 0 ? `only ${leaf.otherNames.join(', ')} names` : 'no alternative names'
    return [{ fault: 'nameMismatch', text: `certificate names no host (${others}), not ${namingText(host)}` }]
  }
  if (fits(leaf, host)) return []
  const shown = names.slice(0, 2).map(namingText).join(' and ') + (names.length > 2 ? ' and others' : '')
  return [{ fault: 'nameMismatch', text: `certificate is for ${shown}, not ${namingText(host)}` }]
}

/** RFC 9525 §6.4: an address is matched by an iPAddress only, a name by a dNSName only. */
function fits(leaf: CertificateFacts, host: string): boolean {
  const address = canonicalAddress(host)
  if (address !== undefined) return leaf.ipAddresses.some((other) => canonicalAddress(other) === address)
  const name = canonicalHost(host)
  return name !== undefined && leaf.dnsNames.some((other) => nameFits(other, name))
}
