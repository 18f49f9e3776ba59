/**
 * YARA rules in a thread of their own: one content at a time, each with a deadline. A thread that runs
 * over is ended, for a rule can loop for hours, and a new one is started for the next content.
 */
import { globSync, readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { FromYara, RuleFile, ToYara } from './yara-messages.ts'

/** Milliseconds for one content: 10 MB take 60 with ordinary rules, so who needs this long has a slow rule. */
export const yaraDeadline = 10_000
/** Octets of content that may wait for the thread: several of the largest, a fraction of the memory. */
export const mostWaitingOctets = 128 * 1024 * 1024
/** Milliseconds until the thread has compiled its rules; ten thousand rules take about five seconds. */
const startDeadline = 60_000

export type YaraOutcome =
  | { readonly kind: 'matches'; readonly rules: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string }

interface Job {
  readonly id: number
  readonly content: Uint8Array
  readonly resolve: (outcome: YaraOutcome) => void
}

/** The state of the thread; the job at hand is not in the queue any more. */
type State =
  | { readonly kind: 'none' }
  | { readonly kind: 'starting'; readonly worker: Worker }
  | { readonly kind: 'idle'; readonly worker: Worker }
  | { readonly kind: 'scanning'; readonly worker: Worker; readonly job: Job }
  | { readonly kind: 'closed' }

/**
 * Reads the files of rules. Throws an `Error` that names what has no file or cannot be read.
 *
 * @param patterns paths, or patterns with `*`
 */
export function readRules(patterns: readonly string[]): RuleFile[] {
  const files = patterns.flatMap((pattern) => {
    const found = globSync(pattern).sort()
    if (found.length === 0) throw new Error(`no YARA rules at ${pattern}; correct the path, or remove it`)
    return found
  })
  return [...new Set(files)].map((name) => {
    try {
      return { name, text: readFileSync(name, 'utf8') }
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
      throw new Error(`cannot read the YARA rules ${name} (${code})`, { cause: error })
    }
  })
}

export class YaraThread {
  readonly #files: readonly RuleFile[]
  readonly #script: URL
  readonly #deadline: number
  readonly #queue: Job[] = []
  #queuedOctets = 0
  #nextId = 0
  #state: State = { kind: 'none' }
  #timer: NodeJS.Timeout | undefined
  #opening: { resolve: () => void; reject: (error: Error) => void } | undefined

  private constructor(files: readonly RuleFile[], script: URL, deadline: number) {
    this.#files = files
    this.#script = script
    this.#deadline = deadline
  }

  /** Compiles the rules. Rejects with `file:line:column what is wrong`, or that the library is missing. */
  static async open(files: readonly RuleFile[], script: URL, deadline = yaraDeadline): Promise<YaraThread> {
    const thread = new YaraThread(files, script, deadline)
    await new Promise<void>((resolve, reject) => {
      thread.#opening = { resolve, reject }
      thread.#start()
    })
    return thread
  }

  /** Scans a content, whose buffer is given away: it must be its own. Never rejects. */
  scan(content: Uint8Array<ArrayBuffer>): Promise<YaraOutcome> {
    if (this.#state.kind === 'closed') return Promise.resolve(failed('the YARA rules are closed'))
    if (this.#queuedOctets + content.length > mostWaitingOctets)
      return Promise.resolve(failed(`the YARA rules are busy: ${this.#queuedOctets} octets are waiting`))
    return new Promise((resolve) => {
      this.#queue.push({ id: this.#nextId++, content, resolve })
      this.#queuedOctets += content.length
      if (this.#state.kind === 'none') this.#start()
      else if (this.#state.kind === 'idle') this.#next(this.#state.worker)
    })
  }

  close(): void {
    this.#end({ kind: 'closed' }, 'the YARA rules are closed')
    this.#failQueue('the YARA rules are closed')
  }

  #start(): void {
    const worker = new Worker(this.#script, {
      workerData: this.#files,
      name: 'postern-yara',
      execArgv: [],
      env: {},
    })
    this.#state = { kind: 'starting', worker }
    this.#limit(startDeadline, 'the YARA rules were not compiled in time')
    const died = (error?: Error) => {
      if (!('worker' in this.#state) || this.#state.worker !== worker) return
      const starting = this.#state.kind === 'starting'
      this.#end({ kind: 'none' }, `the thread of the YARA rules broke off (${error?.message ?? 'no reason'})`)
      // One that cannot start would be started for ever.
      if (starting) this.#failQueue('the thread of the YARA rules does not start')
      else if (this.#queue.length > 0) this.#start()
    }
    worker.on('error', (error) => died(error instanceof Error ? error : undefined))
    worker.on('exit', () => died())
    worker.on('message', (message: FromYara) => this.#take(worker, message))
  }

  #take(worker: Worker, message: FromYara): void {
    const state = this.#state
    if (!('worker' in state) || state.worker !== worker) return
    switch (message.kind) {
      case 'ready':
        this.#opening?.resolve()
        this.#opening = undefined
        this.#next(worker)
        return
      case 'refused':
        this.#end({ kind: 'none' }, message.reason)
        this.#failQueue(message.reason)
        return
      case 'matches':
      case 'failed':
        if (state.kind !== 'scanning' || state.job.id !== message.id) return
        state.job.resolve(message)
        this.#next(worker)
        return
      default:
        message satisfies never
    }
  }

  #next(worker: Worker): void {
    clearTimeout(this.#timer)
    const job = this.#queue.shift()
    if (job === undefined) {
      this.#state = { kind: 'idle', worker }
      worker.unref()
      return
    }
    this.#queuedOctets -= job.content.length
    this.#state = { kind: 'scanning', worker, job }
    worker.ref()
    this.#limit(this.#deadline, `the YARA rules took longer than ${this.#deadline / 1000} s`)
    const { id, content } = job
    worker.postMessage({ id, content } satisfies ToYara, [content.buffer as ArrayBuffer])
  }

  /** Ends the thread when the time is over, and starts another for what waits. */
  #limit(milliseconds: number, reason: string): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      const starting = this.#state.kind === 'starting'
      this.#end({ kind: 'none' }, reason)
      if (starting) this.#failQueue(reason)
      else if (this.#queue.length > 0) this.#start()
    }, milliseconds)
  }

  /** The thread's end: whoever waits for it is told why. */
  #end(next: State, reason: string): void {
    const state = this.#state
    clearTimeout(this.#timer)
    this.#state = next
    if ('worker' in state) void state.worker.terminate()
    if (state.kind === 'scanning') state.job.resolve(failed(reason))
    this.#opening?.reject(new Error(reason))
    this.#opening = undefined
  }

  #failQueue(reason: string): void {
    for (const job of this.#queue.splice(0)) job.resolve(failed(reason))
    this.#queuedOctets = 0
  }
}

const failed = (reason: string): YaraOutcome => ({ kind: 'failed', reason })
