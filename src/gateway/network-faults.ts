/** Puts what the system says about a failed connection or handshake into a line for people. */
import type { Failure } from '../pop3/index.ts'

const reasons: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'refused the connection'],
  ['ECONNRESET', 'broke off the connection'],
  ['ETIMEDOUT', 'did not answer in time'],
  ['EHOSTUNREACH', 'cannot be reached'],
  ['ENETUNREACH', 'cannot be reached'],
  ['ENOTFOUND', 'is not known to the name service'],
  ['EAI_AGAIN', 'cannot be looked up now'],
])

/** RFC 3206 §4: a server that cannot be reached may be there later. */
export function connectFailure(error: Error, host: string, port: number): Failure {
  const code = codeOf(error)
  const reason = reasons.get(code) ?? `cannot be reached (${printable(code)})`
  return { blame: 'server', text: `${printable(host)}:${port} ${reason}`, permanent: false }
}

export function handshakeFailure(error: Error, host: string): Failure {
  const code = codeOf(error)
  const reason = reasons.get(code) ?? `TLS failed: ${printable(lastWords(error.message))}`
  return { blame: 'server', text: `${printable(host)}: ${reason}`.slice(0, 400), permanent: false }
}

/** The reason in an error of OpenSSL, which stands behind the last colon but two of its line. */
export function lastWords(message: string): string {
  const parts = message.split(':')
  return (parts.length > 5 ? (parts[5] ?? message) : message).trim()
}

/** Errors of several addresses tried in turn carry the first one's code. */
function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}

export function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 200)
}
