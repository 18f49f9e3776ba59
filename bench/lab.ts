/**
 * The surroundings of a run: a folder, certificates, the test upstream and the load generator; and
 * starting a peer in them until a first whole session went through it.
 */
import type { ChildProcess } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Certificates, makeCertificates, SERVER_NAME } from './certificates.ts'
import {
  isJobResult,
  isUpstreamCounts,
  isUpstreamReady,
  type Job,
  type JobResult,
  type MailFacts,
  type Target,
  type UpstreamCounts,
  type UpstreamReady,
} from './jobs.ts'
import type { Peer, Started } from './peers/peer.ts'
import { freePort, type Group, killAll, nextMessage, startOwn, stop } from './processes.ts'

/** A peer that a first session has gone through. */
export interface Running {
  readonly peer: Peer
  readonly target: Target
  readonly group: Group
  stop(): Promise<void>
}

/** How long a peer may take from its start to the first session, in milliseconds. */
const START_UP = 8000

export class Lab {
  readonly folder: string
  readonly certificates: Certificates
  readonly upstream: UpstreamReady
  #upstream: ChildProcess
  #client: ChildProcess
  #starts = 0

  private constructor(
    folder: string,
    certificates: Certificates,
    upstream: { child: ChildProcess; ready: UpstreamReady },
    client: ChildProcess,
  ) {
    this.folder = folder
    this.certificates = certificates
    this.upstream = upstream.ready
    this.#upstream = upstream.child
    this.#client = client
  }

  /** Makes the folder and certificates, starts upstream and load generator. Removed again by `close`. */
  static async open(): Promise<Lab> {
    const folder = mkdtempSync(join(tmpdir(), 'postern-bench-'))
    removeOnExit(folder)
    // Peers that give up root read the authorities as another user; keys are written with mode 0600.
    chmodSync(folder, 0o755)
    const certificates = makeCertificates(folder)
    const upstream = await startOwn(
      './upstream.ts',
      [certificates.upstreamCertificate, certificates.upstreamKey],
      isUpstreamReady,
    )
    const client = await startOwn('./client.ts', [], isJobResult)
    return new Lab(folder, certificates, upstream, client.child)
  }

  /** Gives the load generator a job and waits for its answer. */
  run(job: Job): Promise<JobResult> {
    const answer = nextMessage(this.#client, isJobResult)
    this.#client.send(job)
    return answer
  }

  /** What the upstream has seen since the last time. */
  upstreamCounts(): Promise<UpstreamCounts> {
    const answer = nextMessage(this.#upstream, isUpstreamCounts)
    this.#upstream.send('counts')
    return answer
  }

  /** Starts a peer in a folder of its own; throws the reason when no session gets through it. */
  async start(peer: Peer): Promise<Running> {
    this.#starts++
    const folder = join(this.folder, `${peer.name}-${this.#starts}`)
    mkdirSync(folder, { mode: 0o755 })
    const started = await peer.start({
      folder,
      certificates: this.certificates,
      upstream: this.upstream,
      port: await freePort(),
    })
    const target = { port: started.port, trusted: this.certificates.proxyCa, serverName: SERVER_NAME }
    try {
      await this.#firstSession(started, target)
    } catch (error) {
      await stop(started.group.root)
      await started.stop?.()
      throw error
    }
    const end = async (): Promise<void> => {
      await stop(started.group.root)
      await started.stop?.()
    }
    return { peer, target, group: started.group, stop: end }
  }

  async #firstSession(started: Started, target: Target): Promise<void> {
    const deadline = performance.now() + START_UP
    for (let last = ''; ; ) {
      if (started.ready === undefined || started.ready(readLog(started.log))) {
        const result = await this.run(oneSession(target, this.upstream.mails.small))
        if (result.failed === 0) return
        last = result.errors.join('; ')
      }
      const ended = started.group.ended()
      if (ended !== undefined || performance.now() > deadline)
        throw new Error(
          [ended ?? 'no session got through', last, tail(readLog(started.log))].filter(Boolean).join(': '),
        )
      await sleep(50)
    }
  }

  /** Stops everything and removes the folder. */
  close(): void {
    killAll()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

const oneSession = (target: Target, mail: MailFacts): Job => ({
  ...{ kind: 'sessions', target, sessions: 1, concurrency: 1, retrievals: 1, mail, budget: START_UP },
})

const readLog = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '')

/** The first line of a log that speaks of an error and its last lines, short enough for the report. */
function tail(log: string): string {
  const lines = log.trim().split('\n')
  const error = lines.find((line) => /error|fatal|alert/i.test(line))
  const last = lines.slice(-3)
  const said = error === undefined || last.includes(error) ? last : [error, ...last]
  return said.map((line) => line.trim().slice(0, 300)).join(' | ')
}

function removeOnExit(folder: string): void {
  process.on('exit', () => {
    killAll()
    rmSync(folder, { recursive: true, force: true })
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130))
}
