/**
 * sslsplit: terminates TLS on both sides with certificates minted on the fly, no inspection. It
 * verifies the upstream's chain (not its name) when asked, against OpenSSL's default store only.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { start } from '../processes.ts'
import type { Peer } from './peer.ts'

export const sslsplit: Peer = {
  name: 'sslsplit',
  title: 'sslsplit',
  note: 'mints leaves (P-256); upstream chain verified, its name not; has no TCP_NODELAY setting; no inspection',
  async start({ folder, certificates, upstream, port }) {
    const file = join(folder, 'sslsplit.conf')
    const log = join(folder, 'log')
    writeFileSync(
      file,
      [
        `CACert ${certificates.proxyCa}`,
        `CAKey ${certificates.proxyCaKey}`,
        'VerifyPeer yes',
        `ProxySpec ssl 127.0.0.1 ${port} 127.0.0.1 ${upstream.tlsPort}`,
      ].join('\n'),
    )
    const args = ['-f', file, '-K', certificates.proxyKey]
    const group = start({ command: 'sslsplit', args, env: { SSL_CERT_FILE: certificates.upstreamCa }, log })
    return { port, group, log }
  },
}
