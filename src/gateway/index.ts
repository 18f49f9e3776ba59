/** The way into the gateway: opens the ports of a Snapshot and serves what comes, until it is closed. */
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import type { Endpoint, Snapshot } from '../config/index.ts'
import { listenerName, Reception } from './reception.ts'
import type { GatewayServices } from './services.ts'
import { watchedScanner } from './watched-scanner.ts'

export type { ServerCertificate } from './certificates.ts'
export { type ExplainOptions, explain } from './explain.ts'
export type { GatewayServices } from './services.ts'

/** Connections that the kernel holds for us; its own cap (net.core.somaxconn) is usually 4096. */
const backlog = 4096

export interface Gateway {
  /** Such as `pop3s 0.0.0.0:995`. */
  readonly listeners: readonly string[]
  /** Takes no more connections; sessions end between two replies, the last ones are cut after `patience` milliseconds. */
  drain(patience: number): Promise<void>
  /** Cuts every session at once. */
  abort(): void
}

/** A port that cannot be opened, with the reason and the remedy. */
export class ListenError extends Error {}

/** Opens every port, or none: rejects with a `ListenError` that names the one that failed. */
export async function startGateway(snapshot: Snapshot, services: GatewayServices): Promise<Gateway> {
  const scanners = new Map(
    [...services.scanners].map(
      ([name, scanner]) => [name, watchedScanner(scanner, services.events)] as const,
    ),
  )
  const reception = new Reception(snapshot, { ...services, scanners })
  const endpoints = distinct(snapshot.policies.flatMap((policy) => policy.endpoints))
  const servers: Server[] = []
  try {
    for (const endpoint of endpoints) servers.push(await listen(endpoint, reception))
  } catch (error) {
    for (const server of servers) server.close()
    throw error
  }
  const close = () => {
    for (const server of servers) server.close()
  }
  return {
    listeners: endpoints.map(listenerName),
    drain: async (patience) => {
      close()
      await reception.drain(patience)
    },
    abort: () => {
      close()
      reception.abort()
    },
  }
}

function distinct(endpoints: readonly Endpoint[]): Endpoint[] {
  return [...new Map(endpoints.map((endpoint) => [listenerName(endpoint), endpoint])).values()]
}

async function listen(endpoint: Endpoint, reception: Reception): Promise<Server> {
  // Each socket is paused until somebody is there to read it; a half-closed client still gets its reply.
  const server = createServer({ noDelay: true, allowHalfOpen: true, pauseOnConnect: true }, (socket) =>
    reception.receive(socket, endpoint),
  )
  const { address, port } = endpoint
  server.listen({ host: address, port, backlog, ipv6Only: address.includes(':') })
  try {
    await once(server, 'listening')
  } catch (error) {
    throw new ListenError(`cannot listen on ${listenerName(endpoint)}: ${reasonOf(error)}`)
  }
  server.on('error', () => {})
  return server
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error)
  switch (code) {
    case 'EADDRINUSE':
      return 'another program has this port; stop it, or choose another one in "ports"'
    case 'EACCES':
      return 'ports below 1024 need CAP_NET_BIND_SERVICE; give it, or choose higher ones in "ports"'
    case 'EADDRNOTAVAIL':
      return 'this machine does not have that address; correct "listen"'
    default:
      return code
  }
}
