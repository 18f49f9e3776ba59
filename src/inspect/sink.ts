/** Takes the decoded octets of one content as they pass: size, hash, a sample, and what scanners say. */
import { createHash, type Hash } from 'node:crypto'
import type { ScanFact } from '../policy/index.ts'
import type { Scan, Scanner } from '../ports.ts'
import { sampleEnd, sampleRoom, sampleStart } from './services.ts'

/** What is known of a content once it has passed. */
export interface Passed {
  readonly size: number
  readonly sha256: string
  /** The content, or its beginning and its end where it is long. */
  readonly sample: Uint8Array
  /** The sample is all of it. */
  readonly complete: boolean
  readonly scans: readonly ScanFact[]
}

export class ContentSink {
  readonly #hash: Hash = createHash('sha256')
  readonly #scans: readonly { readonly scanner: Scanner; readonly scan: Scan }[]
  readonly #deep: boolean
  readonly #sample = new Sample()
  #size = 0

  /** @param deep whether the scanners open what they are given */
  constructor(scanners: readonly Scanner[], deep = false) {
    this.#deep = deep
    this.#scans = scanners.map((scanner) => ({ scanner, scan: scanner.start({ subject: 'part' }) }))
  }

  /** Takes a copy of what it keeps. */
  write(octets: Uint8Array): void {
    if (octets.length === 0) return
    this.#hash.update(octets)
    this.#sample.add(octets)
    this.#size += octets.length
    for (const { scan } of this.#scans) scan.write(octets)
  }

  /** Resolves when the scanners take more. */
  async drained(): Promise<void> {
    for (const { scan } of this.#scans) await scan.drained()
  }

  async finish(): Promise<Passed> {
    const scans: ScanFact[] = []
    for (const { scanner, scan } of this.#scans)
      scans.push({ scanner: scanner.name, result: await scan.finish(), deep: this.#deep })
    const sample = this.#sample.octets()
    const complete = sample.length === this.#size
    return { size: this.#size, sha256: this.#hash.digest('hex'), sample, complete, scans }
  }

  abandon(): void {
    for (const { scan } of this.#scans) scan.abandon()
  }
}

/** The first octets and the last ones: types are told by what stands at the beginning, and some by what stands at the end. */
class Sample {
  readonly #first: Uint8Array[] = []
  #firstSize = 0
  /** What came behind `#first`, its end at least; made when there is something. */
  #last: Buffer | undefined
  #lastSize = 0

  add(octets: Uint8Array): void {
    const room = Math.min(octets.length, sampleStart - this.#firstSize)
    if (room > 0) {
      this.#first.push(Uint8Array.from(octets.subarray(0, room)))
      this.#firstSize += room
    }
    if (octets.length > room) this.#addLast(octets.subarray(Math.max(room, octets.length - sampleEnd)))
  }

  octets(): Uint8Array {
    const [only, ...more] = this.#first
    const last = this.#last?.subarray(Math.max(0, this.#lastSize - sampleEnd), this.#lastSize)
    if (last === undefined && only !== undefined && more.length === 0) return only
    return Buffer.concat([...this.#first, ...(last === undefined ? [] : [last])])
  }

  /** The memory is more than what is kept, so that old octets are moved out of the way once in a while only. */
  #addLast(octets: Uint8Array): void {
    this.#last ??= Buffer.allocUnsafeSlow(sampleEnd + sampleRoom)
    if (this.#lastSize + octets.length > this.#last.length) {
      const kept = Math.min(this.#lastSize, sampleEnd, this.#last.length - octets.length)
      this.#last.copyWithin(0, this.#lastSize - kept, this.#lastSize)
      this.#lastSize = kept
    }
    this.#last.set(octets, this.#lastSize)
    this.#lastSize += octets.length
  }
}
