/** HAProxy, TLS to TLS, no inspection: the yardstick. One thread, upstream verified. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SERVER_NAME } from '../certificates.ts'
import { start } from '../processes.ts'
import type { Peer, Site } from './peer.ts'

const configuration = ({ certificates, upstream, port }: Site): string => `
global
    nbthread 1
    maxconn 5000
defaults
    mode tcp
    timeout connect 10s
    timeout client 10m
    timeout server 10m
frontend mail
    bind 127.0.0.1:${port} ssl crt ${certificates.proxyPair}
    default_backend upstream
backend upstream
    server one 127.0.0.1:${upstream.tlsPort} ssl verify required ca-file ${certificates.upstreamCa} sni str(${SERVER_NAME}) verifyhost ${SERVER_NAME}
`

export const haproxy: Peer = {
  name: 'haproxy',
  title: 'HAProxy',
  note: 'mode tcp, TLS on both legs, one thread, upstream certificate and name verified; no inspection',
  async start(site) {
    const file = join(site.folder, 'haproxy.cfg')
    const log = join(site.folder, 'log')
    writeFileSync(file, configuration(site))
    const group = start({ command: 'haproxy', args: ['-db', '-f', file], log })
    return { port: site.port, group, log }
  },
}
