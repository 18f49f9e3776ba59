/** What a minted leaf says: the upstream's names, within the upstream's and the authority's validity. */
import { canonicalAddress, canonicalHost, isCertificateName } from './host-name.ts'
import type { CertificateFacts, LeafRequest } from './types.ts'

const day = 24 * 60 * 60 * 1000
/** CA/Browser Forum Baseline Requirements §6.3.2: clients refuse leaves that live longer. */
const longestLife = 398 * day
/** Clocks of clients may run behind ours by this much. */
const clockSkew = 60 * 60 * 1000
/** A refusal must not outlive its reason by long. */
const refusalLife = day
/** RFC 5280 appendix A.1, ub-common-name. */
const longestCommonName = 64

/**
 * A leaf that mirrors a verified upstream's leaf. Names that no host can have are left out.
 *
 * @param authorityNotAfter the Proxy Authority's end, milliseconds since the epoch
 */
export function leafRequest(upstream: CertificateFacts, authorityNotAfter: number, now: number): LeafRequest {
  const dnsNames = unique(upstream.dnsNames.filter(isCertificateName).map((name) => name.toLowerCase()))
  const ipAddresses = unique(upstream.ipAddresses.flatMap((text) => canonicalAddress(text) ?? []))
  // Inside the upstream's validity, also where an expired one was let through by exception.
  const end = Math.min(upstream.notAfter, authorityNotAfter)
  const notBefore = Math.max(upstream.notBefore, Math.min(now, end) - clockSkew)
  return {
    commonName: commonName(dnsNames, ipAddresses),
    dnsNames,
    ipAddresses,
    notBefore,
    notAfter: Math.min(end, notBefore + longestLife - 1000),
  }
}

/**
 * A leaf for one name, valid for a day: for the refusal that is shown to a client in its own TLS session,
 * and for upstreams without TLS.
 *
 * @param name a host name or an address; anything else ends up in no leaf: `undefined`
 */
export function leafRequestForName(
  name: string,
  authorityNotAfter: number,
  now: number,
): LeafRequest | undefined {
  const address = canonicalAddress(name)
  const host = address === undefined ? canonicalHost(name) : undefined
  if (address === undefined && host === undefined) return undefined
  const dnsNames = host === undefined ? [] : [host]
  const ipAddresses = address === undefined ? [] : [address]
  const end = Math.min(authorityNotAfter, now + refusalLife)
  return {
    commonName: commonName(dnsNames, ipAddresses),
    dnsNames,
    ipAddresses,
    notBefore: Math.min(now, end) - clockSkew,
    notAfter: end,
  }
}

/** The first name short enough for a common name; else none, and the SAN says it all. */
function commonName(dnsNames: readonly string[], ipAddresses: readonly string[]): string {
  return [...dnsNames, ...ipAddresses].find((name) => name.length <= longestCommonName) ?? ''
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}
