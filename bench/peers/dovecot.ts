/**
 * Dovecot as a POP3 proxy: its login process takes USER and PASS, asks its password database, and
 * connects to the test upstream over verified TLS. One login process for all sessions, which is its
 * fast mode.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SERVER_NAME } from '../certificates.ts'
import { start } from '../processes.ts'
import type { Peer, Site } from './peer.ts'

/** Each proxied session takes two descriptors of the login process. */
const SESSIONS = 10_000

const configuration = ({ folder, certificates, upstream, port }: Site): string => `
base_dir = ${join(folder, 'run')}
state_dir = ${join(folder, 'run')}
log_path = /dev/stderr
protocols = pop3
listen = 127.0.0.1
ssl = required
ssl_cert = <${certificates.proxyCertificate}
ssl_key = <${certificates.proxyKey}
# The login process verifies an upstream against ssl_ca, not ssl_client_ca_file.
ssl_require_crl = no
ssl_ca = <${certificates.upstreamCa}
auth_mechanisms = plain
passdb {
  driver = static
  args = nopassword=y proxy=y host=${SERVER_NAME} hostip=127.0.0.1 port=${upstream.tlsPort} ssl=yes
}
userdb {
  driver = static
  args = uid=65534 gid=65534 home=/nonexistent
}
login_trusted_networks =
service pop3-login {
  service_count = 0
  process_min_avail = 1
  process_limit = 1
  client_limit = ${2 * SESSIONS}
  vsz_limit = 0
  inet_listener pop3 {
    port = 0
  }
  inet_listener pop3s {
    port = ${port}
    ssl = yes
  }
}
service anvil {
  client_limit = ${SESSIONS}
}
service auth {
  client_limit = ${SESSIONS}
}
`

export const dovecot: Peer = {
  name: 'dovecot',
  title: 'Dovecot',
  note: 'POP3 proxy in one login process, TLS on both legs, upstream certificate and name verified; no inspection',
  async start(site) {
    mkdirSync(join(site.folder, 'run'))
    const file = join(site.folder, 'dovecot.conf')
    const log = join(site.folder, 'log')
    writeFileSync(file, configuration(site))
    const group = start({ command: 'dovecot', args: ['-F', '-c', file], log })
    return { port: site.port, group, log }
  },
}
