/** Takes the decoded octets of one content as they pass: size, hash, a sample, and what scanners say. */
import { createHash, type Hash } from 'node:crypto'
import type { ScanFact } from '../policy/index.ts'
import type { Scan, Scanner } from '../ports.ts'
import { sampleEnd, sampleStart } from './services.ts'

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
  #last: Uint8Array[] = []
  #lastSize = 0

  add(octets: Uint8Array): void {
    const room = sampleStart - this.#firstSize
    if (room > 0) {
      const piece = Uint8Array.from(octets.subarray(0, room))
      this.#first.push(piece)
      this.#firstSize += piece.length
    }
    if (octets.length <= room) return
    const piece = Uint8Array.from(octets.subarray(Math.max(0, room, octets.length - sampleEnd)))
    this.#last.push(piece)
    this.#lastSize += piece.length
    for (let [oldest] = this.#last; oldest !== undefined; [oldest] = this.#last) {
      if (this.#lastSize - oldest.length < sampleEnd) break
      this.#lastSize -= oldest.length
      this.#last.shift()
    }
  }

  octets(): Uint8Array {
    const [only, ...more] = this.#first
    if (only !== undefined && more.length === 0 && this.#last.length === 0) return only
    return Buffer.concat([...this.#first, ...this.#last])
  }
}
