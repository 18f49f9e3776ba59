/** Replies of Postern's own, as octets. Every one is ASCII and at most 512 octets (RFC 2449 §4). */
import { join, octets } from '../bytes/index.ts'
import type { Failure } from './door.ts'

/** Longest text of a reply: with `-ERR [SYS/TEMP] ` and CRLF it stays below the 512 octets of RFC 2449 §4. */
const longestText = 400

export const crlf = octets('\r\n')
/** RFC 1939 §3: what ends a multi-line reply. */
export const finalDot = octets('.\r\n')

/** A line of a peer with the one line end that leaves Postern. */
export function withEnd(line: Uint8Array): Uint8Array {
  return join([line, crlf])
}

export function ok(text: string): Uint8Array {
  return octets(`+OK ${text}\r\n`)
}

/** A refusal that says something about the command. RFC 2449 §8: free text does not begin with "[". */
export function refusal(text: string): Uint8Array {
  return octets(`-ERR ${printable(text)}\r\n`)
}

/**
 * A refusal that says nothing about the command or the password: something else is in the way, for now
 * or until somebody repairs it (RFC 3206 §4).
 */
export function systemRefusal({ text, permanent }: Pick<Failure, 'text' | 'permanent'>): Uint8Array {
  return octets(`-ERR [SYS/${permanent ? 'PERM' : 'TEMP'}] ${printable(text)}\r\n`)
}

/** One header line, sent before the message's own ones while the client has to wait. */
export function waitLine(milliseconds: number): Uint8Array {
  return octets(`X-Postern-Wait: ${Math.round(milliseconds / 1000)}\r\n`)
}

function printable(text: string): string {
  return text.replaceAll(/[^ -~]/g, '?').slice(0, longestText)
}
