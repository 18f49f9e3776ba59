/**
 * 7-Zip, for the formats that nothing else reads: compiled to WebAssembly, and in a thread of its own for
 * each archive, which is ended when it has answered or its time is over.
 */
import { Worker } from 'node:worker_threads'
import type { ArchiveFault, ArchiveListing, ArchiveMember, MemberContent } from '../../ports.ts'
import { type Budget, exceeded } from './limits.ts'
import type { SevenZipAnswer, SevenZipTask, UnpackedMember } from './seven-zip-messages.ts'
import { within } from './unpack.ts'

/** Threads at one time: each takes a core and the memory of what it unpacks. */
const mostThreads = 2
/** Heap of a thread in MiB; the files in memory are outside of it. */
const heapLimit = 256

/** How a thread ended: with an answer, or without. */
type End = SevenZipAnswer | { readonly kind: 'late' } | { readonly kind: 'died'; readonly reason: string }

export class SevenZip {
  readonly #script: URL
  #running = 0
  readonly #waiting: (() => void)[] = []

  constructor(script: URL) {
    this.#script = script
  }

  /**
   * Lists and unpacks an archive. Never rejects.
   *
   * @param format as 7-Zip calls it
   * @param single the format holds one content, without a name
   */
  async open(bytes: Buffer, format: string, budget: Budget, single = false): Promise<ArchiveListing> {
    await this.#place()
    const started = performance.now()
    try {
      const { remaining, room, limits } = budget
      const task = { bytes, format, single, members: limits.members, room }
      const end = await this.#run(task, remaining)
      budget.spend(performance.now() - started)
      return listingOf(end, budget)
    } finally {
      this.#running -= 1
      this.#waiting.shift()?.()
    }
  }

  async #place(): Promise<void> {
    if (this.#running >= mostThreads) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#running += 1
  }

  #run(task: SevenZipTask, milliseconds: number): Promise<End> {
    return new Promise((resolve) => {
      const worker = new Worker(this.#script, {
        ...{ workerData: task, name: 'postern-7zip', execArgv: [], env: {} },
        resourceLimits: { maxOldGenerationSizeMb: heapLimit },
      })
      const end = (how: End) => {
        clearTimeout(timer)
        resolve(how)
        void worker.terminate()
      }
      const timer = setTimeout(() => end({ kind: 'late' }), milliseconds)
      worker.on('message', (answer: SevenZipAnswer) => end(answer))
      worker.on('error', (error) =>
        end({ kind: 'died', reason: error instanceof Error ? error.message : 'no reason' }),
      )
      worker.on('exit', () => end({ kind: 'died', reason: 'no answer' }))
    })
  }
}

function listingOf(end: End, budget: Budget): ArchiveListing {
  const only = (fault: ArchiveFault): ArchiveListing => ({ members: [], faults: [fault], close: () => {} })
  switch (end.kind) {
    case 'missing':
      return only({
        kind: 'unreadable',
        evidence: 'needs the package 7z-wasm, which is not installed; run npm install 7z-wasm',
      })
    case 'encrypted':
      return only({ kind: 'encrypted', evidence: 'the names are encrypted' })
    case 'late':
      budget.exceed('milliseconds')
      return only(exceeded('milliseconds', budget.limits))
    case 'died':
      return only({ kind: 'unreadable', evidence: `7-Zip broke off: ${end.reason}` })
    case 'unpacked':
      return unpacked(end, budget)
    default:
      return end satisfies never
  }
}

function unpacked(
  { members, over, complaint }: SevenZipAnswer & { kind: 'unpacked' },
  budget: Budget,
): ArchiveListing {
  const faults: ArchiveFault[] = []
  if (over === 'members') budget.exceed('members')
  if (over === 'room') budget.take(budget.room + 1)
  if (budget.over !== undefined) faults.push(exceeded(budget.over, budget.limits))
  if (complaint !== undefined) faults.push({ kind: 'damaged', evidence: complaint.slice(0, 200) })
  let closed = false
  const read = (member: UnpackedMember, bound: number): MemberContent =>
    closed ? { kind: 'unreadable', evidence: 'the archive is closed' } : contentOf(member, bound, budget)
  return {
    members: members.map((member): ArchiveMember => {
      const { name, size, packedSize, encrypted, directory, method } = member
      return {
        ...{ name, size, packedSize, encrypted, directory, method },
        read: async (bound) => read(member, bound),
      }
    }),
    faults,
    close: () => {
      closed = true
    },
  }
}

function contentOf(
  { encrypted, directory, size, content, complaint }: UnpackedMember,
  bound: number,
  budget: Budget,
): MemberContent {
  if (encrypted) return { kind: 'encrypted' }
  if (complaint !== undefined) return { kind: 'damaged', evidence: complaint }
  if (content !== undefined) return within(content, bound, budget)
  if (budget.over !== undefined) return { kind: 'limit-exceeded', limit: budget.over }
  if (directory || size === 0) return { kind: 'content', bytes: new Uint8Array() }
  return { kind: 'unreadable', evidence: '7-Zip did not unpack it' }
}
