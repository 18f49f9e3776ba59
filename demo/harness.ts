/**
 * For the tests of this folder: a started server, and a client that talks to it octet by octet.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, type TestContext } from 'node:test'
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls'
import { DEMO_CREDENTIALS, type DemoMail, demoCertificates } from './index.ts'
import { type DemoServer, type DemoServerOptions, startDemoServer } from './server.ts'

export const directory = await mkdtemp(join(tmpdir(), 'postern-demo-'))
after(() => rm(directory, { recursive: true, force: true }))
export const certificates = await demoCertificates(directory)
export const root = await readFile(certificates.caFile, 'utf8')

/** The two mails that most conversations use: 120 and 200 octets, as in the examples of RFC 1939. */
export const TWO_MAILS: readonly DemoMail[] = [mail('one', 120), mail('two', 200)]

export function mail(uidl: string, octets: number): DemoMail {
  const head = 'Subject: x\r\n\r\n'
  const body = `${'b'.repeat(octets - head.length - 2)}\r\n`
  return { uidl, name: uidl, description: '', bytes: Buffer.from(head + body) }
}

export const mailOf = (content: string): DemoMail => ({
  uidl: 'u',
  name: 'u',
  description: '',
  bytes: Buffer.from(content),
})

export async function startServer(
  context: TestContext,
  options: Partial<DemoServerOptions> = {},
): Promise<DemoServer> {
  const server = await startDemoServer({
    mailbox: TWO_MAILS,
    credentials: DEMO_CREDENTIALS,
    tls: certificates,
    ...options,
  })
  context.after(() => server.close())
  return server
}

/** A client that shows what came, as text. Every wait ends, with an error if need be. */
export interface Client {
  readonly socket: Socket
  send(text: string): void
  /** What came since the last call, as soon as it ends with `end`. */
  until(end: string): Promise<string>
  /** What came since the last call, once the server has closed the connection. */
  untilClosed(): Promise<string>
  /** Sends a command line and waits for a single-line reply. */
  ask(command: string): Promise<string>
  /** Sends a command line and waits for a multi-line reply. */
  askMany(command: string): Promise<string>
  logIn(): Promise<void>
}

const PATIENCE = 10_000

export function clientOn(socket: Socket): Client {
  let held = ''
  let closed = false
  let wake = () => {}
  socket.on('data', (chunk) => {
    held += chunk.toString('latin1')
    wake()
  })
  socket.on('error', () => {})
  socket.on('close', () => {
    closed = true
    wake()
  })
  async function wait(ready: () => boolean): Promise<string> {
    const deadline = Date.now() + PATIENCE
    while (!ready()) {
      if (closed) throw new Error(`closed after ${JSON.stringify(held)}`)
      if (Date.now() > deadline) throw new Error(`nothing more after ${JSON.stringify(held)}`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 200)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    const came = held
    held = ''
    return came
  }
  const client: Client = {
    socket,
    send: (text) => void socket.write(text, 'latin1'),
    until: (end) => wait(() => held.endsWith(end)),
    untilClosed: () => wait(() => closed),
    ask(command) {
      client.send(`${command}\r\n`)
      return client.until('\r\n')
    },
    askMany(command) {
      client.send(`${command}\r\n`)
      return client.until('\r\n.\r\n')
    },
    async logIn() {
      await client.ask(`USER ${DEMO_CREDENTIALS.user}`)
      await client.ask(`PASS ${DEMO_CREDENTIALS.password}`)
    },
  }
  return client
}

/** Connects in clear and takes the greeting. */
export async function dial(
  context: TestContext,
  server: { readonly host: string; readonly ports: { readonly pop3: number } },
): Promise<Client & { greeting: string }> {
  const socket = connect({ port: server.ports.pop3, host: server.host, noDelay: true })
  context.after(() => socket.destroy())
  const client = clientOn(socket)
  const greeting = await client.until('\r\n')
  return { ...client, greeting }
}

/** Starts TLS, on a new connection to the TLS port or on `over`, and checks the server's certificate. */
export function secure(
  context: TestContext,
  server: DemoServer,
  options: ConnectionOptions = {},
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const where = options.socket ? {} : { port: server.ports.pop3s, host: server.host }
    const socket = connectTls({ ...where, ca: root, servername: 'localhost', ...options }, () =>
      resolve(socket),
    )
    socket.on('error', reject)
    context.after(() => socket.destroy())
  })
}
