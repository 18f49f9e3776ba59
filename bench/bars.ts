/** The bars: what Postern must reach against which peer, by issue 2 (line 8) and by DESIGN.md section 9. */
import type { PeerName } from './peers/peer.ts'
import type { RowName } from './rows/row.ts'
import { FLAT_PER_CLIENT } from './rows/stalled.ts'

export interface Bar {
  readonly row: RowName
  /** The peer whose figure is 1.0; absent: the figure itself has to stay below the bar. */
  readonly against?: PeerName
  readonly title: string
  /** Highest figure allowed now. */
  readonly issue?: number
  /** Highest figure allowed in the end. */
  readonly design?: number
  /** The detail of the sample that is compared; absent: its value. */
  readonly detail?: string
}

export const BARS: readonly Bar[] = [
  { row: 'session', against: 'haproxy', title: 'CPU per session / HAProxy', issue: 1.3, design: 1.2 },
  { row: 'session', against: 'dovecot', title: 'CPU per session / Dovecot', issue: 1.0, design: 0.7 },
  { row: 'session', against: 'sslsplit', title: 'CPU per session / sslsplit', issue: 1.0, design: 0.6 },
  { row: 'latency', against: 'haproxy', title: 'Median latency / HAProxy', issue: 1.3, design: 1.2 },
  { row: 'bulk', against: 'haproxy', title: 'CPU per GB / HAProxy', issue: 2.0, design: 1.6 },
  { row: 'idle', title: 'Memory per idle session, KiB', design: 120 },
  {
    ...{ row: 'stalled', title: 'Growth per stalled client, KiB', detail: 'perClient' },
    ...{ issue: FLAT_PER_CLIENT, design: FLAT_PER_CLIENT },
  },
]
