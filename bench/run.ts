/**
 * The order of measuring: rows that share running peers go A B C A B C ..., memory rows take fresh
 * processes one at a time. A peer that fails is left out with the reason, and the others go on.
 */
import type { Lab, Running } from './lab.ts'
import type { Plan } from './options.ts'
import type { Peer, PeerName } from './peers/peer.ts'
import type { Row, RowName, Sample } from './rows/row.ts'

/** What a run found: the samples of each row and peer, and why some are missing. */
export interface Findings {
  readonly samples: Map<RowName, Map<PeerName, Sample[]>>
  readonly failures: Map<PeerName, string[]>
}

type Say = (text: string) => void

export async function runAll(
  lab: Lab,
  peers: readonly Peer[],
  rows: readonly Row[],
  plan: Plan,
  say: Say,
): Promise<Findings> {
  const findings: Findings = { samples: new Map(), failures: new Map() }
  await runTogether(
    lab,
    peers,
    rows.filter((row) => !row.fresh),
    plan,
    findings,
    say,
  )
  const started = peers.filter((peer) => !findings.failures.has(peer.name))
  for (const row of rows.filter((one) => one.fresh)) await runFresh(lab, started, row, plan, findings, say)
  return findings
}

async function runTogether(
  lab: Lab,
  peers: readonly Peer[],
  rows: readonly Row[],
  plan: Plan,
  findings: Findings,
  say: Say,
): Promise<void> {
  if (rows.length === 0) return
  const running: Running[] = []
  for (const peer of peers) {
    say(`starting ${peer.title}`)
    await guarded(findings, peer, 'start', say, async () => {
      running.push(await lab.start(peer))
    })
  }
  for (const row of rows) {
    const able = new Set(running)
    for (const one of running)
      if (!(await guarded(findings, one.peer, row.name, say, () => row.warmUp(lab, one, plan))))
        able.delete(one)
    for (let repetition = 1; repetition <= plan.repetitions[row.name]; repetition++)
      for (const one of able)
        if (!(await sampleOnce(lab, one, row, plan, findings, repetition, say))) able.delete(one)
  }
  for (const one of running) await one.stop()
}

async function runFresh(
  lab: Lab,
  peers: readonly Peer[],
  row: Row,
  plan: Plan,
  findings: Findings,
  say: Say,
): Promise<void> {
  const able = new Set(peers)
  for (let repetition = 1; repetition <= plan.repetitions[row.name]; repetition++) {
    for (const peer of able) {
      const well = await guarded(findings, peer, row.name, say, async () => {
        const running = await lab.start(peer)
        try {
          await row.warmUp(lab, running, plan)
          if (!(await sampleOnce(lab, running, row, plan, findings, repetition, say))) able.delete(peer)
        } finally {
          await running.stop()
        }
      })
      if (!well) able.delete(peer)
    }
  }
}

const sampleOnce = (
  lab: Lab,
  running: Running,
  row: Row,
  plan: Plan,
  findings: Findings,
  repetition: number,
  say: Say,
): Promise<boolean> =>
  guarded(findings, running.peer, row.name, say, async () => {
    const sample = await row.sample(lab, running, plan)
    say(
      `${row.name} ${repetition}/${plan.repetitions[row.name]} ${running.peer.title}: ${sample.value.toFixed(row.digits)} ${row.unit}`,
    )
    const ofRow = findings.samples.get(row.name) ?? new Map<PeerName, Sample[]>()
    findings.samples.set(row.name, ofRow)
    ofRow.set(running.peer.name, [...(ofRow.get(running.peer.name) ?? []), sample])
  })

/** Runs `work`; a failure is noted against the peer and said, and answered with `false`. */
async function guarded(
  findings: Findings,
  peer: Peer,
  what: string,
  say: Say,
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    const reason = `${what}: ${error instanceof Error ? error.message : String(error)}`
    findings.failures.set(peer.name, [...(findings.failures.get(peer.name) ?? []), reason])
    say(`${peer.title}: ${reason}`)
    return false
  }
}
