/** Free ports on 127.0.0.1, for programs that must be told theirs beforehand. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/** The port a server listens on. */
export function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  return address.port
}

/**
 * `count` ports that nobody listened on a moment ago, all different: they are held together and then
 * let go. Another program may take one before it is used, so a start that fails may be tried again.
 */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  for (const server of servers) {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
  }
  const ports = servers.map(portOf)
  for (const server of servers) {
    server.close()
    await once(server, 'close')
  }
  return ports
}

/** One free port. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1)
  if (port === undefined) throw new Error('no free port')
  return port
}
