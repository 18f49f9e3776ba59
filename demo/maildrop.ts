/**
 * The demo server's store: mails kept in the form they have on the wire, one store for the life of
 * the server and one frozen view of it for each login. No sockets and no protocol text here.
 */

/** One sample mail. `bytes` is the message as RFC 5322 has it: every line ends in CRLF, nothing is dot-stuffed. */
export interface DemoMail {
  /** 1 to 70 characters 0x21 to 0x7E, unique in its mailbox (RFC 1939 §7). */
  readonly uidl: string
  /** Short file-like name, for tests and for people. */
  readonly name: string
  /** One sentence: what is in it and why. */
  readonly description: string
  readonly bytes: Uint8Array
}

/** A mail ready to be sent. */
export interface StoredMail {
  readonly uidl: string
  /** Octets that RETR delivers, dot-stuffing and the final dot not counted (RFC 1939 §11). */
  readonly octets: number
  /** The message dot-stuffed, ending in CRLF (or empty), without the final dot. */
  readonly wire: Buffer
  /** Its header holds raw UTF-8, so it may leave only after the command UTF8 (RFC 6856 §2.1). */
  readonly needsUtf8: boolean
}

/** What one login sees: numbers and content stay as they are, whatever other sessions delete. */
export interface View {
  readonly count: number
  readonly octets: number
  /** Number (from 1) and mail of everything not marked as deleted. */
  entries(): Iterable<readonly [number, StoredMail]>
  /** `undefined`: there is no such number, or it is marked as deleted. */
  mail(number: number): StoredMail | undefined
  markDeleted(number: number): void
  unmarkAll(): void
  /** Removes the marked mails from the store and unlocks it. Called for QUIT and for nothing else. */
  commit(): void
  /** Ends the view without deleting anything; may be called more than once, also after `commit`. */
  release(): void
}

export interface Maildrop {
  /** `undefined`: another session has the maildrop and the store is exclusive. */
  open(): View | undefined
  /** What is left, in order. */
  uidls(): string[]
}

/**
 * @param exclusive one login at a time, as many servers do it (RFC 2449 §8.1.2, IN-USE). Without it
 *   views live side by side, which is safe because a view never loses a mail it has shown.
 * @throws TypeError when a mail is not fit for the wire: a bare CR or LF, a bad or repeated uidl.
 */
export function createMaildrop(mails: readonly DemoMail[], exclusive = false): Maildrop {
  let store = mails.map(prepare)
  if (new Set(store.map((mail) => mail.uidl)).size < store.length) {
    throw new TypeError('every mail needs a uidl of its own')
  }
  let locked = false
  return {
    open() {
      if (exclusive && locked) return undefined
      locked = true
      return createView(
        store,
        (deleted) => {
          store = store.filter((mail) => !deleted.has(mail))
        },
        () => {
          locked = false
        },
      )
    },
    uidls: () => store.map((mail) => mail.uidl),
  }
}

/** The part of the dot-stuffed message that TOP asks for: header, blank line, `lines` lines of the body. */
export function top(mail: StoredMail, lines: number): Buffer {
  let end = headerEnd(mail.wire)
  for (let left = lines; left > 0 && end < mail.wire.length; left--) {
    end = mail.wire.indexOf(CRLF, end) + CRLF.length
  }
  return mail.wire.subarray(0, end)
}

const CRLF = Buffer.from('\r\n')

function createView(
  mails: readonly StoredMail[],
  remove: (deleted: ReadonlySet<StoredMail>) => void,
  unlock: () => void,
): View {
  const deleted = new Set<StoredMail>()
  let held = true
  const release = () => {
    if (held) unlock()
    held = false
  }
  function* entries(): Generator<readonly [number, StoredMail]> {
    for (const [index, mail] of mails.entries()) if (!deleted.has(mail)) yield [index + 1, mail]
  }
  return {
    get count() {
      return mails.length - deleted.size
    },
    get octets() {
      let sum = 0
      for (const [, mail] of entries()) sum += mail.octets
      return sum
    },
    entries,
    mail(number) {
      const mail = mails[number - 1]
      return mail && !deleted.has(mail) ? mail : undefined
    },
    markDeleted(number) {
      const mail = mails[number - 1]
      if (mail) deleted.add(mail)
    },
    unmarkAll: () => deleted.clear(),
    commit() {
      if (held) remove(deleted)
      release()
    },
    release,
  }
}

function prepare(mail: DemoMail): StoredMail {
  // RFC 1939 §7: "one to 70 characters in the range 0x21 to 0x7E".
  if (!/^[\x21-\x7e]{1,70}$/.test(mail.uidl)) throw new TypeError(`not a unique-id: ${mail.uidl}`)
  const given = Buffer.from(mail.bytes.buffer, mail.bytes.byteOffset, mail.bytes.byteLength)
  for (let at = given.indexOf(0x0a); at !== -1; at = given.indexOf(0x0a, at + 1)) {
    if (given[at - 1] !== 0x0d) throw new TypeError(`${mail.name}: a bare LF at octet ${at}`)
  }
  for (let at = given.indexOf(0x0d); at !== -1; at = given.indexOf(0x0d, at + 1)) {
    if (given[at + 1] !== 0x0a) throw new TypeError(`${mail.name}: a bare CR at octet ${at}`)
  }
  // A multi-line response is made of lines (RFC 1939 §3): the last one gets its end here, so that
  // LIST counts the octets that RETR sends.
  const whole = given.length === 0 || given.at(-1) === 0x0a ? given : Buffer.concat([given, CRLF])
  return {
    uidl: mail.uidl,
    octets: whole.length,
    wire: dotStuff(whole),
    needsUtf8: hasRawUtf8(whole.subarray(0, headerEnd(whole))),
  }
}

/** RFC 1939 §3: a line that begins with the termination octet gets one more of them in front. */
function dotStuff(message: Buffer): Buffer {
  const pieces: Buffer[] = []
  let start = 0
  if (message[0] === 0x2e) pieces.push(DOT)
  for (let at = message.indexOf('\r\n.'); at !== -1; at = message.indexOf('\r\n.', at + 2)) {
    pieces.push(message.subarray(start, at + 2), DOT)
    start = at + 2
  }
  return pieces.length === 0 ? message : Buffer.concat([...pieces, message.subarray(start)])
}

const DOT = Buffer.from('.')

/** Where the body begins, behind the blank line; the length when there is no blank line. */
function headerEnd(message: Buffer): number {
  if (message.subarray(0, 2).equals(CRLF)) return 2
  const at = message.indexOf('\r\n\r\n')
  return at === -1 ? message.length : at + 4
}

/** Raw 8-bit that is not UTF-8 is old mail of no declared charset, which POP3 has always passed. */
function hasRawUtf8(header: Buffer): boolean {
  if (!header.some((octet) => octet >= 0x80)) return false
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(header)
    return true
  } catch {
    return false
  }
}
