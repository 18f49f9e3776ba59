/**
 * Mails whose dots lie where chunks end: 16,384 octets is a TLS record, 65,536 what Node reads at
 * once, 1 MiB what Postern holds in memory. The offsets count octets as POP3 delivers them.
 */
import { mail } from './words.ts'

const EDGES = [16_384, 65_536, 1_048_576] as const

/** For each edge a line that begins with a dot at the edge - 3 … + 3, and a stretch of lone dots in all three phases. */
export function edges(): (readonly [name: string, stored: string])[] {
  const drafts: (readonly [string, string])[] = []
  for (const edge of EDGES) {
    for (let shift = -3; shift <= 3; shift += 1)
      drafts.push([`edge-${edge}-at-${shift + 3}`, upTo(edge + shift, '.\r\n.x\r\n..\r\nafter\r\n')])
    // A reply line and dot-stuffing come before the edge on the wire: lone dots for 600 octets meet it in any case.
    for (let phase = 0; phase < 3; phase += 1)
      drafts.push([`edge-${edge}-phase-${phase}`, upTo(edge - 450 + phase, '.\r\n'.repeat(300))])
  }
  return drafts
}

/** A mail of CRLF lines in which `rest` begins at the octet `offset`. */
function upTo(offset: number, rest: string): string {
  const start = mail(`Edge ${offset}`, '').replaceAll('\n', '\r\n')
  const line = `${'e'.repeat(70)}\r\n`
  let room = offset - start.length
  const lines = Math.floor(room / line.length) - 1
  room -= lines * line.length
  return `${start}${line.repeat(lines)}${'f'.repeat(room - 2)}\r\n${rest}`
}
