/** quoted-printable as clients decode it (RFC 2045 §6.7). */
import type { Decoder } from './types.ts'

/** What a client makes of `=` that begins neither an escape nor a soft line break. */
type BadEscape =
  /** RFC 2045 §6.7: the text is taken as it stands. */
  | 'literal'
  /** The `=` is left out. */
  | 'drop-mark'
  /** The `=` and the two octets behind it are left out. */
  | 'drop-three'
  /** Two of them stand for one. */
  | 'doubled'

const prefix = 'quoted-printable bad escape:'
const habits: ReadonlyMap<string, BadEscape> = new Map(
  (['drop-mark', 'drop-three', 'doubled'] as const).map((habit) => [prefix + habit, habit]),
)

/** Blanks between `=` and the line end; more is taken for text. RFC 5322 §2.1.1 allows lines of 998. */
const mostBlanks = 998

const [lf, cr, sp, tab, equals] = [0x0a, 0x0d, 0x20, 0x09, 0x3d]

type State = 'text' | 'mark' | 'digit' | 'blanks' | 'cr'

/** @param name one of `alternatives` of an earlier decoding */
export function quotedPrintableDecoder(name?: string): Decoder {
  const habit = (name === undefined ? undefined : habits.get(name)) ?? 'literal'
  let state: State = 'text'
  /** Octets behind `=` that have not been decided on. */
  let held: number[] = []
  let drop = 0
  let evidence: string | undefined
  let output = new Uint8Array(0)
  let filled = 0

  const write = (octet: number) => {
    if (drop > 0) drop -= 1
    else {
      output[filled] = octet
      filled += 1
    }
  }

  /** The octets held turn out to be no escape. */
  const giveUp = () => {
    evidence ??= `=${held.map((octet) => octet.toString(16).padStart(2, '0')).join('')}`
    if (habit === 'literal' || habit === 'doubled') write(equals)
    if (habit === 'drop-three') drop = 2
    for (const octet of held) write(octet)
    held = []
    state = 'text'
  }

  const take = (octet: number): void => {
    switch (state) {
      case 'text':
        if (octet === equals) state = 'mark'
        else write(octet)
        return
      case 'mark':
      case 'blanks':
        if (octet === lf || octet === cr) {
          // RFC 2045 §6.7 (5), (3): a soft line break; blanks before the line end count as not there.
          held = []
          state = octet === lf ? 'text' : 'cr'
        } else if ((octet === sp || octet === tab) && held.length < mostBlanks) {
          held.push(octet)
          state = 'blanks'
        } else if (state === 'mark' && digit(octet) >= 0) {
          held.push(octet)
          state = 'digit'
        } else {
          if (state === 'mark' && octet === equals && habit === 'doubled') {
            state = 'text'
            write(equals)
            return
          }
          if (state === 'mark' && octet !== equals) held.push(octet)
          const again = held.length === 0 || state === 'blanks'
          giveUp()
          if (again) take(octet)
        }
        return
      case 'digit': {
        const [first = 0] = held
        if (digit(octet) >= 0) {
          held = []
          state = 'text'
          write(digit(first) * 16 + digit(octet))
        } else {
          giveUp()
          take(octet)
        }
        return
      }
      case 'cr':
        state = 'text'
        if (octet !== lf) take(octet)
        return
    }
  }

  return {
    push(octets) {
      output = new Uint8Array(octets.length + held.length + 1)
      filled = 0
      for (let at = 0; at < octets.length; at += 1) {
        const octet = octets[at] ?? 0
        if (state === 'text' && octet !== equals && drop === 0) {
          output[filled] = octet
          filled += 1
        } else take(octet)
      }
      return output.subarray(0, filled)
    },
    finish() {
      output = new Uint8Array(held.length + 1)
      filled = 0
      // A soft line break whose line end belongs to the boundary is common; a lone digit is not.
      if (state === 'digit') giveUp()
      const octets = output.subarray(0, filled)
      if (evidence === undefined || name !== undefined) return { octets, ambiguities: [], alternatives: [] }
      const found = { reason: 'quoted-printable-escape', part: undefined, detail: evidence } as const
      return { octets, ambiguities: [found], alternatives: [...habits.keys()] }
    },
  }
}

/** RFC 2045 §6.7 (1) wants upper case; lower case is common and taken by all. */
function digit(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30
  const letter = octet | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}
