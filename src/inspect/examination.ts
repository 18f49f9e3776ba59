/**
 * One message's examination: it takes the octets while they arrive, holds them, and says at the end
 * what it found. What is delivered is read from here too.
 */
import { createHash, type Hash } from 'node:crypto'
import type { Spool, SpoolFactory } from '../ports.ts'

/** What was found in a message. */
export interface Findings {
  /** Octets, as it came. */
  readonly size: number
  /** Of the same octets, lower-case hex. */
  readonly sha256: string
}

export class Examination {
  readonly #spool: Spool
  readonly #hash: Hash = createHash('sha256')

  constructor(spools: SpoolFactory) {
    this.#spool = spools.open()
  }

  /** Takes a copy. `false`: wait for `drained` before writing more. */
  write(chunk: Uint8Array): boolean {
    this.#hash.update(chunk)
    return this.#spool.write(chunk)
  }

  /** Rejects when the disk refuses. */
  drained(): Promise<void> {
    return this.#spool.drained()
  }

  /** The message is whole. Rejects when it could not be held. */
  async finish(): Promise<Findings> {
    const size = await this.#spool.finish()
    return { size, sha256: this.#hash.digest('hex') }
  }

  /** The message as it came; each piece is valid until the next one is asked for. */
  content(): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
    return this.#spool.read()
  }

  /** Frees what is held; may be called at any time, more than once. */
  discard(): void {
    this.#spool.discard()
  }
}
