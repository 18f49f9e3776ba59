/**
 * Runs the demo server by itself, for tests and measurements that want it in a process of its own.
 *   node demo/main.ts [--host 127.0.0.1] [--port 0] [--tls-port 0] [--directory data/demo] [--verbose]
 * Prints one JSON line once it listens: {"host","pop3","pop3s","caFile","user"}. TERM or INT ends it.
 */
import { parseArgs } from 'node:util'
import { DEMO_CREDENTIALS, demoCertificates, demoMailbox, startDemoServer } from './index.ts'

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '0' },
    'tls-port': { type: 'string', default: '0' },
    directory: { type: 'string', default: 'data/demo' },
    verbose: { type: 'boolean', default: false },
  },
})
const certificates = await demoCertificates(values.directory)
const server = await startDemoServer({
  host: values.host,
  ports: { pop3: Number(values.port), pop3s: Number(values['tls-port']) },
  mailbox: demoMailbox(),
  credentials: DEMO_CREDENTIALS,
  tls: certificates,
  ...(values.verbose ? { log: (line: string) => process.stderr.write(`${line}\n`) } : {}),
})
const listening = {
  host: server.host,
  ...server.ports,
  caFile: certificates.caFile,
  user: DEMO_CREDENTIALS.user,
}
process.stdout.write(`${JSON.stringify(listening)}\n`)
const stop = () => void server.close()
process.once('SIGTERM', stop).once('SIGINT', stop)
