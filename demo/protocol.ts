/**
 * The demo server's side of a POP3 conversation: a table of verbs, and one function from a command
 * line to a reply. No sockets and no timers here; server.ts carries the bytes.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { DemoCredentials, DemoFeatures } from './features.ts'
import { type Maildrop, type StoredMail, top, type View } from './maildrop.ts'
import { type Claim, decodeBase64, type Exchange, startExchange } from './sasl.ts'

/** A reply: its first line without CRLF; `body` (dot-stuffed, in whole lines) makes it multi-line. */
export interface Reply {
  readonly line: string
  readonly body?: Buffer
  readonly after?: 'startTls' | 'close'
}

export interface ConversationOptions {
  readonly credentials: DemoCredentials
  readonly maildrop: Maildrop
  readonly features: DemoFeatures
  /** RFC 1939 §7, APOP: in msg-id form, another one for each connection. */
  readonly timestamp: string
  readonly loopback: boolean
  readonly tls: boolean
  /** Gets `VERB +OK` or `VERB number -ERR`: never a name, a password or anything else a client wrote. */
  readonly log: (line: string) => void
}

export interface Conversation {
  greeting(): string
  /** Octets that the next line may have, CRLF included. */
  lineLimit(): number
  answer(line: Buffer): Reply
  /** The reply to something that is no command line, for example one that is too long. */
  reject(text: string): Reply
  /** TLS is up on this connection: what was said before it counts no more. */
  tlsUp(): void
  /** The connection is gone. Nothing is deleted (RFC 1939 §6). */
  end(): void
}

/** RFC 2449 §4: "255 octets, including the terminating CRLF". */
const MAX_COMMAND = 255
/** RFC 5034 §4: SASL lines may be longer than commands; as long as the largest ticket anybody uses. */
const MAX_SASL_LINE = 64 * 1024
/** Guesses at a password that one connection may make. */
const MAX_FAILED_LOGINS = 3
/** Wrong commands before login; a web browser that was sent here by a trick (ALPACA) gives up its place. */
const MAX_ERRORS_BEFORE_LOGIN = 10

type State =
  | { readonly at: 'authorization'; readonly user?: string }
  | { readonly at: 'sasl'; readonly exchange: Exchange }
  | { readonly at: 'transaction'; readonly view: View }
  | { readonly at: 'closed' }

interface Session {
  readonly options: ConversationOptions
  state: State
  tls: boolean
  utf8: boolean
  failedLogins: number
  errors: number
}

/** How many arguments a verb takes, at least and at most; `rest`: one, with the spaces in it. */
type Arguments = readonly [number, number] | 'rest'
type Row = { readonly arguments: Arguments; readonly needs?: keyof DemoFeatures } & (
  | { readonly in: 'authorization' | 'both'; run(session: Session, args: readonly string[]): Reply }
  | { readonly in: 'transaction'; run(view: View, args: readonly string[], session: Session): Reply }
)

/** RFC 1939 §5 to §7, RFC 2449 §5, RFC 2595 §4, RFC 5034 §4, RFC 6856 §2 and §3. */
const VERBS: ReadonlyMap<string, Row> = new Map<string, Row>([
  ['CAPA', { in: 'both', arguments: [0, 0], run: capa }],
  ['QUIT', { in: 'both', arguments: [0, 0], run: quit }],
  ['LANG', { in: 'both', arguments: [0, 1], needs: 'lang', run: (_, [range]) => lang(range) }],
  ['STLS', { in: 'authorization', arguments: [0, 0], needs: 'stls', run: stls }],
  ['UTF8', { in: 'authorization', arguments: [0, 0], needs: 'utf8', run: utf8 }],
  ['USER', { in: 'authorization', arguments: [1, 1], needs: 'user', run: user }],
  ['PASS', { in: 'authorization', arguments: 'rest', needs: 'user', run: pass }],
  ['APOP', { in: 'authorization', arguments: [2, 2], needs: 'apop', run: apop }],
  ['AUTH', { in: 'authorization', arguments: [1, 2], needs: 'sasl', run: auth }],
  ['STAT', { in: 'transaction', arguments: [0, 0], run: (view) => ok(`${view.count} ${view.octets}`) }],
  ['LIST', { in: 'transaction', arguments: [0, 1], run: listing((mail) => `${mail.octets}`) }],
  ['UIDL', { in: 'transaction', arguments: [0, 1], needs: 'uidl', run: listing((mail) => mail.uidl) }],
  ['RETR', { in: 'transaction', arguments: [1, 1], run: retr }],
  ['TOP', { in: 'transaction', arguments: [2, 2], needs: 'top', run: topLines }],
  ['DELE', { in: 'transaction', arguments: [1, 1], run: dele }],
  ['RSET', { in: 'transaction', arguments: [0, 0], run: rset }],
  ['NOOP', { in: 'transaction', arguments: [0, 0], run: () => ok('') }],
])

export function createConversation(options: ConversationOptions): Conversation {
  const session: Session = {
    options,
    state: { at: 'authorization' },
    tls: options.tls,
    utf8: false,
    failedLogins: 0,
    errors: 0,
  }
  return {
    greeting: () => `+OK Postern demo server ready${options.features.apop ? ` ${options.timestamp}` : ''}`,
    lineLimit: () => (session.state.at === 'sasl' ? MAX_SASL_LINE : MAX_COMMAND),
    answer: (line) => withinLimits(session, answer(session, line)),
    reject: (text) => withinLimits(session, failed(session, '?', error(text))),
    tlsUp() {
      // RFC 5034 §4 and RFC 2595 §2: what was learnt before the security layer is discarded.
      session.state = { at: 'authorization' }
      session.tls = true
    },
    end() {
      if (session.state.at === 'transaction') session.state.view.release()
      session.state = { at: 'closed' }
    },
  }
}

function answer(session: Session, line: Buffer): Reply {
  const text = line.toString('latin1')
  if (session.state.at === 'sasl') {
    return logged(session, 'AUTH ...', saslLine(session, session.state.exchange, text))
  }
  const [keyword = '', ...args] = text.split(' ')
  const verb = keyword.toUpperCase() // RFC 1939 §3: keywords are case-insensitive
  if (verb !== 'PASS') forgetName(session)
  const row = VERBS.get(verb)
  if (!row || !offered(row, session)) return failed(session, '?', error('no such command'))
  // RFC 2449 §3: arguments are printable; UTF8 is announced without USER, so they are ASCII too.
  if (/[^\x20-\x7e]/.test(text)) return failed(session, verb, error('printable ASCII only'))
  const given = row.arguments === 'rest' ? (args.length === 0 ? [] : [args.join(' ')]) : args
  const [least, most] = row.arguments === 'rest' ? [1, 1] : row.arguments
  if (given.length < least || given.length > most || given.includes('')) {
    return failed(session, verb, error('wrong arguments'))
  }
  const number = row.in === 'transaction' && /^\d+$/.test(given[0] ?? '') ? ` ${given[0]}` : ''
  return logged(session, `${verb}${number}`, run(session, row, given))
}

function run(session: Session, row: Row, args: readonly string[]): Reply {
  const { state } = session
  switch (row.in) {
    case 'both':
      return row.run(session, args)
    case 'authorization':
      if (state.at !== 'authorization') return error('you are logged in already')
      return row.run(session, args)
    case 'transaction':
      if (state.at === 'transaction') return row.run(state.view, args, session)
      session.errors++
      return error('log in first') // RFC 1939 §4: not legal in this state
  }
}

function offered(row: Row, session: Session): boolean {
  const value = row.needs === undefined ? true : session.options.features[row.needs]
  return Array.isArray(value) ? value.length > 0 : value === true
}

// ---- both states ----

function capa(session: Session): Reply {
  const { features } = session.options
  const open = passwordsAllowed(session)
  const before = session.state.at === 'authorization'
  const tags: readonly (readonly [boolean, string])[] = [
    [features.top, 'TOP'],
    [features.uidl, 'UIDL'],
    // RFC 2449 §6.2 and §6.3: announced in both states.
    [features.user && open, 'USER'],
    [features.sasl.length > 0 && open, `SASL ${features.sasl.join(' ')}`], // RFC 5034 §3
    // RFC 2595 §8: announced in AUTHORIZATION only; §4: only while it is permitted.
    [features.stls && before && !session.tls, 'STLS'],
    [features.pipelining, 'PIPELINING'],
    [true, 'RESP-CODES'],
    [true, 'AUTH-RESP-CODE'], // RFC 3206 §6
    [features.utf8, 'UTF8'],
    [features.lang, 'LANG'],
    [true, 'EXPIRE NEVER'],
    [true, 'IMPLEMENTATION Postern-demo'],
  ]
  return multiline(
    'capabilities',
    tags.flatMap(([on, tag]) => (on ? [tag] : [])),
  )
}

function quit(session: Session): Reply {
  // RFC 1939 §6: QUIT in the TRANSACTION state enters UPDATE, which removes what is marked.
  if (session.state.at === 'transaction') session.state.view.commit()
  session.state = { at: 'closed' }
  return { ...ok('bye'), after: 'close' }
}

/** RFC 6856 §3.2: one language, which is also the one for `*`. */
function lang(range: string | undefined): Reply {
  if (range === undefined) return multiline('languages', ['en English'])
  return range === '*' || range.toLowerCase() === 'en' ? ok('en English it is') : error('no such language')
}

// ---- AUTHORIZATION ----

function stls(session: Session): Reply {
  if (session.tls) return error('TLS is active already') // RFC 2595 §4
  if (session.utf8) return error('not after UTF8') // RFC 6856 §2.1
  return { ...ok('begin TLS'), after: 'startTls' }
}

function utf8(session: Session): Reply {
  session.utf8 = true
  return ok('UTF-8 it is')
}

function user(session: Session, [name = '']: readonly string[]): Reply {
  if (!passwordsAllowed(session)) return error('passwords need TLS, say STLS first') // RFC 2595 §2.2
  session.state = { at: 'authorization', user: name }
  return ok('and the password') // RFC 1939 §7 allows +OK for any name: it tells nothing about who exists
}

function pass(session: Session, [password = '']: readonly string[]): Reply {
  const name = session.state.at === 'authorization' ? session.state.user : undefined
  if (name === undefined) return error('USER comes first')
  return logIn(session, matches(session, { kind: 'claim', user: name, password }))
}

function apop(session: Session, [name = '', digest = '']: readonly string[]): Reply {
  const { credentials, timestamp } = session.options
  const expected = createHash('md5').update(`${timestamp}${credentials.password}`).digest('hex')
  // Both comparisons are made, whatever the first one says; RFC 1939 §7: the digest is in lower case.
  const right = [same(name, credentials.user), same(digest, expected)]
  return logIn(session, !right.includes(false))
}

function auth(session: Session, [name = '', initial]: readonly string[]): Reply {
  const mechanism = session.options.features.sasl.find((known) => known === name.toUpperCase())
  if (mechanism === undefined) return error('no such mechanism')
  if (!passwordsAllowed(session)) return error('passwords need TLS, say STLS first') // RFC 5034 §4
  const exchange = startExchange(mechanism)
  if (initial === undefined) return prompt(session, exchange)
  return saslLine(session, exchange, initial === '=' ? '' : initial) // RFC 5034 §4: "=" is an empty one
}

function prompt(session: Session, exchange: Exchange): Reply {
  session.state = { at: 'sasl', exchange }
  return { line: `+ ${Buffer.from(exchange.prompt).toString('base64')}` } // RFC 5034 §4: "+", a space, base64
}

function saslLine(session: Session, exchange: Exchange, text: string): Reply {
  session.state = { at: 'authorization' } // RFC 5034 §4: a failed exchange leaves the state as it was
  if (text === '*') return error('cancelled') // RFC 5034 §4
  const response = decodeBase64(text)
  if (response === undefined) return error('not base64')
  const step = exchange.next(response)
  switch (step.kind) {
    case 'exchange':
      return prompt(session, step)
    case 'claim':
      return logIn(session, matches(session, step))
    case 'malformed':
      return logIn(session, false)
  }
}

function logIn(session: Session, right: boolean): Reply {
  session.state = { at: 'authorization' }
  if (!right) {
    session.failedLogins++
    return error('[AUTH] wrong name or password') // RFC 3206 §4: the credentials are at fault
  }
  const view = session.options.maildrop.open()
  if (!view) return error('[IN-USE] another session has the maildrop') // RFC 2449 §8.1.2
  session.state = { at: 'transaction', view }
  return ok(`${view.count} messages (${view.octets} octets)`)
}

// ---- TRANSACTION ----

function listing(show: (mail: StoredMail) => string) {
  return (view: View, [argument]: readonly string[]): Reply => {
    if (argument !== undefined) {
      const number = messageNumber(argument)
      const mail = view.mail(number)
      return mail ? ok(`${number} ${show(mail)}`) : noSuchMessage()
    }
    return multiline(
      `${view.count} messages`,
      Array.from(view.entries(), ([number, mail]) => `${number} ${show(mail)}`),
    )
  }
}

function retr(view: View, [argument = '']: readonly string[], session: Session): Reply {
  const mail = view.mail(messageNumber(argument))
  if (!mail) return noSuchMessage()
  if (needsUtf8(mail, session)) return error('[UTF8] this message needs UTF8') // RFC 6856 §2.1 and §5
  return { ...ok(`${mail.octets} octets`), body: mail.wire }
}

function topLines(view: View, [argument = '', lines = '']: readonly string[], session: Session): Reply {
  const mail = view.mail(messageNumber(argument))
  if (!mail) return noSuchMessage()
  if (!/^\d{1,10}$/.test(lines)) return error('how many lines?') // RFC 1939 §7: non-negative
  if (needsUtf8(mail, session)) return error('[UTF8] this message needs UTF8')
  return { ...ok('top of the message'), body: top(mail, Number(lines)) }
}

function dele(view: View, [argument = '']: readonly string[]): Reply {
  const number = messageNumber(argument)
  if (!view.mail(number)) return noSuchMessage()
  view.markDeleted(number)
  return ok('marked as deleted')
}

function rset(view: View): Reply {
  view.unmarkAll()
  return ok(`${view.count} messages (${view.octets} octets)`)
}

// ---- the small things ----

const ok = (text: string): Reply => ({ line: text === '' ? '+OK' : `+OK ${text}` })
const error = (text: string): Reply => ({ line: `-ERR ${text}` })
const noSuchMessage = () => error('no such message')
const messageNumber = (text: string) => (/^\d{1,10}$/.test(text) ? Number(text) : 0)
const needsUtf8 = (mail: StoredMail, session: Session) =>
  mail.needsUtf8 && session.options.features.utf8 && !session.utf8

/** Lines that need no dot-stuffing: capabilities, numbers, languages. A unique-id stands behind its number. */
function multiline(text: string, lines: readonly string[]): Reply {
  return { ...ok(text), body: Buffer.from(lines.map((line) => `${line}\r\n`).join(''), 'latin1') }
}

function passwordsAllowed(session: Session): boolean {
  const { features, loopback } = session.options
  if (session.tls || features.clearTextLogin === 'always') return true
  return features.clearTextLogin === 'loopback' && loopback
}

function matches(session: Session, claim: Claim): boolean {
  const { credentials } = session.options
  const right = [same(claim.user, credentials.user), same(claim.password, credentials.password)]
  return !right.includes(false)
}

/** Compares in a time that tells nothing about where two secrets differ. */
function same(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

/** RFC 1939 §7: PASS comes "immediately after a successful USER command", or the name counts no more. */
function forgetName(session: Session): void {
  if (session.state.at === 'authorization') session.state = { at: 'authorization' }
}

function failed(session: Session, what: string, reply: Reply): Reply {
  if (session.state.at !== 'transaction') session.errors++
  forgetName(session)
  return logged(session, what, reply)
}

function logged(session: Session, what: string, reply: Reply): Reply {
  // RFC 1939 §7: a name counts only for the very next command.
  if (session.state.at === 'authorization' && !what.startsWith('USER'))
    session.state = { at: 'authorization' }
  session.options.log(`${what} ${reply.line.split(' ', 1)[0]}`)
  return reply
}

function withinLimits(session: Session, reply: Reply): Reply {
  const spent = session.failedLogins >= MAX_FAILED_LOGINS || session.errors >= MAX_ERRORS_BEFORE_LOGIN
  return spent && session.state.at === 'authorization' ? { ...reply, after: 'close' } : reply
}
