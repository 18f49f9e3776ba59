/** Median time of that session as the client sees it, connect to the reply to QUIT, one at a time. */
import { median } from '../measure.ts'
import { flawless, type Row } from './row.ts'

export const latency: Row = {
  name: 'latency',
  title: 'Median latency of that session',
  unit: 'ms',
  digits: 2,
  fresh: false,
  warmUp: () => Promise.resolve(),
  async sample(lab, running, plan) {
    const result = flawless(
      await lab.run({
        ...{ kind: 'sessions', target: running.target, mail: lab.upstream.mails.small, retrievals: 1 },
        ...{ sessions: plan.single, concurrency: 1, budget: plan.singleBudget },
      }),
    )
    const sorted = result.latencies.toSorted((a, b) => a - b)
    return {
      value: median(sorted),
      detail: {
        sessions: result.completed,
        fastest: sorted[0] ?? Number.NaN,
        percentile90: sorted[Math.floor(sorted.length * 0.9)] ?? Number.NaN,
      },
    }
  },
}
