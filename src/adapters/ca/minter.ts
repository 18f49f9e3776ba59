/**
 * Talks to the authority's thread: bounded in what it lets wait, total in what it answers. When the
 * thread dies, all that waits is rejected and one new thread is started; a new one that dies before it
 * has minted anything is not followed by another.
 */
import { Worker } from 'node:worker_threads'
import type { Credentials, LeafRequest } from '../../ports.ts'
import type { AuthorityFacts, AuthorityOptions, FromWorker, ToWorker } from './messages.ts'

/** Each waiting handshake holds a socket; at a few milliseconds a leaf, who stands behind this many waits seconds. */
export const mostWaiting = 512
/** Heap of the thread in MiB: a leaf takes some kilobytes, so that a leak ends the thread and not the gateway. */
const heapLimit = 128

export interface Minter {
  readonly facts: AuthorityFacts
  issue(leaf: LeafRequest): Promise<Credentials>
  close(): void
}

interface Waiting {
  readonly resolve: (credentials: Credentials) => void
  readonly reject: (error: Error) => void
}

/** @param script the thread's program. Rejects when the authority cannot be opened. */
export async function startMinter(script: URL, options: AuthorityOptions): Promise<Minter> {
  const minter = new ThreadMinter(script, options)
  await minter.opened
  return minter
}

class ThreadMinter implements Minter {
  readonly opened: Promise<void>
  readonly #script: URL
  readonly #options: AuthorityOptions
  readonly #waiting = new Map<number, Waiting>()
  #facts: AuthorityFacts | undefined
  #worker: Worker | undefined
  #nextId = 0
  #mintedSinceStart = false
  #gone = 'the certificate authority is not open'

  constructor(script: URL, options: AuthorityOptions) {
    this.#script = script
    this.#options = options
    this.opened = new Promise((resolve, reject) => this.#start({ resolve, reject }))
  }

  get facts(): AuthorityFacts {
    if (this.#facts === undefined) throw new Error(this.#gone)
    return this.#facts
  }

  issue(leaf: LeafRequest): Promise<Credentials> {
    const worker = this.#worker
    if (worker === undefined) return Promise.reject(new Error(this.#gone))
    if (this.#waiting.size >= mostWaiting)
      return Promise.reject(
        new Error(`the certificate authority is busy: ${mostWaiting} requests are waiting`),
      )
    return new Promise((resolve, reject) => {
      const id = this.#nextId++
      worker.postMessage({ id, leaf } satisfies ToWorker)
      this.#waiting.set(id, { resolve, reject })
      worker.ref()
    })
  }

  close(): void {
    const worker = this.#worker
    this.#worker = undefined
    this.#gone = 'the certificate authority is closed'
    this.#rejectAll()
    void worker?.terminate()
  }

  #start(first: { resolve: () => void; reject: (error: Error) => void } | undefined): void {
    const worker = new Worker(this.#script, {
      workerData: this.#options,
      name: 'postern-authority',
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: heapLimit },
    })
    this.#worker = worker
    this.#mintedSinceStart = false
    const dead = () => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      const again = first === undefined ? this.#mintedSinceStart : this.#facts !== undefined
      this.#gone = 'the certificate authority has stopped; restart Postern'
      first?.reject(new Error('the certificate authority could not be started'))
      if (again) this.#start(undefined)
      this.#rejectAll()
    }
    worker.on('error', dead)
    worker.on('exit', dead)
    worker.on('message', (message: FromWorker) => {
      switch (message.kind) {
        case 'opened':
          if (this.#facts === undefined) this.#facts = message.facts
          else if (this.#facts.authority !== message.facts.authority) return this.#abandon(worker)
          first?.resolve()
          return this.#rest(worker)
        case 'failed':
          this.#worker = undefined
          this.#gone = message.reason
          first?.reject(new Error(message.reason))
          this.#rejectAll()
          return void worker.terminate()
        case 'issued':
          this.#mintedSinceStart = true
          this.#take(message.id)?.resolve(message.credentials)
          return this.#rest(worker)
        case 'refused':
          this.#take(message.id)?.reject(new Error(message.reason))
          return this.#rest(worker)
        default:
          return message satisfies never
      }
    })
  }

  /** The files were changed under a running gateway: clients trust another certificate than the new one. */
  #abandon(worker: Worker): void {
    this.#worker = undefined
    this.#gone = 'the certificate authority was changed on disk; restart Postern to use the new one'
    this.#rejectAll()
    void worker.terminate()
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    return waiting
  }

  /** A thread with nothing to do does not keep the process alive. */
  #rest(worker: Worker): void {
    if (this.#waiting.size === 0) worker.unref()
  }

  #rejectAll(): void {
    const reason = this.#worker === undefined ? this.#gone : 'the certificate authority broke off; try again'
    for (const { reject } of this.#waiting.values()) reject(new Error(reason))
    this.#waiting.clear()
  }
}
