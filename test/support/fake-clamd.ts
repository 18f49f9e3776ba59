/** A clamd by script: reads INSTREAM as the real one does, and answers, or fails, as a test wants. */
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { TestContext } from 'node:test'
import { portOf } from './ports.ts'

/** One connection of a scan. */
export interface ScanPeer {
  readonly socket: Socket
  /** What has come so far, without the frames. */
  content(): Buffer
  /** Resolves when the empty chunk has come. */
  readonly ended: Promise<void>
}

export interface FakeClamd {
  readonly port: number
  readonly address: string
  /** Connections that have been made, those for its health not among them. */
  scans(): number
  /** What happens to the next scans. */
  script(next: (peer: ScanPeer) => void): void
  /** What VERSION is answered with. */
  version: string
}

/** Starts one; it ends with the test. Until told otherwise it finds everything clean. */
export async function fakeClamd(t: TestContext, port = 0): Promise<FakeClamd> {
  const sockets = new Set<Socket>()
  let scans = 0
  let play = (peer: ScanPeer): void =>
    void peer.ended.then(() => {
      peer.socket.end('stream: OK\0')
    })
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    socket.once('data', (first: Buffer) => {
      const end = first.indexOf(0)
      const command = first.toString('latin1', 0, end)
      if (command === 'zPING') socket.end('PONG\0')
      else if (command === 'zVERSION') socket.end(`${fake.version}\0`)
      else if (command === 'zINSTREAM') {
        scans += 1
        play(readStream(socket, first.subarray(end + 1)))
      } else socket.destroy()
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const fake: FakeClamd = {
    port: portOf(server),
    address: `tcp://127.0.0.1:${portOf(server)}`,
    scans: () => scans,
    script: (next) => {
      play = next
    },
    version: 'ClamAV 1.4.6',
  }
  return fake
}

function readStream(socket: Socket, first: Buffer): ScanPeer {
  const ended = Promise.withResolvers<void>()
  const chunks: Buffer[] = []
  let rest = Buffer.alloc(0)
  const take = (bytes: Buffer): void => {
    rest = Buffer.concat([rest, bytes])
    while (rest.length >= 4) {
      const length = rest.readUInt32BE()
      if (length === 0) ended.resolve()
      if (rest.length < 4 + length) return
      chunks.push(rest.subarray(4, 4 + length))
      rest = rest.subarray(4 + length)
    }
  }
  take(first)
  socket.on('data', take)
  return { socket, content: () => Buffer.concat(chunks), ended: ended.promise }
}
