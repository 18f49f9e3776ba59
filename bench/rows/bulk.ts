/** CPU of the proxy per GB (10^9 octets of mail) of 20 MB mails, fetched one after the other. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab, Running } from '../lab.ts'
import { cpuBetween, readCpu } from '../measure.ts'
import { flawless, type Row } from './row.ts'

const SETTLE = 60
const WARM_MAILS = 2

const fetchMails = async (lab: Lab, running: Running, retrievals: number) =>
  flawless(
    await lab.run({
      ...{ kind: 'sessions', target: running.target, mail: lab.upstream.mails.large, retrievals },
      ...{ sessions: 1, concurrency: 1, budget: 60_000 },
    }),
  )

export const bulk: Row = {
  name: 'bulk',
  title: 'CPU per GB, 20 MB mails',
  unit: 's',
  digits: 2,
  fresh: false,
  async warmUp(lab, running) {
    await fetchMails(lab, running, WARM_MAILS)
  },
  async sample(lab, running, plan) {
    const before = readCpu(running.group.root)
    const result = await fetchMails(lab, running, plan.bulkMails)
    await sleep(SETTLE)
    const after = readCpu(running.group.root)
    const gigabytes = (plan.bulkMails * lab.upstream.mails.large.octets) / 1e9
    return {
      value: cpuBetween(before, after) / 1000 / gigabytes,
      detail: {
        byTicks: (after.ticks - before.ticks) / 1000 / gigabytes,
        megabytesPerSecond: (gigabytes * 1e6) / result.elapsed,
        clientCpuPerGb: result.clientCpu / 1000 / gigabytes,
      },
    }
  },
}
