/** Free ports on 127.0.0.1, for programs that must be told theirs beforehand. */
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/**
 * Linux gives the ports from 32768 up to whoever asks for any port, connections among them. Below
 * that nobody takes one by chance between the moment it was found free and the moment it is used.
 */
const LOWEST = 12_000
const HIGHEST = 32_767
/** Handed out before, by this process. */
const taken = new Set<number>()

/** The port a server listens on. */
export function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server listens on no port')
  return address.port
}

/** `count` ports that nobody listens on, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = []
  while (ports.length < count) ports.push(await freePort())
  return ports
}

/** One free port. Rejects when a thousand tries find none. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 1000; tries += 1) {
    const port = randomInt(LOWEST, HIGHEST + 1)
    if (taken.has(port) || !(await isFree(port))) continue
    taken.add(port)
    return port
  }
  throw new Error(`no free port from ${LOWEST} to ${HIGHEST}`)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
