/** Memory of the proxy for one logged-in TLS session that says nothing: growth of PSS by the count. */
import { setTimeout as sleep } from 'node:timers/promises'
import { readMemory } from '../measure.ts'
import { flawless, type Row, warmSessions } from './row.ts'

/** Memory is read so long after the last log-in; milliseconds. */
const SETTLE = 1500

export const idle: Row = {
  name: 'idle',
  title: 'Memory per idle session',
  unit: 'KiB',
  digits: 0,
  fresh: true,
  warmUp: warmSessions,
  async sample(lab, running, plan) {
    await sleep(SETTLE / 3)
    const before = readMemory(running.group.root)
    const result = await lab.run({
      ...{ kind: 'hold', target: running.target, sessions: plan.idle, concurrency: 16 },
    })
    try {
      flawless(result)
      await sleep(SETTLE)
      const after = readMemory(running.group.root)
      return {
        value: (after.pss - before.pss) / plan.idle,
        detail: {
          sessions: plan.idle,
          byRss: (after.rss - before.rss) / plan.idle,
          rssBefore: before.rss,
          rssAfter: after.rss,
        },
      }
    } finally {
      await lab.run({ kind: 'release' })
    }
  },
}
