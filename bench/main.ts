/**
 * npm run bench: measures Postern beside other proxies in one run, on loopback, as whole processes,
 * and prints the figures, their ratios to HAProxy and the bars. See README.md in this folder.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Lab } from './lab.ts'
import { type Options, readOptions, USAGE } from './options.ts'
import { bun } from './peers/bun.ts'
import { dovecot } from './peers/dovecot.ts'
import { haproxy } from './peers/haproxy.ts'
import { nginx } from './peers/nginx.ts'
import type { Peer } from './peers/peer.ts'
import { postern } from './peers/postern.ts'
import { sslsplit } from './peers/sslsplit.ts'
import { type BarResult, judge, render } from './report.ts'
import { bulk } from './rows/bulk.ts'
import { idle } from './rows/idle.ts'
import { latency } from './rows/latency.ts'
import type { Row } from './rows/row.ts'
import { session } from './rows/session.ts'
import { stalled } from './rows/stalled.ts'
import { type Findings, runAll } from './run.ts'

const PEERS: readonly Peer[] = [postern, haproxy, sslsplit, dovecot, nginx, bun]
const ROWS: readonly Row[] = [session, latency, bulk, idle, stalled]
const LATEST = fileURLToPath(new URL('./results/latest.json', import.meta.url))

/** What the figures depend on beside the code. */
const machine = () => ({
  processor: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryMiB: Math.round(totalmem() / 2 ** 20),
  kernel: release(),
  node: process.version,
  openssl: process.versions.openssl,
  loadAverage: readFileSync('/proc/loadavg', 'utf8').trim(),
})

const toJson = (options: Options, begun: Date, findings: Findings, bars: readonly BarResult[]): string =>
  JSON.stringify(
    {
      begun: begun.toISOString(),
      seconds: (Date.now() - begun.getTime()) / 1000,
      quick: options.quick,
      machine: machine(),
      plan: options.plan,
      bars,
      rows: Object.fromEntries(
        [...findings.samples].map(([row, byPeer]) => [row, Object.fromEntries(byPeer)]),
      ),
      failures: Object.fromEntries(findings.failures),
    },
    null,
    2,
  )

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${text}\n`)
}

async function main(options: Options): Promise<number> {
  const begun = new Date()
  const say = (text: string): void => {
    const seconds = ((Date.now() - begun.getTime()) / 1000).toFixed(0).padStart(4)
    process.stderr.write(`${seconds} s  ${text}\n`)
  }
  const peers = PEERS.filter((peer) => options.peers.includes(peer.name))
  const rows = ROWS.filter((row) => options.rows.includes(row.name))
  say('making certificates and mails')
  const lab = await Lab.open()
  try {
    const findings = await runAll(lab, peers, rows, options.plan, say)
    const bars = judge(findings, rows)
    const json = toJson(options, begun, findings, bars)
    for (const file of [LATEST, ...(options.json === undefined ? [] : [options.json])]) write(file, json)
    process.stdout.write(
      `\n${render(findings, rows, peers, bars)}\n\nMeasured in ${Math.round((Date.now() - begun.getTime()) / 1000)} s.\n`,
    )
    const reached = bars.every((bar) => bar.issueVerdict === undefined || bar.issueVerdict === 'ok')
    return options.check && !reached ? 1 : 0
  } finally {
    lab.close()
  }
}

try {
  const options = readOptions(
    process.argv.slice(2),
    ROWS.map((row) => row.name),
    PEERS.map((peer) => peer.name),
  )
  if (options === 'help') process.stdout.write(USAGE)
  else process.exit(await main(options))
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(2)
}
