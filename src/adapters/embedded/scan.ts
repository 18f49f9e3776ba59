/** One content on its way through the embedded scanner: EICAR and hash while it passes, the rules at the end. */
import { createHash } from 'node:crypto'
import type { Scan, ScanResult } from '../../ports.ts'
import { EicarSearch } from './eicar.ts'
import type { HashLists } from './hash-lists.ts'
import type { YaraThread } from './yara.ts'

export interface Surroundings {
  readonly lists: HashLists
  /** `undefined`: no rules are configured. */
  readonly yara: YaraThread | undefined
  /** Largest content that the rules are given, in octets. */
  readonly yaraLimit: number
  /** Called for each fault. */
  readonly failed: (reason: string) => void
}

export class EmbeddedScan implements Scan {
  readonly #around: Surroundings
  readonly #eicar = new EicarSearch()
  readonly #hash = createHash('sha256')
  readonly #refreshed: Promise<void>
  #kept: Uint8Array[] = []
  #octets = 0
  #abandoned = false

  constructor(around: Surroundings) {
    this.#around = around
    this.#refreshed = around.lists.refresh()
  }

  write(chunk: Uint8Array): boolean {
    if (this.#abandoned) return true
    this.#octets += chunk.length
    this.#eicar.write(chunk)
    this.#hash.update(chunk)
    if (this.#around.yara === undefined) return true
    if (this.#octets <= this.#around.yaraLimit) this.#kept.push(Buffer.from(chunk))
    else this.#kept = []
    return true
  }

  drained(): Promise<void> {
    return Promise.resolve()
  }

  async finish(): Promise<ScanResult> {
    const known = await this.#known()
    if (known !== undefined) return { kind: 'infected', virus: known }
    const { yara, yaraLimit, failed } = this.#around
    if (this.#abandoned) return fault('the scan was abandoned')
    if (yara === undefined) return { kind: 'clean' }
    if (this.#octets > yaraLimit) return { kind: 'too-large', limit: yaraLimit }
    const outcome = await yara.scan(joined(this.#kept, this.#octets))
    if (outcome.kind === 'failed') {
      failed(outcome.reason)
      return fault(outcome.reason)
    }
    const [first] = outcome.rules
    return first === undefined ? { kind: 'clean' } : { kind: 'infected', virus: `YARA.${first}` }
  }

  abandon(): void {
    this.#abandoned = true
    this.#kept = []
  }

  async #known(): Promise<string | undefined> {
    if (this.#eicar.found) return 'Eicar-Test-Signature'
    await this.#refreshed
    const list = this.#around.lists.find(this.#hash.digest('hex'))
    return list === undefined ? undefined : `Sha256.${list}`
  }
}

const fault = (reason: string): ScanResult => ({
  ...{ kind: 'error', blame: 'scanner', reason, temporary: true },
})

/** In a buffer of its own, as it is given away to a thread. */
function joined(chunks: readonly Uint8Array[], octets: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(octets)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
