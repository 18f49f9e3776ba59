/** CPU of the proxy for one whole session with one 20 kB mail, a few sessions side by side. */
import { setTimeout as sleep } from 'node:timers/promises'
import { cpuBetween, median, readCpu } from '../measure.ts'
import { flawless, type Row, warmSessions } from './row.ts'

/** What a proxy still does after the last session ended belongs to that session; milliseconds. */
const SETTLE = 60

export const session: Row = {
  name: 'session',
  title: 'CPU per session, 20 kB mail',
  unit: 'ms',
  digits: 2,
  fresh: false,
  warmUp: warmSessions,
  async sample(lab, running, plan) {
    await lab.upstreamCounts()
    const before = readCpu(running.group.root)
    const result = flawless(
      await lab.run({
        ...{ kind: 'sessions', target: running.target, mail: lab.upstream.mails.small, retrievals: 1 },
        ...{ sessions: plan.sessions, concurrency: plan.concurrency, budget: 60_000 },
      }),
    )
    await sleep(SETTLE)
    const after = readCpu(running.group.root)
    const seen = await lab.upstreamCounts()
    return {
      value: cpuBetween(before, after) / result.completed,
      detail: {
        byTicks: (after.ticks - before.ticks) / result.completed,
        sessionsPerSecond: (result.completed * 1000) / result.elapsed,
        medianLatency: median(result.latencies),
        clientCpuPerSession: result.clientCpu / result.completed,
        upstreamCpuPerSession: seen.cpu / result.completed,
        upstreamTls: seen.tls,
        upstreamResumed: seen.resumed,
        upstreamPlain: seen.plain,
        clientTls: result.tls,
      },
    }
  },
}
