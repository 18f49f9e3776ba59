/** Counts connections, in all and for each source, so that no client can take what others need. */
import type { Limits } from '../config/index.ts'

export class Admission {
  readonly #limits: Limits
  readonly #bySource = new Map<string, number>()
  #all = 0

  constructor(limits: Limits) {
    this.#limits = limits
  }

  get count(): number {
    return this.#all
  }

  /** @returns why the source is turned away; `undefined`: it is let in, and `leave` must follow */
  enter(source: string): string | undefined {
    const own = this.#bySource.get(source) ?? 0
    if (this.#all >= this.#limits.connections) return 'too many connections'
    if (own >= this.#limits.connectionsPerSource) return 'too many connections from your address'
    this.#all += 1
    this.#bySource.set(source, own + 1)
    return undefined
  }

  leave(source: string): void {
    const own = this.#bySource.get(source) ?? 0
    this.#all -= 1
    if (own > 1) this.#bySource.set(source, own - 1)
    else this.#bySource.delete(source)
  }
}
