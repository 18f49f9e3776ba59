/**
 * base64 as clients decode it (RFC 2045 §6.8). Whole clean stretches go to the native decoder; the rest
 * is decoded here octet by octet, by the rules of one kind of client at a time.
 */
import { fromOctetString, octetString } from './octets.ts'
import type { Ambiguity, Decoded, Decoder, Natives } from './types.ts'

/** What a client does where the octets are not what RFC 2045 §6.8 wants. */
interface Habits {
  /** Characters outside the alphabet: passed over, or taken for the end. */
  readonly junk: 'skip' | 'stop'
  /**
   * `=` with more behind it: a new group begins; it is the end; it is the end when the group is complete,
   * else passed over; it is passed over.
   */
  readonly padding: 'restart' | 'stop' | 'stop-complete' | 'drop'
  /** `-` and `_` (RFC 4648 §5): junk, or the characters 62 and 63. */
  readonly url: 'junk' | 'taken'
}

const usual: Habits = { junk: 'skip', padding: 'restart', url: 'junk' }
const paddingHabits = ['restart', 'stop', 'stop-complete', 'drop'] as const
const urlHabits = ['junk', 'taken'] as const

const nameOf = ({ junk, padding, url }: Habits) => `base64 junk:${junk} padding:${padding} url:${url}`

/** Who stops at junk has read no further than others that stop; so that habit stands alone. */
const everyHabit: ReadonlyMap<string, Habits> = new Map(
  [
    ...paddingHabits.flatMap((padding) => urlHabits.map((url) => ({ junk: 'skip', padding, url }) as const)),
    { junk: 'stop', padding: 'restart', url: 'junk' } as const,
  ].map((habits) => [nameOf(habits), habits]),
)

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const pad = 64
const blank = 65
const junk = 66
/** `-` and `_` are 66 + 1 and 66 + 2: 62 and 63 where they count. */
const urlFirst = 67

const codes = new Uint8Array(256).fill(junk)
for (let index = 0; index < 64; index += 1) codes[alphabet.charCodeAt(index)] = index
for (const char of '\t\n\r ') codes[char.charCodeAt(0)] = blank
codes[0x3d] = pad
codes[0x2d] = urlFirst
codes[0x5f] = urlFirst + 1

/** @param name one of `alternatives` of an earlier decoding; none: what most clients do */
export function base64Decoder(natives: Natives, name?: string): Decoder {
  const habits = (name === undefined ? undefined : everyHabit.get(name)) ?? usual
  const groups = new Groups(habits)
  return {
    push(octets) {
      if (groups.stopped) return new Uint8Array(0)
      const output = new Output(octets.length)
      let at = 0
      if (natives.base64 !== undefined) {
        const stretch = cleanStretch(octets)
        if (stretch !== undefined) {
          groups.take(octets, 0, stretch.start, output)
          at = stretch.start
          const native = natives.base64
          const decoded = groups.atStart()
            ? output.fill((into) => native(octets.subarray(at, stretch.end), into))
            : 0
          // A shorter result means that something in there was no base64 after all.
          if (decoded === stretch.decodedLength) {
            output.keep(decoded)
            at = stretch.end
            groups.sawData()
          }
        }
      }
      groups.take(octets, at, octets.length, output)
      return output.octets()
    },
    finish() {
      const output = new Output(4)
      groups.end(output)
      return groups.report(output.octets(), name === undefined)
    },
  }
}

/** For short texts in headers: what most clients do, as an octet string. */
export function decodeBase64Text(text: string): string {
  const groups = new Groups({ ...usual, url: 'taken' })
  const octets = fromOctetString(text)
  const output = new Output(octets.length + 4)
  groups.take(octets, 0, octets.length, output)
  groups.end(output)
  return octetString(output.octets())
}

interface Stretch {
  readonly start: number
  readonly end: number
  readonly decodedLength: number
}

/** Below this many lines the native call costs more than it saves. */
const fewestLines = 8

/**
 * Lines of one length, as encoders write them, from behind the first line end to behind the last. Only
 * the line ends and `-`, `_` (which the native decoder takes) are looked at; the decoded length tells the rest.
 */
function cleanStretch(octets: Uint8Array): Stretch | undefined {
  const first = octets.indexOf(0x0a)
  if (first < 0) return undefined
  const second = octets.indexOf(0x0a, first + 1)
  const stride = second - first
  if (second < 0 || stride < 5) return undefined
  const crlf = octets[second - 1] === 0x0d
  const characters = stride - (crlf ? 2 : 1)
  if (characters % 4 !== 0) return undefined
  let last = second
  while (octets[last + stride] === 0x0a && (octets[last + stride - 1] === 0x0d) === crlf) last += stride
  const lines = (last - first) / stride
  if (lines < fewestLines) return undefined
  const [start, end] = [first + 1, last + 1]
  if (foundBefore(octets, 0x2d, start, end) || foundBefore(octets, 0x5f, start, end)) return undefined
  return { start, end, decodedLength: (lines * characters * 3) / 4 }
}

function foundBefore(octets: Uint8Array, octet: number, start: number, end: number): boolean {
  const found = octets.indexOf(octet, start)
  return found >= 0 && found < end
}

/** Decoded octets on their way out. */
class Output {
  readonly #octets: Uint8Array
  #filled = 0

  constructor(encodedLength: number) {
    this.#octets = new Uint8Array(Math.ceil(encodedLength / 4) * 3 + 6)
  }

  write(octet: number): void {
    this.#octets[this.#filled] = octet
    this.#filled += 1
  }

  /** Has octets written behind the ones that are there; they count only when they are kept. */
  fill(write: (into: Uint8Array) => number): number {
    return write(this.#octets.subarray(this.#filled))
  }

  keep(count: number): void {
    this.#filled += count
  }

  octets(): Uint8Array {
    return this.#octets.subarray(0, this.#filled)
  }
}

/** The state between octets: bits of an unfinished group, and what was odd so far. */
class Groups {
  stopped = false
  readonly #habits: Habits
  #bits = 0
  #characters = 0
  #pads = 0
  #padded = false
  /** `=` that the last group still lacks. */
  #owed = 0
  #junk = ''
  #url = false
  #dataAfterPadding = false
  #wrongLength = false

  constructor(habits: Habits) {
    this.#habits = habits
  }

  /** Between two groups, and nothing behind padding. */
  atStart(): boolean {
    return this.#characters === 0 && !this.#padded && !this.stopped
  }

  sawData(): void {
    this.#pads = 0
    this.#owed = 0
  }

  take(octets: Uint8Array, start: number, end: number, output: Output): void {
    for (let at = start; at < end && !this.stopped; at += 1) {
      const octet = octets[at] ?? 0
      const code = codes[octet] ?? junk
      if (code < pad) this.#data(code, output)
      else if (code === pad) this.#padding(output)
      else if (code >= urlFirst) {
        this.#url = true
        if (this.#habits.url === 'taken') this.#data(code - 5, output)
        else this.#strange(octet)
      } else if (code === junk) this.#strange(octet)
    }
  }

  #data(code: number, output: Output): void {
    if (this.#padded) {
      this.#dataAfterPadding = true
      this.#padded = false
    }
    this.#pads = 0
    this.#owed = 0
    this.#bits = ((this.#bits << 6) | code) & 0xffffff
    this.#characters += 1
    if (this.#characters < 4) return
    output.write(this.#bits >> 16)
    output.write((this.#bits >> 8) & 0xff)
    output.write(this.#bits & 0xff)
    this.#characters = 0
  }

  #padding(output: Output): void {
    this.#padded = true
    this.#pads += 1
    this.#owed = this.#characters > 1 ? 4 - this.#characters - this.#pads : Math.max(0, this.#owed - 1)
    switch (this.#habits.padding) {
      case 'restart':
        this.#flush(output)
        break
      case 'stop':
        this.#flush(output)
        this.stopped = true
        break
      case 'stop-complete':
        if (this.#characters < 2 || this.#characters + this.#pads < 4) break
        this.#flush(output)
        this.stopped = true
        break
      case 'drop':
        break
    }
  }

  #strange(octet: number): void {
    if (this.#junk.length < 8) this.#junk += String.fromCharCode(octet)
    if (this.#habits.junk === 'stop') this.stopped = true
  }

  /** Ends a group early: two characters hold one octet, three hold two; one holds none. */
  #flush(output: Output): void {
    if (this.#characters === 1 || (this.#characters > 0 && this.#pads === 0)) this.#wrongLength = true
    if (this.#characters === 2) output.write((this.#bits >> 4) & 0xff)
    if (this.#characters === 3) {
      output.write((this.#bits >> 10) & 0xff)
      output.write((this.#bits >> 2) & 0xff)
    }
    this.#characters = 0
  }

  end(output: Output): void {
    if (this.#owed > 0) this.#wrongLength = true
    this.#flush(output)
  }

  report(octets: Uint8Array, main: boolean): Decoded {
    if (!main) return { octets, ambiguities: [], alternatives: [] }
    const ambiguities: Ambiguity[] = []
    const add = (reason: Ambiguity['reason'], detail: string) =>
      ambiguities.push({ reason, part: undefined, detail })
    if (this.#junk !== '') add('base64-junk', `characters ${hex(this.#junk)}`)
    if (this.#dataAfterPadding) add('base64-padding', 'more behind =')
    if (this.#wrongLength) add('base64-length', 'last group is not complete')
    const alternatives = [...everyHabit]
      .filter(([, habits]) => this.#matters(habits))
      .map(([name]) => name)
      .filter((name) => name !== nameOf(usual))
    return { octets, ambiguities, alternatives }
  }

  /** Habits that differ from the usual ones only where this content gives them something to differ about. */
  #matters({ junk, padding, url }: Habits): boolean {
    return (
      (junk === 'skip' || this.#junk !== '') &&
      (padding === 'restart' || this.#dataAfterPadding) &&
      (url === 'junk' || this.#url)
    )
  }
}

function hex(text: string): string {
  return [...text].map((char) => char.charCodeAt(0).toString(16).padStart(2, '0')).join(' ')
}
