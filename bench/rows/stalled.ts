/**
 * Many clients that ask for a 50 MB mail and never read the reply: growth of the proxy's RSS between
 * 2 and 6 seconds after the last of them stalled. Flat means that back-pressure (or a spool) works.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { readMemory } from '../measure.ts'
import { flawless, type Row } from './row.ts'

const FROM = 2
const TO = 6

/** Growth up to this many KiB for a client is flat: it is what allocators and heaps shift, not mail. */
export const FLAT_PER_CLIENT = 64

export const stalled: Row = {
  name: 'stalled',
  title: 'RSS growth, clients stalled in 50 MB',
  unit: 'MiB',
  digits: 1,
  fresh: true,
  warmUp: () => Promise.resolve(),
  async sample(lab, running, plan) {
    const start = readMemory(running.group.root).rss
    const result = await lab.run({
      ...{ kind: 'hold', target: running.target, sessions: plan.stalled, concurrency: 16 },
      ...{ stallIn: lab.upstream.mails.huge },
    })
    try {
      flawless(result)
      const begun = performance.now()
      const trace: number[] = []
      for (let second = 0; second <= TO; second++) {
        await sleep(Math.max(0, begun + second * 1000 - performance.now()))
        trace.push(readMemory(running.group.root).rss)
      }
      const growth = (trace[TO] ?? Number.NaN) - (trace[FROM] ?? Number.NaN)
      return {
        value: growth / 1024,
        detail: {
          clients: plan.stalled,
          rssAtStart: start,
          rssEachSecond: trace,
          perClient: growth / plan.stalled,
          totalPerClient: ((trace[TO] ?? Number.NaN) - start) / plan.stalled,
        },
      }
    } finally {
      await lab.run({ kind: 'release' })
    }
  },
}
