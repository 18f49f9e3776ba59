/** Takes the decoded octets of one content as they pass: size, hash, first octets, and what scanners say. */
import { createHash, type Hash } from 'node:crypto'
import type { ScanFact } from '../policy/index.ts'
import type { Scan, Scanner } from '../ports.ts'
import { headLength } from './services.ts'

/** What is known of a content once it has passed. */
export interface Passed {
  readonly size: number
  readonly sha256: string
  readonly head: Uint8Array
  readonly scans: readonly ScanFact[]
}

export class ContentSink {
  readonly #hash: Hash = createHash('sha256')
  readonly #scans: readonly { readonly scanner: Scanner; readonly scan: Scan }[]
  readonly #deep: boolean
  readonly #head: Uint8Array[] = []
  #headSize = 0
  #size = 0

  /** @param deep whether the scanners open what they are given */
  constructor(scanners: readonly Scanner[], deep = false) {
    this.#deep = deep
    this.#scans = scanners.map((scanner) => ({ scanner, scan: scanner.start({ subject: 'part' }) }))
  }

  write(octets: Uint8Array): void {
    if (octets.length === 0) return
    this.#hash.update(octets)
    if (this.#headSize < headLength) {
      const piece = Uint8Array.from(octets.subarray(0, headLength - this.#headSize))
      this.#head.push(piece)
      this.#headSize += piece.length
    }
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
    return { size: this.#size, sha256: this.#hash.digest('hex'), head: Buffer.concat(this.#head), scans }
  }

  abandon(): void {
    for (const { scan } of this.#scans) scan.abandon()
  }
}
