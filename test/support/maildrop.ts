/** A script for the scripted upstream: a small POP3 server that lets anybody in and shows its messages. */
import type { Script, UpstreamSession } from './upstream.ts'

export interface Maildrop {
  /** Octets as POP3 delivers them: CRLF, without dot-stuffing. They are stuffed only after CRLF and at the start. */
  readonly messages: readonly Buffer[]
  /** Offers STLS and takes it. */
  readonly stls?: boolean
  /** Answers RETR in place of the maildrop. */
  readonly retr?: (session: UpstreamSession, number: number) => Promise<void>
}

/** Plays the maildrop until QUIT. `DELE` is answered and does nothing. */
export function maildrop({ messages, stls = false, retr }: Maildrop): Script {
  const sizes = messages.map(({ length }) => length)
  const list = (lines: readonly string[]) => `+OK\r\n${lines.map((line) => `${line}\r\n`).join('')}.\r\n`
  const capabilities = ['TOP', 'UIDL', 'USER', 'RESP-CODES', 'PIPELINING', ...(stls ? ['STLS'] : [])]
  const send = async (session: UpstreamSession, number: number) => {
    const message = messages[number - 1]
    if (message === undefined) return session.send('-ERR no such message\r\n')
    await session.send(
      Buffer.concat([Buffer.from(`+OK ${message.length} octets\r\n`), stuffed(message), END]),
    )
  }
  const top = async (session: UpstreamSession, number: number, count: number) => {
    const message = messages[number - 1]
    if (message === undefined) return session.send('-ERR no such message\r\n')
    await session.send(Buffer.concat([Buffer.from('+OK\r\n'), stuffed(topOf(message, count)), END]))
  }
  const about = (argument: string | undefined, one: (number: number) => string) =>
    argument === undefined
      ? list(messages.map((_, index) => `${index + 1} ${one(index + 1)}`))
      : `+OK ${argument} ${one(Number(argument))}\r\n`
  return async (session) => {
    await session.send('+OK scripted upstream ready\r\n')
    for (;;) {
      const [verb = '', argument, lines] = (await session.line()).split(' ')
      switch (verb.toUpperCase()) {
        case 'CAPA':
          await session.send(list(capabilities))
          break
        case 'STLS':
          await session.send('+OK begin TLS\r\n')
          await session.startTls()
          break
        case 'STAT':
          await session.send(`+OK ${sizes.length} ${sizes.reduce((sum, size) => sum + size, 0)}\r\n`)
          break
        case 'LIST':
          await session.send(about(argument, (number) => String(sizes[number - 1])))
          break
        case 'UIDL':
          await session.send(about(argument, (number) => `uid-${number}`))
          break
        case 'RETR':
          await (retr ?? send)(session, Number(argument))
          break
        case 'TOP':
          await top(session, Number(argument), Number(lines))
          break
        case 'QUIT':
          await session.send('+OK bye\r\n')
          session.end()
          return
        default:
          await session.send('+OK\r\n')
      }
    }
  }
}

const END = Buffer.from('.\r\n')

/** RFC 1939 §7: the headers, the empty line, and so many lines of the body. */
export function topOf(message: Buffer, count: number): Buffer {
  let end = message.indexOf('\r\n\r\n') + 4
  for (let line = 0; line < count && end < message.length; line += 1) end = message.indexOf('\r\n', end) + 2
  return message.subarray(0, end)
}

/** As a strict server does it, that takes only CRLF for a line end. */
function stuffed(text: Buffer): Buffer {
  return Buffer.from(text.toString('latin1').replaceAll(/(?<=^|\r\n)\./g, '..'), 'latin1')
}
