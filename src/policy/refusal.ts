/** What a client is told when a message is refused for now. */
import type { Verdict } from './types.ts'

/** RFC 1939 §3: replies hold at most 512 octets; this leaves room for `-ERR [SYS/TEMP] ` and the line end. */
const longestText = 400

/**
 * One line of printable ASCII that names the culprit. It does not begin with "[", which would be read
 * as a response code (RFC 2449 §8).
 */
export function refusalText({ reason }: Verdict): string {
  const why = `This message was not delivered: ${reason}`
  const rest = '. It stays on the server; try again later.'
  const ascii = why.replaceAll(/[^\x20-\x7e]+/g, '?')
  return ascii.slice(0, longestText - rest.length) + rest
}
