/**
 * The demo server's sockets: one port that speaks POP3 and STLS, one that speaks TLS from the first
 * byte. Each connection is a Conversation (protocol.ts) fed line by line; replies leave only as fast
 * as the client takes them.
 */
import { constants, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createSecureContext, type SecureContext } from 'node:tls'
import { serveConnection } from './connection.ts'
import { DEFAULT_FEATURES, type DemoCredentials, type DemoFeatures } from './features.ts'
import { createMaildrop, type DemoMail } from './maildrop.ts'

export interface DemoServerOptions {
  /** Address to listen on; 127.0.0.1 without it. */
  readonly host?: string
  /** 0, also the default, takes a free port. */
  readonly ports?: { readonly pop3: number; readonly pop3s: number }
  readonly mailbox: readonly DemoMail[]
  /** Printable ASCII, the name without spaces. */
  readonly credentials: DemoCredentials
  /** PEM: the private key, and the certificate with its chain. */
  readonly tls: { readonly key: string; readonly cert: string }
  /** One line for each thing that happens: `3 RETR 1 +OK`, the connection's number first. Never a secret. */
  readonly log?: (line: string) => void
  readonly features?: Partial<DemoFeatures>
  /** Milliseconds; RFC 1939 §3 asks for at least ten minutes, which is the default. Shorter ones are for tests. */
  readonly idleTimeout?: number
}

export interface DemoServer {
  readonly host: string
  readonly ports: { readonly pop3: number; readonly pop3s: number }
  /** Unique-ids of the mails that are left. */
  uidls(): string[]
  /** Connections that are open now. */
  openConnections(): number
  /** Stops listening and cuts every connection. */
  close(): Promise<void>
}

/** RFC 1939 §3: "Such a timer MUST be of at least 10 minutes' duration." */
const IDLE_TIMEOUT = 10 * 60 * 1000
/** More than any test or measurement opens at a time; the next one is closed at once. */
const MAX_CONNECTIONS = 4096

/**
 * @throws TypeError for mails or credentials that cannot be on the wire; whatever `listen` and
 *   `createSecureContext` throw (a port in use, a key that does not fit).
 */
export async function startDemoServer(options: DemoServerOptions): Promise<DemoServer> {
  if (
    !/^[\x21-\x7e]+$/.test(options.credentials.user) ||
    !/^[\x20-\x7e]+$/.test(options.credentials.password)
  ) {
    throw new TypeError('credentials are printable ASCII, and the name has no spaces')
  }
  const host = options.host ?? '127.0.0.1'
  const features = { ...DEFAULT_FEATURES, ...options.features }
  const maildrop = createMaildrop(options.mailbox, features.exclusive)
  const secureContext = createContext(options.tls)
  const open = new Set<Socket>()
  let connections = 0

  const accept = (implicitTls: boolean) => (socket: Socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    const id = ++connections
    serveConnection(socket, {
      implicitTls,
      secureContext,
      idleTimeout: options.idleTimeout ?? IDLE_TIMEOUT,
      credentials: options.credentials,
      maildrop,
      features,
      // RFC 1939 §7: of the form of an RFC 822 msg-id, "different each time".
      timestamp: `<${process.pid}.${id}.${randomBytes(8).toString('hex')}@demo.example>`,
      log: (line) => options.log?.(`${id} ${line}`),
    })
  }
  // allowHalfOpen: a client may say QUIT and close its side; it still gets its answers.
  const listeners = [accept(false), accept(true)].map((onConnection) =>
    createServer({ noDelay: true, allowHalfOpen: true }, onConnection),
  )
  const close = async () => {
    const listening = listeners.filter((listener) => listener.listening)
    const closed = listening.map((listener) => once(listener, 'close'))
    for (const listener of listening) listener.close()
    for (const socket of open) socket.destroy()
    await Promise.all(closed)
  }
  try {
    const [pop3, pop3s] = await Promise.all(
      listeners.map((listener, index) =>
        listen(listener, host, (index === 0 ? options.ports?.pop3 : options.ports?.pop3s) ?? 0),
      ),
    )
    return {
      host,
      ports: { pop3: pop3 ?? 0, pop3s: pop3s ?? 0 },
      uidls: () => maildrop.uidls(),
      openConnections: () => open.size,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  server.maxConnections = MAX_CONNECTIONS
  server.listen({ host, port, backlog: 511 })
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

function createContext(tls: DemoServerOptions['tls']): SecureContext {
  return createSecureContext({
    key: tls.key,
    cert: tls.cert,
    minVersion: 'TLSv1.2', // RFC 8997 §3
    honorCipherOrder: true,
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    sessionIdContext: 'postern-demo', // sessions are resumed by tickets, which are on
  })
}
