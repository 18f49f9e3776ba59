/** The Proxy Authority: opened or made, its key in a thread of its own; and the reader of certificates. */
import type { CertIssuer } from '../../ports.ts'
import type { AuthorityOptions } from './messages.ts'
import { startMinter } from './minter.ts'

export { readCertificate } from './read-certificate.ts'
export { openTrust, type TrustStore } from './trust.ts'
export type { AuthorityOptions }

export interface OpenedAuthority extends CertIssuer {
  /** Made just now: nobody trusts it yet. */
  readonly created: boolean
  /** Path of the PEM certificate, for people to trust. */
  readonly certificateFile: string
  /** Milliseconds since the epoch. */
  readonly notAfter: number
  /** Ends the thread; what waits is rejected. May be called more than once. */
  close(): void
}

/**
 * Opens the authority in a directory (`proxy-authority.pem` and `proxy-authority-key.pem`, made on first
 * start: P-256, pathLen 0, ten years; directory 0700, key 0600), or the one given as two PEM files.
 * Rejects with an `Error` whose message has a reason and a remedy.
 */
export async function openAuthority(options: AuthorityOptions): Promise<OpenedAuthority> {
  const script = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js'
  const minter = await startMinter(new URL(script, import.meta.url), options)
  const { authority, authorityKeyId, created, certificateFile, notAfter } = minter.facts
  return {
    ...{ authority, authorityKeyId, created, certificateFile, notAfter },
    issue: (leaf) => minter.issue(leaf),
    close: () => minter.close(),
  }
}
