/** The readings that are under way: the common one first, and the further ones within their limits. */
import { type Head, stateOf } from './heads.ts'
import type { Limits } from './limits.ts'
import type { Book, PlacedDoubt } from './parts.ts'

export class Readings {
  readonly #limits: Limits
  readonly #book: Book
  #heads: Head[] = []
  #forks = 0
  #forking = true

  constructor(limits: Limits, book: Book) {
    this.#limits = limits
    this.#book = book
  }

  get heads(): readonly Head[] {
    return this.#heads
  }

  /** Whether further readings are still followed. */
  get forking(): boolean {
    return this.#forking
  }

  add(head: Head): void {
    if (head.primary || this.#forking) this.#heads.push(head)
  }

  /** All readings; each is to be added again, in its new state. */
  take(): readonly Head[] {
    const heads = this.#heads
    this.#heads = []
    return heads
  }

  /** A further reading that differs from here on; `undefined` when there are too many. */
  fork(head: Head, doubt: PlacedDoubt): Head | undefined {
    if (!this.#forking) return undefined
    this.#forks += 1
    if (this.#forks > this.#limits.alternatives) {
      this.stopForking()
      return undefined
    }
    return { ...head, primary: false, doubts: [...head.doubts, doubt] }
  }

  /** Too many readings: only the common one goes on, and the message is not clean. */
  stopForking(): void {
    this.#book.exceed('alternatives', undefined)
    this.endForking()
  }

  endForking(): void {
    this.#forking = false
    this.#heads = this.#heads.filter(({ primary }) => primary)
  }

  /** One reading for each state; the common one before all others. */
  merge(): void {
    if (this.#heads.length < 2) return
    const states = new Map<string, Head>()
    const order = [
      ...this.#heads.filter(({ primary }) => primary),
      ...this.#heads.filter(({ primary }) => !primary),
    ]
    for (const head of order) {
      const state = stateOf(head)
      if (!states.has(state)) states.set(state, head)
    }
    this.#heads = [...states.values()].slice(0, this.#limits.readings)
    if (states.size > this.#limits.readings) this.#book.exceed('alternatives', undefined)
  }
}
