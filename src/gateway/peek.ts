/** Reads the ClientHello of a connection and puts it back, so that TLS can begin as if nothing had been read. */
import type { Socket } from 'node:net'
import { type ClientHello, readClientHello } from '../tls/index.ts'

export type Peeked =
  | { readonly kind: 'hello'; readonly hello: ClientHello }
  | { readonly kind: 'not-tls'; readonly reason: string }
  /** The client closed, or took longer than it may. */
  | { readonly kind: 'gone'; readonly reason: string }

/** @param milliseconds for the whole hello, not for each octet of it. The socket is paused afterwards. */
export function peekHello(socket: Socket, milliseconds: number): Promise<Peeked> {
  return new Promise((resolve) => {
    let bytes: Buffer = Buffer.alloc(0)
    const onData = (chunk: Buffer) => {
      bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
      const reading = readClientHello(bytes)
      if (reading.kind === 'incomplete') return
      finish(reading)
    }
    const onGone = () => finish({ kind: 'gone', reason: 'closed before its ClientHello was whole' })
    const timer = setTimeout(
      () => finish({ kind: 'gone', reason: 'ClientHello took too long' }),
      milliseconds,
    )
    const finish = (peeked: Peeked) => {
      clearTimeout(timer)
      socket.off('data', onData).off('end', onGone).off('close', onGone)
      socket.pause()
      if (bytes.length > 0 && socket.readable) socket.unshift(bytes)
      resolve(peeked)
    }
    socket.on('data', onData).on('end', onGone).on('close', onGone)
    socket.resume()
  })
}
