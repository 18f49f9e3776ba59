/** Reads the bench's command line and says how much is measured. */
import { parseArgs } from 'node:util'
import type { PeerName } from './peers/peer.ts'
import type { RowName } from './rows/row.ts'

export const USAGE = `usage: npm run bench -- [--quick] [--check] [--json FILE] [--only ROW,...] [--peers PEER,...]
  --quick   fewer and smaller repetitions, within 3 minutes
  --check   exit 1 when a bar of issue 2 is missed or could not be measured
  --json    also write the results to FILE (always written to bench/results/latest.json)
  --only    rows: session, latency, bulk, idle, stalled
  --peers   postern, haproxy, sslsplit, dovecot, nginx, postern-bun
`

/** How much is measured: counts, and milliseconds where it says so. */
export interface Plan {
  /** Repetitions of each row. */
  readonly repetitions: Readonly<Record<RowName, number>>
  /** Sessions before measuring, so that just-in-time compilers are done. */
  readonly warmUp: number
  readonly sessions: number
  readonly concurrency: number
  /** One after the other, for latency. */
  readonly single: number
  /** The latency row stops starting sessions after so many milliseconds: two peers stall at 90 ms each. */
  readonly singleBudget: number
  /** 20 MB mails fetched in one session. */
  readonly bulkMails: number
  readonly idle: number
  readonly stalled: number
}

const FULL: Plan = {
  repetitions: { session: 7, latency: 5, bulk: 5, idle: 3, stalled: 1 },
  ...{ warmUp: 1200, sessions: 500, concurrency: 8, single: 300, singleBudget: 10_000 },
  ...{ bulkMails: 10, idle: 2000, stalled: 200 },
}

const QUICK: Plan = {
  repetitions: { session: 5, latency: 3, bulk: 5, idle: 1, stalled: 1 },
  ...{ warmUp: 600, sessions: 150, concurrency: 8, single: 100, singleBudget: 1500 },
  ...{ bulkMails: 3, idle: 500, stalled: 50 },
}

export interface Options {
  readonly quick: boolean
  readonly check: boolean
  readonly json: string | undefined
  readonly rows: readonly RowName[]
  readonly peers: readonly PeerName[]
  readonly plan: Plan
}

/** The names in `given` (comma-separated; absent: all), which must all be among `known`. */
function choose<T extends string>(
  what: string,
  given: string | undefined,
  known: readonly T[],
): readonly T[] {
  if (given === undefined) return known
  const wanted = given.split(',').map((name) => name.trim())
  const wrong = wanted.filter((name) => !known.some((one) => one === name))
  if (wrong.length > 0) throw new Error(`--${what}: ${wrong.join(', ')} is not one of ${known.join(', ')}`)
  return known.filter((name) => wanted.includes(name))
}

/** Throws an error whose message is for the user when the arguments make no sense. */
export function readOptions(
  args: readonly string[],
  rows: readonly RowName[],
  peers: readonly PeerName[],
): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
      json: { type: 'string' },
      only: { type: 'string' },
      peers: { type: 'string' },
    },
  })
  if (values.help) return 'help'
  return {
    quick: values.quick,
    check: values.check,
    json: values.json,
    rows: choose('only', values.only, rows),
    peers: choose('peers', values.peers, peers),
    plan: values.quick ? QUICK : FULL,
  }
}
