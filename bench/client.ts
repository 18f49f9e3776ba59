/**
 * The load generator, a process of its own: real TLS clients with full handshakes that verify the
 * proxy's certificate and compare every mail by length and SHA-256. One job at a time, over IPC.
 */
import { createHash, type Hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls'
import {
  type HoldJob,
  isJob,
  type Job,
  type JobResult,
  type MailFacts,
  type SessionsJob,
  type Target,
} from './jobs.ts'

/** A session without a byte for so long has failed. Above every delay that a peer is known for. */
const SILENCE = 20_000
const MOST_ERRORS = 10
const LF = 0x0a

const contexts = new Map<string, SecureContext>()

/** X25519 only: what most mail clients do, and the same work for every peer. */
function contextFor(trusted: string): SecureContext {
  const known = contexts.get(trusted)
  if (known !== undefined) return known
  const made = createSecureContext({ ca: readFileSync(trusted), ecdhCurve: 'X25519:P-256' })
  contexts.set(trusted, made)
  return made
}

/** Reads the replies of one connection: single lines, and one mail at a time. */
class Connection {
  readonly socket: TLSSocket
  #wait: { resolve: () => void; reject: (error: Error) => void } | undefined
  #failure: Error | undefined
  #line = ''
  #body: { left: number; hash: Hash } | undefined

  constructor(target: Target) {
    this.socket = connect({
      host: '127.0.0.1',
      port: target.port,
      servername: target.serverName,
      secureContext: contextFor(target.trusted),
    })
    this.socket.setNoDelay(true)
    this.socket.setTimeout(SILENCE, () => this.socket.destroy(new Error(`silent for ${SILENCE} ms`)))
    this.socket.on('error', (error: Error) => this.#fail(error))
    this.socket.on('close', () => this.#fail(new Error('closed by the proxy')))
    this.socket.on('data', (chunk: Buffer) => this.#take(chunk))
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#wait?.reject(this.#failure)
    this.#wait = undefined
  }

  #done(): void {
    this.#wait?.resolve()
    this.#wait = undefined
  }

  #take(chunk: Buffer): void {
    let rest = chunk
    if (!this.#line.endsWith('\n')) {
      const end = rest.indexOf(LF) + 1
      this.#line += rest.toString('latin1', 0, end === 0 ? rest.length : end)
      if (end === 0) return
      rest = rest.subarray(end)
      if (this.#body === undefined || !this.#line.startsWith('+')) {
        if (rest.length > 0) this.#fail(new Error('more than one reply to one command'))
        this.#done()
        return
      }
    }
    if (this.#body === undefined) {
      this.#fail(new Error('a reply without a command'))
      return
    }
    this.#body.hash.update(rest)
    this.#body.left -= rest.length
    if (this.#body.left <= 0) this.#done()
  }

  #next(): Promise<void> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    return new Promise((resolve, reject) => {
      this.#wait = { resolve, reject }
    })
  }

  /** Sends `command` (none: waits for the greeting) and takes one `+OK` line. */
  async ask(command?: string): Promise<void> {
    this.#line = ''
    const reply = this.#next()
    if (command !== undefined) this.socket.write(`${command}\r\n`)
    await reply
    if (!this.#line.startsWith('+OK')) throw new Error(`${command ?? 'greeting'}: ${this.#line.trim()}`)
  }

  /** Fetches `mail` and compares it with what the upstream says it serves. */
  async retrieve(mail: MailFacts): Promise<void> {
    const body = { left: mail.wireOctets, hash: createHash('sha256') }
    this.#body = body
    await this.ask(`RETR ${mail.number}`)
    this.#body = undefined
    if (body.left !== 0) throw new Error(`mail ${mail.number}: ${-body.left} octets too many`)
    if (body.hash.digest('hex') !== mail.sha256) throw new Error(`mail ${mail.number}: other bytes than sent`)
  }

  /** Greeting, USER and PASS, one after the other. */
  async logIn(): Promise<void> {
    await this.ask()
    await this.ask('USER bench')
    await this.ask('PASS bench')
  }

  /** Ends our side and waits until the proxy has ended its own, so that its whole work is counted. */
  close(): Promise<void> {
    this.#failure ??= new Error('closed')
    if (this.socket.destroyed) return Promise.resolve()
    return new Promise((resolve) => {
      this.socket.once('close', () => resolve())
      this.socket.resume()
      this.socket.end()
      setTimeout(() => this.socket.destroy(), 1000).unref()
    })
  }
}

interface Tally {
  readonly latencies: number[]
  readonly errors: string[]
  failed: number
  tls: string
}

/** Runs `one` until it has begun `count` times or `budget` ms are over, `concurrency` at a time. */
async function many(
  count: number,
  concurrency: number,
  budget: number,
  one: (tally: Tally) => Promise<void>,
): Promise<JobResult> {
  const tally: Tally = { latencies: [], errors: [], failed: 0, tls: '' }
  const cpu = process.cpuUsage()
  const begun = performance.now()
  let left = count
  const lane = async (): Promise<void> => {
    while (left > 0 && performance.now() - begun < budget) {
      left--
      try {
        await one(tally)
      } catch (error) {
        tally.failed++
        if (tally.errors.length < MOST_ERRORS) tally.errors.push(String(error))
        if (tally.failed > MOST_ERRORS) left = 0
      }
    }
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
  const used = process.cpuUsage(cpu)
  return {
    completed: tally.latencies.length,
    latencies: tally.latencies,
    elapsed: performance.now() - begun,
    clientCpu: (used.user + used.system) / 1000,
    tls: tally.tls,
    errors: tally.errors,
    failed: tally.failed,
  }
}

const describeTls = (socket: TLSSocket): string =>
  `${socket.getProtocol() ?? 'no TLS'} ${socket.getCipher().name}`

const sessions = (job: SessionsJob): Promise<JobResult> =>
  many(job.sessions, job.concurrency, job.budget, async (tally) => {
    const begun = performance.now()
    const connection = new Connection(job.target)
    try {
      await connection.logIn()
      for (let n = 0; n < job.retrievals; n++) await connection.retrieve(job.mail)
      tally.tls = describeTls(connection.socket)
      await connection.ask('QUIT')
      tally.latencies.push(performance.now() - begun)
    } finally {
      await connection.close()
    }
  })

const held: Connection[] = []

const hold = (job: HoldJob): Promise<JobResult> =>
  many(job.sessions, job.concurrency, Number.POSITIVE_INFINITY, async (tally) => {
    const begun = performance.now()
    const connection = new Connection(job.target)
    held.push(connection)
    await connection.logIn()
    tally.latencies.push(performance.now() - begun)
    tally.tls = describeTls(connection.socket)
    connection.socket.setTimeout(0)
    if (job.stallIn === undefined) return
    connection.socket.pause()
    connection.socket.write(`RETR ${job.stallIn.number}\r\n`)
  })

async function release(): Promise<JobResult> {
  for (const connection of held.splice(0)) connection.socket.destroy()
  return many(0, 1, 0, () => Promise.resolve())
}

function run(job: Job): Promise<JobResult> {
  switch (job.kind) {
    case 'sessions':
      return sessions(job)
    case 'hold':
      return hold(job)
    case 'release':
      return release()
    default:
      return Promise.reject(new Error(`unknown job ${JSON.stringify(job satisfies never)}`))
  }
}

process.on('message', (message) => {
  if (isJob(message)) void run(message).then((result) => process.send?.(result))
})
process.on('disconnect', () => process.exit(0))
process.send?.(await many(0, 1, 0, () => Promise.resolve()))
