/** Relays a TLS connection unopened, as a TLS rule allows: no parser, no certificate, only counted octets. */
import type { Socket } from 'node:net'
import { pipeline } from 'node:stream'

export interface Spliced {
  readonly fromClient: number
  readonly fromServer: number
}

/** Resolves when both directions have ended or `idle` milliseconds passed without an octet in either. */
export async function splice(client: Socket, server: Socket, idle: number): Promise<Spliced> {
  const stop = () => {
    client.destroy()
    server.destroy()
  }
  client.setTimeout(idle, stop)
  server.setTimeout(idle, stop)
  await Promise.all([pump(client, server), pump(server, client)])
  return { fromClient: client.bytesRead, fromServer: server.bytesRead }
}

/** A broken direction ends the other one: half a TLS connection is of no use. */
function pump(from: Socket, to: Socket): Promise<void> {
  return new Promise((resolve) => {
    pipeline(from, to, (error) => {
      if (error !== null && error !== undefined) to.destroy()
      resolve()
    })
  })
}
