/** Postern itself, inspecting: `bin/postern run -c FILE` on the Node that runs the bench. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SERVER_NAME } from '../certificates.ts'
import { start } from '../processes.ts'
import type { Peer, Site, Started } from './peer.ts'

const EXECUTABLE = fileURLToPath(new URL('../../bin/postern', import.meta.url))

/** One policy with the recommended proxy action, antivirus off, as an administrator would write it, limits raised. */
const configuration = ({ folder, certificates, upstream, port }: Site): string => `
version: 1
dataDirectory: ${join(folder, 'data')}
policies:
  - name: Bench
    from: [any]
    to: [any]
    action: Bench
    tlsSupport: required
    listen: [127.0.0.1]
    ports: { pop3s: ${port} }
    upstream: pop3s://${SERVER_NAME}:${upstream.tlsPort}
proxyActions:
  - { name: Bench, basedOn: POP3-Client.Standard, antivirus: { enabled: false } }
certificates:
  proxyAuthority: { certificate: ${certificates.proxyCa}, key: ${certificates.proxyCaKey} }
  trusted: [${certificates.upstreamCa}]
limits: { connections: 10000, connectionsPerSource: 10000 }
`

/** Starts Postern's sources with `command` in front of the executable and its arguments. */
export function startPostern(site: Site, command: string, before: readonly string[]): Started {
  const file = join(site.folder, 'postern.yaml')
  const log = join(site.folder, 'log')
  writeFileSync(file, configuration(site))
  const group = start({ command, args: [...before, EXECUTABLE, 'run', '-c', file], log })
  return { port: site.port, group, log, ready: (text) => text.includes('"code":"gateway.started"') }
}

export const postern: Peer = {
  name: 'postern',
  title: 'Postern',
  note: 'inspecting (action POP3-Client.Standard: MIME read, rules, SHA-256), TLS on both legs, leaf minted, upstream certificate and name verified, antivirus off',
  async start(site) {
    // What the environment adds, such as a profiler's options, goes to this process alone.
    const extra = process.env.BENCH_NODE_OPTIONS?.split(' ').filter((word) => word !== '') ?? []
    return startPostern(site, process.execPath, extra)
  },
}
