/** What a peer is: a proxy that can be started in front of the test upstream. */
import type { Certificates } from '../certificates.ts'
import type { UpstreamReady } from '../jobs.ts'
import type { Group } from '../processes.ts'

export type PeerName = 'postern' | 'haproxy' | 'sslsplit' | 'dovecot' | 'nginx' | 'postern-bun'

export interface Peer {
  readonly name: PeerName
  /** Head of its column. */
  readonly title: string
  /** What a reader of the table must know about it. */
  readonly note: string
  /** Starts it; throws the reason when it cannot, such as a program that is not installed. */
  start(site: Site): Promise<Started>
}

/** Where a peer is started. */
export interface Site {
  /** An empty folder for configuration, logs and data. */
  readonly folder: string
  readonly certificates: Certificates
  readonly upstream: UpstreamReady
  /** The port of 127.0.0.1 to listen on. */
  readonly port: number
}

export interface Started {
  readonly port: number
  readonly group: Group
  readonly log: string
  /** Whether the log so far says that it listens; absent: connecting will tell. */
  readonly ready?: (log: string) => boolean
  /** Stops what the peer needed beside its own group. */
  readonly stop?: () => Promise<void>
}
