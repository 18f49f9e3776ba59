/** How certificates and names are called in the texts of faults. */
import type { ChainEntry } from './types.ts'

/** How a certificate is called in a fault's text. */
export function roleOf(chain: readonly ChainEntry[], index: number): string {
  if (index === 0) return 'certificate'
  return isRoot(chain, index) ? 'root certificate' : 'intermediate certificate'
}

/** The end of a chain that is its own issuer. */
export function isRoot(chain: readonly ChainEntry[], index: number): boolean {
  return index === chain.length - 1 && chain[index]?.selfIssued === true
}

/** A name fit for a reply line: printable ASCII, and not longer than a person reads. */
export function namingText(name: string): string {
  const printable = name.replace(/[^\x20-\x7e]/g, '?')
  return printable.length > 64 ? `${printable.slice(0, 61)}...` : printable
}
