/** The EICAR test file, found at any place of a content that comes in pieces. */

/** The 68 octets, put together here so that no scanner takes this source for the test file. */
export const eicar: Buffer = Buffer.from(
  ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE', '!$H+H*'].join(''),
)

/** Searches a content for EICAR while it passes. */
export class EicarSearch {
  /** The end of what has passed, as much as can be the beginning of a find. */
  #tail: Uint8Array = Buffer.alloc(0)
  #found = false

  get found(): boolean {
    return this.#found
  }

  write(chunk: Uint8Array): void {
    if (this.#found) return
    const longest = eicar.length - 1
    // Whatever lies across the edge lies in the tail and as many octets of the chunk.
    const edge = Buffer.concat([this.#tail, chunk.subarray(0, longest)])
    this.#found = edge.includes(eicar) || view(chunk).includes(eicar)
    this.#tail = chunk.length >= longest ? Buffer.from(chunk.subarray(-longest)) : edge.subarray(-longest)
  }
}

const view = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
