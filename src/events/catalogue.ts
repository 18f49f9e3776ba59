/**
 * The catalogue of events: every record that Postern can log, said once. Types, the reference page
 * and the tests that check the log come from this table. Nothing else is called an event, and no
 * field ever holds a password, a token or a key.
 */

type FieldType = 'string' | 'number' | 'boolean' | 'strings'
/** A field whose type ends in "?" may be absent. */
type FieldSpec = FieldType | `${FieldType}?`

interface Entry {
  readonly severity: 'debug' | 'info' | 'notice' | 'warning' | 'error'
  /** One sentence for people. */
  readonly sentence: string
  readonly fields: Readonly<Record<string, FieldSpec>>
}

/** Which message: the same in every record about one. `event` is the number that notices tell people. */
const message = {
  session: 'string',
  event: 'string',
  number: 'number',
  uidl: 'string?',
  sha256: 'string',
  from: 'string',
  subject: 'string',
} as const

/** Which part of it; all absent for the message as a whole. */
const part = {
  part: 'string?',
  name: 'string?',
  type: 'string?',
  partSha256: 'string?',
} as const

/** What a rule said about something in a message. */
const match = {
  ...message,
  ...part,
  header: 'string?',
  action: 'string',
  ruleset: 'string',
  rule: 'string',
  reason: 'string',
} as const

export const catalogue = {
  'gateway.started': {
    severity: 'notice',
    sentence: 'Postern is listening.',
    fields: { version: 'string', listeners: 'strings', configuration: 'string' },
  },
  'gateway.stopped': {
    severity: 'notice',
    sentence: 'Postern has stopped; no session is left.',
    fields: { reason: 'string' },
  },
  'authority.created': {
    severity: 'notice',
    sentence: 'A new Proxy Authority was made; clients must trust its certificate.',
    fields: { certificate: 'string', fingerprint: 'string' },
  },
  'connection.accepted': {
    severity: 'info',
    sentence: 'A client connected.',
    fields: {
      session: 'string',
      client: 'string',
      clientPort: 'number',
      listener: 'string',
      protocol: 'string',
    },
  },
  'connection.refused': {
    severity: 'warning',
    sentence: 'A client was turned away before a session began.',
    fields: { session: 'string', client: 'string', listener: 'string', reason: 'string', policy: 'string?' },
  },
  'policy.chosen': {
    severity: 'info',
    sentence: 'The policy, Proxy Action and TLS action for a connection are settled.',
    fields: {
      session: 'string',
      policy: 'string',
      proxyAction: 'string',
      tlsAction: 'string?',
      tlsRule: 'string?',
      serverName: 'string?',
      ja4: 'string?',
      upstream: 'string',
    },
  },
  'tls.up': {
    severity: 'info',
    sentence: 'A TLS handshake succeeded on one leg.',
    fields: {
      session: 'string',
      leg: 'string',
      version: 'string',
      cipher: 'string',
      serverName: 'string?',
      ja4: 'string?',
      certificateNames: 'strings?',
      resumed: 'boolean',
    },
  },
  'tls.failed': {
    severity: 'warning',
    sentence: 'A TLS handshake failed, or the certificate of a server was refused.',
    fields: { session: 'string', leg: 'string', blame: 'string', reason: 'string', faults: 'strings?' },
  },
  'tls.spliced': {
    severity: 'info',
    sentence: 'A TLS connection is relayed unopened, as a TLS rule allows.',
    fields: { session: 'string', serverName: 'string?', ja4: 'string?', rule: 'string?' },
  },
  'upstream.failed': {
    severity: 'warning',
    sentence: 'The server could not be reached or broke off.',
    fields: { session: 'string', upstream: 'string', reason: 'string' },
  },
  login: {
    severity: 'info',
    sentence: 'A client tried to log in.',
    fields: { session: 'string', user: 'string?', mechanism: 'string', result: 'string' },
  },
  'message.delivered': {
    severity: 'info',
    sentence: 'A message was judged and delivered.',
    fields: {
      session: 'string',
      number: 'number',
      uidl: 'string?',
      command: 'string',
      size: 'number',
      sha256: 'string',
      milliseconds: 'number',
      lineEndsRepaired: 'number',
    },
  },
  'message.failed': {
    severity: 'warning',
    sentence: 'A message could not be delivered; it stays on its server.',
    fields: { session: 'string', number: 'number', uidl: 'string?', blame: 'string', reason: 'string' },
  },
  'message.changed': {
    severity: 'notice',
    sentence: 'Something in a message was taken out, locked, marked or written anew.',
    // what: part, header, subject, place or message.
    fields: {
      ...message,
      ...part,
      what: 'string',
      header: 'string?',
      action: 'string',
      ruleset: 'string',
      rule: 'string',
      reason: 'string',
    },
  },
  'message.infected': {
    severity: 'warning',
    sentence: 'A scanner found a virus in a message.',
    fields: { ...message, ...part, scanner: 'string', virus: 'string', action: 'string' },
  },
  'message.refused': {
    severity: 'warning',
    sentence: 'A message was not delivered for now, because it could not be scanned; it stays on its server.',
    fields: { ...message, rule: 'string', reason: 'string' },
  },
  'message.unscanned': {
    severity: 'warning',
    sentence: 'A message was delivered although a scanner was out of order, as failOpen says.',
    fields: { ...message, scanner: 'string', reason: 'string' },
  },
  'message.quarantined': {
    severity: 'warning',
    sentence: 'A copy of a message is kept in quarantine, and a notice was delivered in its place.',
    fields: { ...message, ruleset: 'string', rule: 'string', reason: 'string' },
  },
  'message.dropped': {
    severity: 'warning',
    sentence: 'A session was cut because of a message.',
    // action: drop or block.
    fields: { ...message, action: 'string', ruleset: 'string', rule: 'string', reason: 'string' },
  },
  'signature.broken': {
    severity: 'notice',
    sentence: 'A change to a message broke its signatures.',
    fields: { ...message, signatures: 'strings' },
  },
  'rule.matched': {
    severity: 'info',
    sentence: 'A rule that is to be logged decided about something in a message.',
    fields: match,
  },
  'rule.alarm': {
    severity: 'warning',
    sentence: 'A rule that is to raise an alarm decided about something in a message.',
    fields: match,
  },
  'scanner.failed': {
    severity: 'error',
    sentence: 'A scanner has stopped giving sound answers.',
    fields: { scanner: 'string', reason: 'string' },
  },
  'scanner.recovered': {
    severity: 'notice',
    sentence: 'A scanner gives sound answers again.',
    fields: { scanner: 'string', version: 'string?' },
  },
  'protocol.violation': {
    severity: 'warning',
    sentence: 'A peer broke the protocol and the session was ended.',
    fields: { session: 'string', blame: 'string', fault: 'string', detail: 'string' },
  },
  'session.ended': {
    severity: 'info',
    sentence: 'A session ended.',
    fields: {
      session: 'string',
      by: 'string',
      reason: 'string',
      user: 'string?',
      messages: 'number',
      clientBytesIn: 'number',
      clientBytesOut: 'number',
      serverBytesIn: 'number',
      serverBytesOut: 'number',
      seconds: 'number',
    },
  },
  'internal.fault': {
    severity: 'error',
    sentence: 'Postern itself failed; the session was ended and nothing unjudged was delivered.',
    fields: { session: 'string?', reason: 'string' },
  },
} as const satisfies Readonly<Record<string, Entry>>

export type EventCode = keyof typeof catalogue

type Base<S extends string> = S extends `${infer T}?` ? T : S
type Value<S extends string> =
  Base<S> extends 'string'
    ? string
    : Base<S> extends 'number'
      ? number
      : Base<S> extends 'boolean'
        ? boolean
        : readonly string[]
type Fields<F> = {
  readonly [K in keyof F as F[K] extends `${string}?` ? never : K]: F[K] extends string ? Value<F[K]> : never
} & {
  readonly [K in keyof F as F[K] extends `${string}?` ? K : never]?:
    | (F[K] extends string ? Value<F[K]> : never)
    | undefined
}

/** One record: its code and exactly the fields the catalogue gives that code. */
export type EventRecord = {
  [C in EventCode]: { readonly code: C } & Fields<(typeof catalogue)[C]['fields']>
}[EventCode]

/** A record as a session makes it; the rim adds the session's id. */
export type SessionRecord = EventRecord extends infer R
  ? R extends { readonly session: string }
    ? DistributiveOmit<R, 'session'>
    : never
  : never
type DistributiveOmit<T, K extends string> = T extends unknown ? Omit<T, K> : never
