/**
 * The octets that are still needed of a message that passes by, addressed by their place in the message.
 * Octets handed out are good until the next `append`: the memory is used again.
 */
export class Window {
  #octets: Uint8Array = new Uint8Array(0)
  #start = 0
  #length = 0
  /** Place of `#octets[0]` in the message. */
  #base = 0
  /** Ours. `#octets` is this, or a chunk as it came. */
  #store: Uint8Array = new Uint8Array(0)
  #last = 0
  #lastButOne = 0

  /** First octet that is still here. */
  get start(): number {
    return this.#base + this.#start
  }

  get end(): number {
    return this.#base + this.#length
  }

  append(chunk: Uint8Array): void {
    if (this.#start === this.#length) {
      this.#base += this.#length
      this.#octets = chunk
      this.#start = 0
      this.#length = chunk.length
      return
    }
    if (this.#octets !== this.#store || this.#length + chunk.length > this.#store.length)
      this.#move(chunk.length)
    this.#octets.set(chunk, this.#length)
    this.#length += chunk.length
  }

  /** Copies what is still needed: the chunk belongs to the caller again. */
  keep(): void {
    if (this.#octets !== this.#store && this.#start < this.#length) this.#move(0)
  }

  /** Room for more behind what is still needed; twice as much as that, so that many small chunks stay cheap. */
  #move(more: number): void {
    const kept = this.#octets.subarray(this.#start, this.#length)
    const needed = kept.length + more
    if (needed > this.#store.length) {
      const larger = new Uint8Array(Math.max(256, kept.length * 2, needed))
      larger.set(kept)
      this.#store = larger
    } else this.#store.set(kept)
    this.#octets = this.#store
    this.#base += this.#start
    this.#start = 0
    this.#length = kept.length
  }

  /** Octets before `place` are not needed any more, but for the last two. */
  release(place: number): void {
    if (place <= this.start) return
    const [last, lastButOne] = [this.octet(place - 1), this.octet(place - 2)]
    this.#last = last
    this.#lastButOne = lastButOne
    this.#start = place - this.#base
  }

  /** The octet at a place, also one of the two before `start`; 0 for any other. */
  octet(place: number): number {
    if (place >= this.start) return this.#octets[Math.min(place - this.#base, this.#length)] ?? 0
    if (place === this.start - 1) return this.#last
    return place === this.start - 2 ? this.#lastButOne : 0
  }

  slice(from: number, to: number): Uint8Array {
    return this.#octets.subarray(from - this.#base, to - this.#base)
  }

  /** Place of the next such octet at or behind `from`, or -1. */
  find(octet: number, from: number): number {
    const found = this.#octets.indexOf(octet, from - this.#base)
    return found < 0 || found >= this.#length ? -1 : found + this.#base
  }

  /** Place of the last such octet, or -1. */
  findLast(octet: number): number {
    const found = this.#octets.lastIndexOf(octet, this.#length - 1)
    return found < this.#start ? -1 : found + this.#base
  }
}
