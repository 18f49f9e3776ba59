/** What clamd's answers mean. Everything that is not understood to the last octet is an error, never clean. */
import type { ScanResult } from '../../ports.ts'

/** Longest answer read, in octets: names of viruses stay below 200, error texts below 1,000. */
export const longestAnswer = 4096

/** An error of the scanner that may be gone at the next try. */
export const fault = (reason: string): ScanResult => ({
  ...{ kind: 'error', blame: 'scanner', reason, temporary: true },
})

/**
 * The result that an answer to INSTREAM stands for.
 *
 * @param answer without the NUL that ends it
 */
export function resultOf(answer: string): ScanResult {
  if (answer === 'stream: OK') return { kind: 'clean' }
  const virus = /^stream: (\S(?:.*\S)?) FOUND$/.exec(answer)?.[1]
  if (virus !== undefined) return found(virus)
  // Said as soon as clamd's StreamMaxLength is passed; the connection is then closed.
  if (answer === 'INSTREAM size limit exceeded. ERROR') return { kind: 'too-large', limit: undefined }
  return fault(`clamd answered ${quoted(answer)}`)
}

/** Names of clamd's own that are no virus: AlertEncrypted and AlertExceedsMax of clamd.conf give them. */
function found(virus: string): ScanResult {
  if (virus.startsWith('Heuristics.Encrypted.')) return { kind: 'encrypted' }
  if (virus.startsWith('Heuristics.Limits.Exceeded')) return { kind: 'too-large', limit: undefined }
  return { kind: 'infected', virus: printable(virus) }
}

/** A stranger's text for a line of the log: printable ASCII, at most 200 characters. */
export const quoted = (text: string): string => JSON.stringify(printable(text).slice(0, 200))

const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?')
