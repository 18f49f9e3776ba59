/** BinHex 4.0 (RFC 1741): six bits a character, runs, then a header, the data fork and the resource fork. */
import type { Decoded, Decoder } from './types.ts'

const alphabet = '!"#$%&\'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr'
const codes = new Uint8Array(256).fill(255)
for (let index = 0; index < 64; index += 1) codes[alphabet.charCodeAt(index)] = index

const [lf, cr, colon, runMark] = [0x0a, 0x0d, 0x3a, 0x90]
const alternative = 'binhex resource fork'

/** Octets of the header behind the name: a zero, type, creator, flags, two lengths, check sum. */
const headerRest = 21

type State = 'before' | 'data' | 'after'

/** Takes a text that holds one file between two colons. The content is the data fork, or as named. */
export function binhexDecoder(name?: string): Decoder {
  const file = new ForkReader(name === alternative ? 'resource' : 'data')
  let state: State = 'before'
  let lineStart = true
  let bits = 0
  let count = 0
  let junk = false
  return {
    push(octets) {
      for (const octet of octets) {
        const breaks = octet === lf || octet === cr
        if (state === 'before' && octet === colon && lineStart) state = 'data'
        else if (state === 'data' && !breaks) {
          const code = codes[octet] ?? 255
          if (octet === colon) state = 'after'
          else if (code === 255) junk = true
          else {
            bits = ((bits << 6) | code) & 0xffff
            count += 6
            if (count >= 8) {
              count -= 8
              file.take((bits >> count) & 0xff)
            }
          }
        }
        lineStart = breaks
      }
      return file.taken()
    },
    finish(): Decoded {
      const damage =
        state !== 'after' ? 'no colon at the end' : junk ? 'characters of no meaning' : file.damage()
      const octets = new Uint8Array(0)
      const others = name === undefined && file.hasResourceFork() ? [alternative] : []
      if (damage === undefined || name !== undefined) return { octets, ambiguities: [], alternatives: others }
      const found = { reason: 'binhex-damaged', part: undefined, detail: damage } as const
      return { octets, ambiguities: [found], alternatives: others }
    },
  }
}

/** Undoes runs, and picks one fork out of what is left. */
class ForkReader {
  readonly #fork: 'data' | 'resource'
  #previous = 0
  #marked = false
  #header: number[] = []
  #headerLength = 1
  #position = 0
  #dataLength = 0
  #resourceLength = 0
  #output = new Uint8Array(1024)
  #filled = 0

  constructor(fork: 'data' | 'resource') {
    this.#fork = fork
  }

  /** RFC 1741, "Run-length encoding": 0x90 and a count repeat the octet before; 0x90 0 is 0x90 itself. */
  take(octet: number): void {
    if (this.#marked) {
      this.#marked = false
      if (octet === 0) {
        this.#previous = runMark
        this.#octet(runMark)
      } else for (let times = 1; times < octet; times += 1) this.#octet(this.#previous)
    } else if (octet === runMark) this.#marked = true
    else {
      this.#previous = octet
      this.#octet(octet)
    }
  }

  #octet(octet: number): void {
    if (this.#header.length < this.#headerLength) {
      this.#header.push(octet)
      if (this.#header.length === 1) this.#headerLength = 1 + octet + headerRest
      if (this.#header.length === this.#headerLength) this.#readHeader()
      return
    }
    const at = this.#position
    this.#position += 1
    // Each fork is followed by a check sum of two octets.
    const start = this.#fork === 'data' ? 0 : this.#dataLength + 2
    const length = this.#fork === 'data' ? this.#dataLength : this.#resourceLength
    if (at >= start && at < start + length) this.#write(octet)
  }

  #readHeader(): void {
    const lengths = this.#headerLength - 10
    this.#dataLength = this.#number(lengths)
    this.#resourceLength = this.#number(lengths + 4)
  }

  #number(at: number): number {
    return this.#header.slice(at, at + 4).reduce((sum, octet) => sum * 256 + octet, 0)
  }

  #write(octet: number): void {
    if (this.#filled === this.#output.length) {
      const wider = new Uint8Array(this.#filled * 2)
      wider.set(this.#output)
      this.#output = wider
    }
    this.#output[this.#filled] = octet
    this.#filled += 1
  }

  taken(): Uint8Array {
    const octets = this.#output.slice(0, this.#filled)
    this.#filled = 0
    return octets
  }

  hasResourceFork(): boolean {
    return this.#resourceLength > 0
  }

  damage(): string | undefined {
    if (this.#header.length < this.#headerLength) return 'no header'
    return this.#position < this.#dataLength + this.#resourceLength + 4 ? 'cut short' : undefined
  }
}

/** The name in the header of a file, from the text behind the first colon; `undefined` when there is none. */
export function binhexName(text: string): string | undefined {
  let bits = 0
  let count = 0
  const octets: number[] = []
  for (const char of text) {
    const code = codes[char.charCodeAt(0)] ?? 255
    if (code === 255) continue
    bits = ((bits << 6) | code) & 0xffff
    count += 6
    if (count < 8) continue
    count -= 8
    octets.push((bits >> count) & 0xff)
  }
  const [length = 0] = octets
  if (length === 0 || length > 63 || octets.length <= length) return undefined
  return String.fromCharCode(...octets.slice(1, 1 + length))
}
