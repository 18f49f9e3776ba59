/** A bounded number of places and a bounded queue before them, first come first served. */

/** A wish for a place, and later the place. */
export interface Ticket {
  /** Gives up the place or the wish; may be called more than once. */
  leave(): void
}

export class Gate {
  readonly #places: number
  readonly #longestQueue: number
  #inside = 0
  readonly #queue = new Set<() => void>()

  constructor(places: number, longestQueue: number) {
    this.#places = places
    this.#longestQueue = longestQueue
  }

  /** Calls `enter` once, when there is a place, but never before this has returned. `undefined`: too many wait. */
  ask(enter: () => void): Ticket | undefined {
    if (this.#inside >= this.#places && this.#queue.size >= this.#longestQueue) return undefined
    let state: 'waiting' | 'inside' | 'gone' = 'waiting'
    const admit = () => {
      state = 'inside'
      this.#inside += 1
      queueMicrotask(() => {
        if (state === 'inside') enter()
      })
    }
    const leave = () => {
      if (state === 'waiting') this.#queue.delete(admit)
      if (state === 'inside') {
        this.#inside -= 1
        this.#next()
      }
      state = 'gone'
    }
    this.#queue.add(admit)
    this.#next()
    return { leave }
  }

  #next(): void {
    for (const admit of this.#queue) {
      if (this.#inside >= this.#places) return
      this.#queue.delete(admit)
      admit()
    }
  }
}
