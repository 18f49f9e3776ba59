/** Reads one line of a client as a command: what it is, what goes to the server for it, or what is wrong with it. */
import { join, latin1, octets } from '../bytes/index.ts'
import { forbidden, isVerb, type ReplyShape, type Row, unknownVerb, type Verb, verbs } from './verbs.ts'
import { crlf } from './wording.ts'

/** RFC 2449 §4: the longest command, its CRLF among them. */
export const longestCommand = 255

/**
 * The longest line that is read at all, its end among them. It bounds what a client can make us hold.
 * AUTH and the lines of a SASL exchange may be this long: RFC 5034 §4 gives them no bound, and tokens
 * of OAuth reach some 20 KiB.
 */
export const longestClientLine = 64 * 1024

/** Longer first words are no verbs; RFC 1939 §3 knows three and four letters, extensions go a little further. */
const longestVerb = 32

export interface Command {
  /** `OTHER`: a verb that the table does not know. */
  readonly verb: Verb | 'OTHER'
  readonly row: Row
  /** The shape of a positive reply to it. */
  readonly reply: ReplyShape
  /** Everything behind the first space, as it came; as short-lived as the line. */
  readonly argument: Uint8Array
  /** The numbers of RETR, DELE and TOP. */
  readonly numbers: readonly number[]
  /** What the server gets, with CRLF. */
  readonly wire: Uint8Array
}

/** `bad`: what a POP3 client does not send. `word`: the first one, in capitals; empty when it is none. */
export type ReadCommand =
  | { readonly kind: 'command'; readonly word: string; readonly command: Command }
  | { readonly kind: 'bad'; readonly word: string; readonly says: string }

/** @param line without its end */
export function readCommand(line: Uint8Array): ReadCommand {
  const space = line.indexOf(SPACE)
  const first = space === -1 ? line : line.subarray(0, space)
  if (first.length > longestVerb) return bad('', 'unknown command')
  // RFC 1939 §3: keywords are printable ASCII, and case does not matter.
  const word = latin1(first).toUpperCase()
  if (!/^[!-~]+$/.test(word)) return bad('', 'unknown command')
  if (forbidden.has(word)) return bad(word, `${word} is not for clients`)
  if (line.length + 2 > longestCommand && word !== 'AUTH') return bad(word, 'command too long')
  const argument = space === -1 ? nothing : line.subarray(space + 1)
  const verb = isVerb(word) ? word : 'OTHER'
  const row: Row = verb === 'OTHER' ? unknownVerb : verbs[verb]
  return shaped(word, verb, row, argument)
}

function shaped(word: string, verb: Command['verb'], row: Row, argument: Uint8Array): ReadCommand {
  const whole = (rest: Uint8Array, numbers: readonly number[] = []): ReadCommand => {
    const wire = join([octets(rest.length === 0 ? word : `${word} `), rest, crlf])
    const reply = rest.length === 0 ? row.reply.bare : row.reply.withArgument
    return { kind: 'command', word, command: { verb, row, reply, argument: rest, numbers, wire } }
  }
  switch (row.argument) {
    case 'anything':
      return argument.length === 0 ? bad(word, `${word} needs an argument`) : whole(argument)
    case 'optional':
      // Without the spaces: a server might take "LIST " for LIST with an argument, or for one without.
      return whole(withoutSpaces(argument))
    case 'none':
      return withoutSpaces(argument).length === 0 ? whole(nothing) : bad(word, `${word} takes no argument`)
    case 'optional-number':
      if (withoutSpaces(argument).length === 0) return whole(nothing)
      return numbered(word, oneNumber, argument, whole)
    case 'number':
    case 'number-lines':
      return numbered(word, row.argument === 'number' ? oneNumber : twoNumbers, argument, whole)
  }
}

function numbered(
  word: string,
  pattern: RegExp,
  argument: Uint8Array,
  whole: (rest: Uint8Array, numbers: readonly number[]) => ReadCommand,
): ReadCommand {
  const found = pattern.exec(latin1(argument))
  if (found === null) return bad(word, `${word} needs ${pattern === oneNumber ? 'a number' : 'two numbers'}`)
  const numbers = found.slice(1).map(Number)
  return whole(octets(numbers.join(' ')), numbers)
}

/** Ten digits hold every number that a server can count to, and stay exact. */
const oneNumber = /^ *(\d{1,10}) *$/
const twoNumbers = /^ *(\d{1,10}) +(\d{1,10}) *$/

function withoutSpaces(text: Uint8Array): Uint8Array {
  let from = 0
  let to = text.length
  while (from < to && text[from] === SPACE) from += 1
  while (to > from && text[to - 1] === SPACE) to -= 1
  return text.subarray(from, to)
}

function bad(word: string, says: string): ReadCommand {
  return { kind: 'bad', word, says }
}

const SPACE = 0x20
const nothing = new Uint8Array(0)
