/**
 * nginx mail as a POP3 proxy: TLS towards the client, and in clear towards the upstream, because its
 * mail module has no TLS on that leg. Each login asks an HTTP service, which is not counted.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { start, startOwn, stop } from '../processes.ts'
import type { Peer, Site } from './peer.ts'

const configuration = ({ folder, certificates, port }: Site, authPort: number): string => `
load_module /usr/lib/nginx/modules/ngx_mail_module.so;
daemon off;
worker_processes 1;
worker_rlimit_nofile 20000;
pid ${join(folder, 'nginx.pid')};
error_log stderr warn;
events { worker_connections 16000; }
mail {
    auth_http 127.0.0.1:${authPort}/;
    proxy_pass_error_message on;
    timeout 10m;
    server {
        listen 127.0.0.1:${port} ssl backlog=4096;
        protocol pop3;
        pop3_auth plain;
        ssl_certificate ${certificates.proxyCertificate};
        ssl_certificate_key ${certificates.proxyKey};
        ssl_protocols TLSv1.2 TLSv1.3;
    }
}
`

const hasPort = (message: unknown): message is { port: number } =>
  typeof message === 'object' && message !== null && 'port' in message && typeof message.port === 'number'

export const nginx: Peer = {
  name: 'nginx',
  title: 'nginx mail*',
  note: 'the leg to the upstream is IN CLEAR (the mail module has no TLS there), so it does half the TLS work; no TCP_NODELAY in the mail module; no inspection',
  async start(site) {
    mkdirSync(join(site.folder, 'logs'))
    const auth = await startOwn('./authhttp.ts', [String(site.upstream.plainPort)], hasPort)
    const file = join(site.folder, 'nginx.conf')
    const log = join(site.folder, 'log')
    writeFileSync(file, configuration(site, auth.ready.port))
    const group = start({ command: 'nginx', args: ['-p', site.folder, '-c', file, '-e', 'stderr'], log })
    return { port: site.port, group, log, stop: () => stop(auth.child.pid ?? 0) }
  },
}
