/** The server's greeting as the client gets it. */
import { ok } from './wording.ts'

/**
 * @param text behind `+OK`
 * @param hide what the server says about itself does not pass
 */
export function clientGreeting(text: string, hide: boolean): Uint8Array {
  // RFC 1939 §7, APOP: the time stamp has the form of a msg-id, and the client digests exactly that.
  const stamp = /<[!-;=?-~]+@[!-;=?-~]+>/.exec(text)?.[0]
  if (hide) return ok(stamp === undefined ? 'POP3 ready' : `POP3 ready ${stamp}`)
  // A client must not take it for an offer: from clients XCLIENT is never taken.
  const shown = text.replaceAll(/\[XCLIENT\] ?/gi, '').trim()
  return ok(shown === '' ? 'POP3 ready' : shown)
}
