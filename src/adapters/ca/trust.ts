/**
 * What is trusted upstream, and the path from a server's leaf to it. Built here and not with
 * `TLSSocket.getPeerCertificate`: that kills the process (Node 24.21, segmentation fault) when a
 * certificate in the chain has a key on a curve without a NIST name, which any server can send; and
 * `getPeerX509Certificate`, which does not, tells only what was sent and never the root.
 */
import { X509Certificate } from 'node:crypto'
import type { ChainEntry } from '../../tls/index.ts'
import { readCertificate } from './read-certificate.ts'

/** RFC 5280 names no limit; OpenSSL stops at 100. No path that means well comes near this. */
const longestPath = 16

export interface TrustStore {
  /** PEM, one certificate each, for the TLS stack. */
  readonly certificates: readonly string[]
  /**
   * The path of a peer's leaf, leaf first, ending in the trusted certificate that signed it, when one did;
   * what was sent above that one is left out, as OpenSSL leaves it out. Empty when there is no leaf (a
   * session that was resumed). A path that ends in no trusted certificate is no proof of anything: the
   * TLS stack's own verdict must be heard.
   *
   * @param leaf what `TLSSocket.getPeerX509Certificate` gives
   */
  pathOf(leaf: X509Certificate | undefined): readonly ChainEntry[]
}

/** @param bundles texts with any number of PEM certificates. Throws `TypeError` when one cannot be read. */
export function openTrust(bundles: readonly string[]): TrustStore {
  const certificates = bundles.flatMap(
    (bundle) => bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [],
  )
  const anchors = new Map<string, X509Certificate[]>()
  for (const anchor of certificates.map(parse)) {
    const others = anchors.get(anchor.subject) ?? []
    anchors.set(anchor.subject, [...others, anchor])
  }
  return {
    certificates,
    pathOf: (leaf) => walk(leaf, anchors).map(({ raw }) => readCertificate(raw)),
  }
}

function walk(
  leaf: X509Certificate | undefined,
  anchors: ReadonlyMap<string, readonly X509Certificate[]>,
): X509Certificate[] {
  const path: X509Certificate[] = []
  let next = leaf
  while (next !== undefined && path.length < longestPath) {
    const current = next
    path.push(current)
    if (current.subject === current.issuer) break
    const anchor = anchors.get(current.issuer)?.find((one) => isSignedBy(current, one))
    if (anchor !== undefined) return [...path, anchor]
    next = current.issuerCertificate
  }
  return path
}

/** OpenSSL's functions throw on keys that they cannot use; such a key has signed nothing. */
function isSignedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
  } catch {
    return false
  }
}

function parse(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem)
  } catch {
    throw new TypeError('A trusted certificate cannot be read')
  }
}
