/**
 * The two SASL mechanisms of the demo server as small machines: a prompt, and what to do with the
 * answer. Base64 and POP3 stay outside, in protocol.ts.
 */

export type SaslMechanism = 'PLAIN' | 'LOGIN'

/** What a client said about itself; nothing is checked yet. */
export interface Claim {
  readonly kind: 'claim'
  readonly user: string
  readonly password: string
}

export interface Exchange {
  readonly kind: 'exchange'
  /** The server's challenge before base64; empty when the mechanism lets the client speak first. */
  readonly prompt: string
  next(response: Buffer): SaslStep
}

export type SaslStep = Exchange | Claim | { readonly kind: 'malformed' }

export function startExchange(mechanism: SaslMechanism): Exchange {
  switch (mechanism) {
    case 'PLAIN':
      return { kind: 'exchange', prompt: '', next: readPlain }
    case 'LOGIN':
      // draft-murchison-sasl-login-00 §2: these two prompts, word for word.
      return {
        kind: 'exchange',
        prompt: 'Username:',
        next: (user) => ({
          kind: 'exchange',
          prompt: 'Password:',
          next: (password) => ({ kind: 'claim', user: user.toString(), password: password.toString() }),
        }),
      }
  }
}

/** RFC 4616 §2: authorization identity, NUL, authentication identity, NUL, password. */
function readPlain(response: Buffer): SaslStep {
  const [actAs, user, password, ...more] = response.toString().split('\0')
  if (actAs === undefined || !user || !password || more.length > 0) return { kind: 'malformed' }
  // RFC 4616 §2: acting for somebody else needs a permission, and nobody has one here.
  if (actAs !== '' && actAs !== user) return { kind: 'malformed' }
  return { kind: 'claim', user, password }
}

/** RFC 5034 §4: a response that is not base64 fails the exchange. RFC 4648 §4, with padding. */
export function decodeBase64(text: string): Buffer | undefined {
  const valid = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)
  return valid ? Buffer.from(text, 'base64') : undefined
}
