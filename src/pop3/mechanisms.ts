/** SASL as far as a proxy in the middle must know it: which mechanisms can work, and whom a client claims to be. */
import { latin1 } from '../bytes/index.ts'

/** Longest user name that is kept for the log; RFC 1939 §3 allows arguments of 40 characters. */
const longestUser = 255

/**
 * Whether a mechanism works through somebody who reads along. Not those that bind to the TLS connection
 * (`-PLUS`, RFC 5802 §6): each leg has its own. Not EXTERNAL (RFC 4422 Appendix A): the client's
 * certificate ends here. Not those that can put a security layer of their own over the session
 * (RFC 4422 §3.7): nothing could be examined behind it. DIGEST-MD5 is one of these (RFC 2831 §2.1),
 * and its challenge cannot be changed without breaking its digest.
 */
export function isRelayable(mechanism: string): boolean {
  const name = mechanism.toUpperCase()
  // RFC 4422 §3.1: the characters of a mechanism's name.
  if (!/^[A-Z0-9_-]{1,20}$/.test(name)) return false
  return !/^(?:.*-PLUS|EXTERNAL|GSSAPI|GS2-.*|GSS-SPNEGO|KERBEROS_.*|DIGEST-.*|SRP(?:-.*)?)$/.test(name)
}

/**
 * The user a client names in its answer, where the mechanism says it openly. Nothing else of the answer
 * is kept.
 *
 * @param step answers before this one; an initial response is the first
 */
export function userIn(mechanism: string, step: number, answer: Uint8Array): string | undefined {
  const name = mechanism.toUpperCase()
  const last = name === 'CRAM-MD5'
  if (step > 0 && !last) return undefined
  const text = fromBase64(latin1(answer))
  return text === undefined ? undefined : userName(claimed(name, text))
}

/** A name as it came in clear: UTF-8 (RFC 6856 §2.1), without what could forge a line of a log. */
export function userName(name: string | undefined): string | undefined {
  const clean = name?.replaceAll(/\p{Cc}/gu, '?').slice(0, longestUser)
  return clean === '' ? undefined : clean
}

function claimed(mechanism: string, text: string): string | undefined {
  switch (mechanism) {
    case 'PLAIN':
      // RFC 4616 §2: authorization identity, NUL, authentication identity, NUL, password.
      return text.split('\0')[1]
    case 'LOGIN':
      return text
    case 'XOAUTH2':
      return /^user=([^\x01]*)\x01/.exec(text)?.[1]
    case 'OAUTHBEARER':
      // RFC 7628 §3.1 over RFC 5801 §4: "n,a=user,".
      return unescaped(/^[^,]*,a=([^,]*),/.exec(text)?.[1])
    case 'CRAM-MD5':
      // RFC 2195 §2: user, space, digest.
      return /^(.*) [0-9a-f]{32}$/i.exec(text)?.[1]
    default:
      // RFC 5802 §7: "n,,n=user,r=nonce".
      return mechanism.startsWith('SCRAM-') ? unescaped(/^[^,]*,[^,]*,n=([^,]*),/.exec(text)?.[1]) : undefined
  }
}

/** RFC 5801 §4, RFC 5802 §5.1: comma and equals sign are written so. */
function unescaped(name: string | undefined): string | undefined {
  return name?.replaceAll('=2C', ',').replaceAll('=3D', '=')
}

/** UTF-8 text in base64 (RFC 4648 §4); `undefined` when it is none. */
function fromBase64(text: string): string | undefined {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return undefined
  const binary = atob(text)
  return utf8.decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)))
}

/** Octets that are no UTF-8 become U+FFFD. */
export const utf8 = new TextDecoder()
