/** yEnc (yEnc draft 1.3): each octet plus 42, with `=` before those that a mail cannot carry. */
import type { Decoded, Decoder } from './types.ts'

const [lf, cr, equals, letterY] = [0x0a, 0x0d, 0x3d, 0x79]

/** `begin`: nothing of the line yet; `mark`: `=` at its begin; `control`: a line `=y…`; `escape`: behind `=`. */
type State = 'begin' | 'mark' | 'line' | 'escape' | 'control'

/** Takes the block from `=ybegin` to `=yend`; control lines and line ends are no content. */
export function yencDecoder(): Decoder {
  let state: State = 'begin'
  let ended = false
  let control = ''

  /** Whether the octet, changed as the state says, is content. */
  const step = (octet: number): boolean => {
    if (octet === lf || octet === cr) {
      if (state === 'control' && control.startsWith('end')) ended = true
      state = 'begin'
      return false
    }
    if (state === 'control' || ended) {
      if (control.length < 8) control += String.fromCharCode(octet)
      return false
    }
    if (state === 'mark' && octet === letterY) {
      state = 'control'
      control = ''
      return false
    }
    if (octet === equals && (state === 'begin' || state === 'line')) {
      state = state === 'begin' ? 'mark' : 'escape'
      return false
    }
    return true
  }

  return {
    push(octets) {
      const output = new Uint8Array(octets.length)
      let filled = 0
      for (const octet of octets) {
        if (!step(octet)) continue
        output[filled] = octet - (state === 'mark' || state === 'escape' ? 106 : 42)
        filled += 1
        state = 'line'
      }
      return output.subarray(0, filled)
    },
    finish(): Decoded {
      const whole = ended || (state === 'control' && control.startsWith('end'))
      const damaged = { reason: 'yenc-damaged', part: undefined, detail: 'no =yend' } as const
      return { octets: new Uint8Array(0), ambiguities: whole ? [] : [damaged], alternatives: [] }
    },
  }
}
