/**
 * Every boundary in use, as a tree of octets without regard to case: one walk along a line finds all
 * boundaries that the line begins with, however many there are.
 */

interface Node {
  readonly next: Map<number, Node>
  /** Boundaries that end here; more than one only when they differ in case. */
  boundaries: string[]
}

const newNode = (): Node => ({ next: new Map(), boundaries: [] })

/** ASCII capitals to small letters. */
const fold = (octet: number) => (octet >= 0x41 && octet <= 0x5a ? octet | 0x20 : octet)

export interface Walk {
  /** Boundaries that the octets begin with, as declared, shortest first. */
  readonly found: readonly string[]
  /** The octets ended while a longer boundary was still possible. */
  readonly open: boolean
}

export class BoundaryIndex {
  #root = newNode()
  #size = 0

  get size(): number {
    return this.#size
  }

  add(boundary: string): void {
    let node = this.#root
    for (let at = 0; at < boundary.length; at += 1) {
      const octet = fold(boundary.charCodeAt(at))
      let next = node.next.get(octet)
      if (next === undefined) {
        next = newNode()
        node.next.set(octet, next)
      }
      node = next
    }
    if (node.boundaries.includes(boundary)) return
    node.boundaries.push(boundary)
    this.#size += 1
  }

  /** Forgets all but these: the tree must not grow with boundaries that are over. */
  rebuild(boundaries: Iterable<string>): void {
    this.#root = newNode()
    this.#size = 0
    for (const boundary of boundaries) this.add(boundary)
  }

  /** Whether any boundary begins with this octet. */
  mayBegin(octet: number): boolean {
    return this.#root.next.has(fold(octet))
  }

  /** @param octet the octet at a distance from the start of the text, or `undefined` behind its end */
  walk(octet: (distance: number) => number | undefined): Walk {
    const found: string[] = []
    let node = this.#root
    for (let distance = 0; ; distance += 1) {
      if (node.next.size === 0) return { found, open: false }
      const value = octet(distance)
      if (value === undefined) return { found, open: true }
      const next = node.next.get(fold(value))
      if (next === undefined) return { found, open: false }
      found.push(...next.boundaries)
      node = next
    }
  }
}
