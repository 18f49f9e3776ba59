/**
 * Where the octets of a server come in. The TLS stack writes them into one piece of memory that all
 * connections share, so that a large mail leaves nothing for the collector; a leg that is paused, or
 * not there yet, gets a copy later.
 */
import type { OnReadOpts } from 'node:net'

/** Node reads at most this much at a time. */
const shared = Buffer.allocUnsafeSlow(64 * 1024)

export class Inlet {
  /** For `connect`: what is read goes to this inlet. */
  readonly onread: OnReadOpts = {
    buffer: shared,
    callback: (count, buffer) => {
      this.#take(buffer.subarray(0, count))
      return true
    },
  }
  #reader: ((bytes: Uint8Array) => void) | undefined
  #held: Buffer[] = []

  /** Hands on what is held, then what comes, until `pause`. Bytes are valid during the call only. */
  flow(reader: (bytes: Uint8Array) => void): void {
    this.#reader = reader
    // The reader may pause at any piece.
    for (let next = this.#held[0]; next !== undefined && this.#reader === reader; next = this.#held[0]) {
      this.#held.shift()
      reader(next)
    }
  }

  /** What still comes is held: at most what the stack had read already. */
  pause(): void {
    this.#reader = undefined
  }

  #take(bytes: Uint8Array): void {
    if (this.#reader !== undefined && this.#held.length === 0) this.#reader(bytes)
    else this.#held.push(Buffer.from(bytes))
  }
}
