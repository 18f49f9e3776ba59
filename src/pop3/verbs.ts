/**
 * The protocol as a table: which commands there are, where they are legal, what shape their reply has,
 * what is examined in it, and whether anything may follow them before they are answered. Rule: whatever
 * Postern knows about a verb stands in this file.
 */

/** `line`: one line; `listing`: many lines after `+OK`; `message`: a mail after `+OK`; `sasl`: see RFC 5034 §4. */
export type ReplyShape = 'line' | 'listing' | 'capabilities' | 'message' | 'sasl'

/** What a command may look like behind its verb. */
export type Argument =
  | 'none'
  /** All octets behind the first space, spaces among them. */
  | 'anything'
  | 'optional'
  | 'optional-number'
  /** One message number. */
  | 'number'
  /** A message number and a number of lines. */
  | 'number-lines'

export interface Row {
  /** RFC 1939 §3: the states in which the command is legal. */
  readonly states: 'authorization' | 'transaction' | 'both'
  readonly argument: Argument
  /** Shape of a positive reply without and with an argument. RFC 1939 §3: `-ERR` is always one line. */
  readonly reply: { readonly bare: ReplyShape; readonly withArgument: ReplyShape }
  /** Nothing is taken from the client behind it until it is answered: its reply changes what is legal. */
  readonly last: boolean
}

const row = (
  states: Row['states'],
  argument: Argument,
  bare: ReplyShape,
  more: { readonly withArgument?: ReplyShape; readonly last?: true } = {},
): Row => ({
  states,
  argument,
  reply: { bare, withArgument: more.withArgument ?? bare },
  last: more.last ?? false,
})

export const verbs = {
  // RFC 1939 §7. A pass word may hold spaces, so the rest of the line is taken as it is.
  USER: row('authorization', 'anything', 'line', { last: true }),
  PASS: row('authorization', 'anything', 'line', { last: true }),
  APOP: row('authorization', 'anything', 'line', { last: true }),
  // RFC 5034 §4; without an argument it is an old way to ask for mechanisms, and refused.
  AUTH: row('authorization', 'optional', 'sasl', { last: true }),
  // RFC 2595 §4: only in the AUTHORIZATION state, and the client must not send anything behind it.
  STLS: row('authorization', 'none', 'line', { last: true }),
  // RFC 6856 §2: only in the AUTHORIZATION state.
  UTF8: row('authorization', 'none', 'line', { last: true }),
  // RFC 2449 §5: in both states. Its reply changes what may be pipelined.
  CAPA: row('both', 'none', 'capabilities', { last: true }),
  // RFC 6856 §3: a list without, one line with an argument.
  LANG: row('both', 'optional', 'listing', { withArgument: 'line', last: true }),
  // RFC 1939 §5, §7
  STAT: row('transaction', 'none', 'line'),
  LIST: row('transaction', 'optional-number', 'listing', { withArgument: 'line' }),
  UIDL: row('transaction', 'optional-number', 'listing', { withArgument: 'line' }),
  RETR: row('transaction', 'number', 'message'),
  TOP: row('transaction', 'number-lines', 'message'),
  DELE: row('transaction', 'number', 'line'),
  RSET: row('transaction', 'none', 'line'),
  NOOP: row('transaction', 'none', 'line'),
  // RFC 1939 §4, §6
  QUIT: row('both', 'none', 'line', { last: true }),
} as const satisfies Readonly<Record<string, Row>>

export type Verb = keyof typeof verbs

/** An unknown verb is relayed once the client has logged in, and its reply is one line (RFC 1939 §3). */
export const unknownVerb: Row = row('transaction', 'optional', 'line')

/**
 * Never relayed, from nobody: it tells a server whom to take the client for. Whoever sends it through a
 * proxy that the server trusts could forge an address.
 */
export const forbidden: ReadonlySet<string> = new Set(['XCLIENT'])

/** First words of HTTP and SMTP. A browser that is made to talk to this port ends at once (ALPACA, CVE-2021-3618). */
export const foreign: ReadonlySet<string> = new Set([
  ...['GET', 'POST', 'HEAD', 'PUT', 'OPTIONS', 'CONNECT', 'DELETE', 'TRACE', 'PATCH', 'PRI'],
  ...['EHLO', 'HELO', 'LHLO', 'MAIL', 'RCPT', 'DATA'],
])

export function isVerb(word: string): word is Verb {
  return Object.hasOwn(verbs, word)
}

/** The table as rows of text, for the reference. */
export function describeVerbs(): readonly {
  readonly verb: string
  readonly states: string
  readonly argument: string
  readonly reply: string
  readonly last: boolean
}[] {
  return Object.entries({ ...verbs, 'any other': unknownVerb }).map(([verb, each]) => ({
    verb,
    states: each.states,
    argument: each.argument,
    reply:
      each.reply.bare === each.reply.withArgument
        ? each.reply.bare
        : `${each.reply.bare}, ${each.reply.withArgument} with an argument`,
    last: each.last,
  }))
}
