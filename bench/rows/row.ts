/** What a row is: one kind of work, measured on one running peer at a time. */
import type { JobResult } from '../jobs.ts'
import type { Lab, Running } from '../lab.ts'
import type { Plan } from '../options.ts'

export type RowName = 'session' | 'latency' | 'bulk' | 'idle' | 'stalled'

export interface Row {
  readonly name: RowName
  readonly title: string
  readonly unit: string
  readonly digits: number
  /**
   * Memory is only comparable in a process that has not been through another row: such a row gets
   * fresh ones, one peer at a time. The others share running peers and take turns.
   */
  readonly fresh: boolean
  /** Brings the peer to its running speed. */
  warmUp(lab: Lab, running: Running, plan: Plan): Promise<void>
  /** One repetition. Throws when a session failed. */
  sample(lab: Lab, running: Running, plan: Plan): Promise<Sample>
}

export interface Sample {
  readonly value: number
  /** What else was seen, for the JSON. */
  readonly detail: Readonly<Record<string, number | string | readonly number[]>>
}

/** A result without failed sessions; otherwise an error with what the first ones said. */
export function flawless(result: JobResult): JobResult {
  if (result.failed > 0)
    throw new Error(`${result.failed} sessions failed: ${result.errors.slice(0, 3).join('; ')}`)
  if (result.completed === 0 && result.elapsed > 0 && result.tls === '')
    throw new Error('no session was made')
  return result
}

/** Small-mail sessions as fast as they go, to warm a peer and the load generator. */
export async function warmSessions(lab: Lab, running: Running, plan: Plan): Promise<void> {
  flawless(
    await lab.run({
      ...{ kind: 'sessions', target: running.target, mail: lab.upstream.mails.small, retrievals: 1 },
      ...{ sessions: plan.warmUp, concurrency: 24, budget: 20_000 },
    }),
  )
}
