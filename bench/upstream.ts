/**
 * The test upstream, a process of its own: just enough POP3 over TLS (and in clear, for nginx) to
 * serve the prebuilt mails quickly. TLS 1.2 and 1.3, session tickets, TCP_NODELAY, X25519 only, so that every
 * peer does the same key exchange whatever its OpenSSL prefers.
 *   node upstream.ts CERTIFICATE KEY     (started by main.ts with an IPC channel)
 */
import { readFileSync } from 'node:fs'
import { createServer as createPlainServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { UpstreamCounts, UpstreamReady } from './jobs.ts'
import { type Mail, makeMail } from './mails.ts'

/** A write is cut into such pieces so that a stalled client pins one piece, not a whole mail. */
const PIECE = 128 * 1024
/** A command longer than this is not from a peer of this bench. */
const LONGEST_COMMAND = 4096

const SMALL = makeMail(1, 20_000)
const LARGE = makeMail(2, 20_000_000)
const HUGE = makeMail(3, 50_000_000)
const MAILS: readonly Mail[] = [SMALL, LARGE, HUGE]
const TOTAL = MAILS.reduce((sum, mail) => sum + mail.octets, 0)

const OK = '+OK\r\n'
const CAPABILITIES =
  '+OK\r\nUSER\r\nSASL PLAIN\r\nTOP\r\nUIDL\r\nPIPELINING\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\n.\r\n'

const counts = { tls: 0, resumed: 0, plain: 0 }

/** The reply to one command line; a Mail is sent piece by piece; `undefined` says goodbye. */
function answer(line: string): string | Mail | undefined {
  const [verb = '', argument = ''] = line.split(' ')
  switch (verb.toUpperCase()) {
    case 'USER':
    case 'PASS':
    case 'AUTH':
    case 'NOOP':
    case 'RSET':
    case 'DELE':
      return OK
    case 'CAPA':
      return CAPABILITIES
    case 'STAT':
      return `+OK ${MAILS.length} ${TOTAL}\r\n`
    case 'LIST':
      return `+OK\r\n${MAILS.map((mail) => `${mail.number} ${mail.octets}\r\n`).join('')}.\r\n`
    case 'UIDL':
      return `+OK\r\n${MAILS.map((mail) => `${mail.number} bench-${mail.number}\r\n`).join('')}.\r\n`
    case 'RETR':
      return MAILS[Number(argument) - 1] ?? '-ERR no such message\r\n'
    case 'QUIT':
      return undefined
    default:
      return '-ERR unknown command\r\n'
  }
}

function sendPieces(socket: Socket, wire: Buffer, from: number): void {
  let at = from
  while (at < wire.length) {
    const more = socket.write(wire.subarray(at, at + PIECE))
    at += PIECE
    if (!more && at < wire.length) {
      socket.once('drain', () => sendPieces(socket, wire, at))
      return
    }
  }
}

function serve(socket: Socket): void {
  let pending = ''
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk: Buffer) => {
    pending += chunk.toString('latin1')
    if (pending.length > LONGEST_COMMAND) socket.destroy()
    for (let end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n')) {
      const line = pending.slice(0, end).trimEnd()
      pending = pending.slice(end + 1)
      const reply = answer(line)
      if (reply === undefined) socket.end('+OK bye\r\n')
      else if (typeof reply === 'string') socket.write(reply)
      else sendPieces(socket, reply.wire, 0)
    }
  })
  socket.write('+OK bench upstream ready\r\n')
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
      const address = server.address()
      if (address === null || typeof address === 'string') reject(new Error('no TCP address'))
      else resolve(address.port)
    })
  })

const [certificate = '', key = ''] = process.argv.slice(2)
const tlsServer = createTlsServer(
  {
    cert: readFileSync(certificate),
    key: readFileSync(key),
    minVersion: 'TLSv1.2',
    ecdhCurve: 'X25519:P-256',
    ALPNProtocols: ['pop3'],
    noDelay: true,
  },
  (socket) => {
    counts.tls++
    if (socket.isSessionReused()) counts.resumed++
    serve(socket)
  },
)
tlsServer.on('tlsClientError', () => {})
const plainServer = createPlainServer({ noDelay: true }, (socket) => {
  counts.plain++
  serve(socket)
})

let cpuBefore = process.cpuUsage()
process.on('message', () => {
  const cpu = process.cpuUsage(cpuBefore)
  cpuBefore = process.cpuUsage()
  const seen: UpstreamCounts = { ...counts, cpu: (cpu.user + cpu.system) / 1000 }
  Object.assign(counts, { tls: 0, resumed: 0, plain: 0 })
  process.send?.(seen)
})
process.on('disconnect', () => process.exit(0))

const facts = ({ wire: _, ...rest }: Mail) => rest
const ready: UpstreamReady = {
  tlsPort: await listen(tlsServer),
  plainPort: await listen(plainServer),
  mails: { small: facts(SMALL), large: facts(LARGE), huge: facts(HUGE) },
}
process.send?.(ready)
