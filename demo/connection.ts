/**
 * One connection of the demo server: bytes to lines, lines to the Conversation, replies to the
 * socket under back-pressure, the change to TLS, and the timers.
 */
import type { Socket } from 'node:net'
import { type SecureContext, TLSSocket } from 'node:tls'
import { createLineBuffer, type Line } from './lines.ts'
import { type Conversation, type ConversationOptions, createConversation, type Reply } from './protocol.ts'

export interface ConnectionOptions extends Omit<ConversationOptions, 'loopback' | 'tls'> {
  readonly implicitTls: boolean
  readonly secureContext: SecureContext
  /** Milliseconds without a command, or without the client taking anything of a reply. */
  readonly idleTimeout: number
}

/** A TLS handshake that takes longer is no handshake. */
const HANDSHAKE_TIMEOUT = 10_000
/** So long a client may take to read the last reply and close its side. */
const LINGER = 2_000
/** A reply is handed to the socket in pieces of this size, so a stalled client costs one or two of them. */
const PIECE = 64 * 1024
const CRLF = '\r\n'

export function serveConnection(socket: Socket, options: ConnectionOptions): void {
  const conversation = createConversation({
    ...options,
    loopback: isLoopback(socket.remoteAddress ?? ''),
    tls: options.implicitTls,
  })
  options.log(options.implicitTls ? 'connected pop3s' : 'connected pop3')
  socket.on('error', () => {}) // 'close' follows, and ends the conversation
  socket.on('close', () => {
    conversation.end()
    options.log('closed')
  })
  if (options.implicitTls) {
    upgrade(socket, options, (secure) => converse(secure, conversation, options, conversation.greeting()))
  } else {
    converse(socket, conversation, options, conversation.greeting())
  }
}

/** The loop: take a line, send its reply whole, take the next. `greeting` is absent after STLS. */
function converse(
  socket: Socket,
  conversation: Conversation,
  options: ConnectionOptions,
  greeting?: string,
): void {
  const lines = createLineBuffer()
  let reply = greeting === undefined ? undefined : pieces({ line: greeting })
  let last = false // the reply under way is the last one
  let ended = false // the client has closed its side
  const idle = setTimeout(() => {
    // RFC 1939 §3: on expiry the connection is closed without a reply and without an UPDATE.
    options.log('idle')
    socket.destroy()
  }, options.idleTimeout)

  const onData = (chunk: Buffer) => {
    lines.push(chunk)
    pump()
  }
  const onEnd = () => {
    ended = true
    pump()
  }
  const stopReading = () => {
    clearTimeout(idle)
    socket.off('data', onData).off('end', onEnd).off('drain', pump)
  }
  function pump(): void {
    socket.cork() // the replies to a group of commands leave together
    const upgrading = work()
    socket.uncork()
    if (upgrading) startTls()
  }
  /** Answers what there is to answer. True: the last reply asked for TLS. */
  function work(): boolean {
    for (;;) {
      if (reply && !flush(reply)) {
        socket.pause() // RFC 2449 §6.6: a client has to read while it pipelines; nothing piles up here
        return false
      }
      reply = undefined
      if (last) {
        finish()
        return false
      }
      const line = lines.next(conversation.lineLimit())
      if (!line) {
        if (ended) finish()
        else socket.resume()
        return false
      }
      idle.refresh()
      const answer = answerTo(line)
      reply = pieces(answer)
      last = answer.after === 'close'
      if (answer.after === 'startTls') return true
    }
  }
  /** Hands pieces over until the socket has enough; true when the reply is out. */
  function flush(output: Iterator<Buffer>): boolean {
    if (socket.writableNeedDrain) return false
    for (let piece = output.next(); !piece.done; piece = output.next()) {
      idle.refresh()
      if (!socket.write(piece.value)) return false
    }
    return true
  }
  function answerTo(line: Line): Reply {
    switch (line.kind) {
      case 'line':
        return conversation.answer(line.content)
      case 'bareLf':
        return conversation.reject('a command ends in CRLF') // RFC 1939 §3
      case 'overlong':
        return conversation.reject('the line is too long') // RFC 2449 §4
      case 'endless':
        return { ...conversation.reject('the line is too long'), after: 'close' }
    }
  }
  function startTls(): void {
    socket.pause()
    stopReading()
    // Plaintext behind STLS, already here, would be taken for something said under TLS
    // (CVE-2011-0411): RFC 2595 §4 forbids a client to send it, so the session ends.
    if (lines.pending > 0 || socket.readableLength > 0 || ended) {
      options.log('plaintext after STLS')
      socket.write(`-ERR nothing may follow STLS${CRLF}`)
      linger(socket)
      return
    }
    if (reply) flush(reply)
    // In the same turn as the +OK, so that the ClientHello cannot come before there is TLS to read it.
    upgrade(socket, options, (secure) => {
      conversation.tlsUp()
      converse(secure, conversation, options)
    })
  }
  function finish(): void {
    stopReading()
    linger(socket)
  }
  socket.on('data', onData).on('end', onEnd).on('drain', pump)
  socket.on('close', stopReading)
  pump()
}

function upgrade(raw: Socket, options: ConnectionOptions, onSecure: (secure: TLSSocket) => void): void {
  const secure = new TLSSocket(raw, {
    isServer: true,
    secureContext: options.secureContext,
    ALPNProtocols: ['pop3'], // IANA; a client that offers only others gets the alert of RFC 7301 §3.2
  })
  const deadline = setTimeout(() => raw.destroy(), HANDSHAKE_TIMEOUT)
  secure.on('error', () => raw.destroy())
  secure.on('close', () => {
    clearTimeout(deadline)
    raw.destroy()
  })
  secure.once('secure', () => {
    clearTimeout(deadline)
    options.log(`tls ${secure.getProtocol()}`)
    onSecure(secure)
  })
}

/** Closes our side and throws away what still comes, so that no reset overtakes the last reply. */
function linger(socket: Socket): void {
  socket.end()
  socket.resume()
  const deadline = setTimeout(() => socket.destroy(), LINGER)
  socket.once('end', () => socket.destroySoon())
  socket.once('close', () => clearTimeout(deadline))
  if (socket.readableEnded) socket.destroySoon()
}

/** The octets of a reply: first line, body, final dot (RFC 1939 §3). */
function* pieces(reply: Reply): Generator<Buffer> {
  yield Buffer.from(reply.line + CRLF, 'latin1')
  if (!reply.body) return
  for (let at = 0; at < reply.body.length; at += PIECE) yield reply.body.subarray(at, at + PIECE)
  yield Buffer.from(`.${CRLF}`)
}

const isLoopback = (address: string) => address === '::1' || /^(?:::ffff:)?127\./.test(address)
