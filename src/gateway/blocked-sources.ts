/** Addresses that a `block` has shut out for a while. */
import { BoundedMap } from './bounded-map.ts'

/** As long as the Firebox blocks by default, in milliseconds. */
const blockedFor = 20 * 60 * 1000
/** More sources than this at one time are a flood that the firewall has to stop. */
const mostBlocked = 100_000

export class BlockedSources {
  readonly #monotonic: () => number
  readonly #until = new BoundedMap<string, number>(mostBlocked)

  /** @param monotonic milliseconds */
  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
  }

  add(address: string): void {
    this.#until.set(address, this.#monotonic() + blockedFor)
  }

  has(address: string): boolean {
    const until = this.#until.get(address)
    if (until === undefined) return false
    if (until > this.#monotonic()) return true
    this.#until.delete(address)
    return false
  }
}
