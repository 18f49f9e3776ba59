/** Cuts octets at any chunking into lines for the decoders that go by lines. */
import { octetString } from './octets.ts'

/** Longer lines are handed over in pieces of this length: no encoding by lines writes above 100. */
const longestLine = 1000

export interface LineCutter {
  push(octets: Uint8Array, take: (line: string) => void): void
  finish(take: (line: string) => void): void
}

/** Lines come as octet strings, without line end; a CR counts only before LF. */
export function lineCutter(): LineCutter {
  let held = ''
  const hand = (line: string, take: (line: string) => void) =>
    take(line.endsWith('\r') ? line.slice(0, -1) : line)
  return {
    push(octets, take) {
      let at = 0
      while (at < octets.length) {
        const lf = octets.indexOf(0x0a, at)
        const whole = lf >= 0
        const end = Math.min(whole ? lf : octets.length, at + longestLine - held.length)
        held += octetString(octets, at, end)
        if (end === lf || held.length >= longestLine) {
          hand(held, take)
          held = ''
        }
        at = end === lf ? end + 1 : end
      }
    },
    finish(take) {
      if (held !== '') hand(held, take)
      held = ''
    },
  }
}
