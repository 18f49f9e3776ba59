/**
 * The chain of a TLS peer as Node tells it, leaf first. `getPeerX509Certificate` knows only what the
 * server sent; `getPeerCertificate(true)` goes on to the trusted root, which must be judged too.
 */
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls'
import { readCertificate } from '../../src/adapters/ca/index.ts'
import type { ChainEntry } from '../../src/tls/index.ts'

/** A chain longer than this is no chain; OpenSSL stops at 100. */
const longestChain = 100

export function readChain(socket: TLSSocket): ChainEntry[] {
  const chain: ChainEntry[] = []
  let next: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true)
  // Without a peer certificate, as in a resumed session, Node gives an empty object.
  while (next?.raw !== undefined && chain.length < longestChain) {
    const entry = readCertificate(next.raw)
    chain.push(entry)
    // A root is its own issuer there.
    next = next.issuerCertificate === next || entry.selfIssued ? undefined : next.issuerCertificate
  }
  return chain
}
