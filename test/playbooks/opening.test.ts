/** Conversations from the first input to a client that may log in: connecting, TLS on either leg, refusals. */
import type { Failure } from '../../src/pop3/index.ts'
import { playbook } from './playbook.ts'

const EXPIRED: Failure = { blame: 'server', text: 'certificate expired on 2026-10-01', permanent: true }
const SAYS = '-ERR [SYS/PERM] certificate expired on 2026-10-01'
const ABORTED = ['close(server, abort)', 'close(client, flush)']

playbook('a client in clear gets the greeting', {}, (p) => {
  p.start()
    .does('connect')
    .connected()
    .does()
    .server('+OK Dovecot ready. <1896.697170952@dbc.mtview.ca.us>')
    .does('send(client, +OK Dovecot ready. <1896.697170952@dbc.mtview.ca.us>)')
})

playbook('a greeting that tells nothing keeps the time stamp of APOP', { hideServerReplies: true }, (p) => {
  p.start()
    .does('connect')
    .connected()
    .does()
    .server('+OK [XCLIENT] Dovecot 2.3 <1896.697170952@dbc.mtview.ca.us> ready')
    .does('send(client, +OK POP3 ready <1896.697170952@dbc.mtview.ca.us>)')
})

playbook('implicit TLS is answered when the server is there', { clientTls: 'implicit' }, (p) => {
  p.start()
    .does('connect')
    .connected()
    .does()
    .server('+OK ready')
    .does('startTls(client, serve)')
    .tlsUp('client')
    .does('send(client, +OK ready)')
    .client('STLS')
    .does('send(client, -ERR TLS is already active)')
    .client('USER joe')
    .does('send(server, USER joe)')
})

playbook(
  'STLS towards the server comes before the greeting',
  { clientTls: 'implicit', serverTls: 'stls' },
  (p) => {
    p.start()
      .does('connect')
      .connected()
      .does()
      .server('+OK ready')
      .does('send(server, STLS)')
      .server('+OK')
      .does('startTls(server, serve)')
      .tlsUp('server')
      .does('startTls(client, serve)')
      .tlsUp('client')
      .does('send(client, +OK ready)')
  },
)

playbook('a client that talks before the greeting', { serverTls: 'stls' }, (p) => {
  p.start()
    .does('connect')
    .client('USER joe', 'PASS secret')
    .does()
    .connected()
    .does()
    .server('+OK ready')
    .does('send(server, STLS)')
    .server('+OK')
    .does('startTls(server, serve)')
    .tlsUp('server')
    .does('send(client, +OK ready)', 'send(server, USER joe)')
    .server('+OK')
    .does('send(client, +OK)', 'send(server, PASS secret)')
})

for (const [name, answer, end] of [
  ['refuses STLS', '-ERR what', 'the mail server does not start TLS'],
  ['answers STLS with nonsense', 'HTTP/1.1 400', 'the mail server sent a line that is no POP3 reply'],
] as const)
  playbook(`a server that ${name} hears no name and no password`, { serverTls: 'stls' }, (p) => {
    const violation = name.startsWith('refuses')
      ? []
      : ['record(protocol.violation server server.no-reply-line)']
    p.start()
      .does('connect')
      .client('USER joe', 'PASS secret')
      .does()
      .connected()
      .does()
      .server('+OK ready')
      .does('send(server, STLS)')
      .piece(`${answer}\r\n`)
      .does(
        ...[
          ...violation,
          'close(server, abort)',
          `send(client, -ERR [SYS/${violation.length > 0 ? 'TEMP' : 'PERM'}] ${end})`,
        ],
        ...['close(client, flush)', `end(server: ${end})`],
      )
  })

playbook('a server that cannot be reached, client in clear', {}, (p) => {
  p.start()
    .does('connect')
    .failed('connect', { blame: 'server', text: 'no route', permanent: false })
    .does('send(client, -ERR [SYS/TEMP] no route)', 'close(client, flush)', 'end(server: no route)')
})

playbook('a server whose certificate is refused, client in TLS', { clientTls: 'implicit' }, (p) => {
  p.start()
    .does('connect')
    .failed('connect', EXPIRED)
    .does('startTls(client, refuse)')
    .tlsUp('client')
    .does(`send(client, ${SAYS})`, 'close(client, flush)', `end(server: ${EXPIRED.text})`)
})

playbook('a certificate refused after STLS', { clientTls: 'implicit', serverTls: 'stls' }, (p) => {
  p.start()
    .does('connect')
    .connected()
    .does()
    .server('+OK ready')
    .does('send(server, STLS)')
    .server('+OK')
    .does('startTls(server, serve)')
    .failed('startTls', EXPIRED)
    .does('close(server, abort)', 'startTls(client, refuse)')
    .client('USER joe')
    .does()
    .tlsUp('client')
    .does(`send(client, ${SAYS})`, 'close(client, flush)', `end(server: ${EXPIRED.text})`)
})

const NOT_HERE: Failure = { blame: 'configuration', text: 'not from here', permanent: true }
playbook('a client that is turned away never reaches a server', { refusal: NOT_HERE }, (p) => {
  p.start().does(
    'send(client, -ERR [SYS/PERM] not from here)',
    ...['close(client, flush)', 'end(configuration: not from here)'],
  )
})

playbook('a client in TLS is turned away in TLS', { refusal: NOT_HERE, clientTls: 'implicit' }, (p) => {
  p.start()
    .does('startTls(client, refuse)')
    .tlsUp('client')
    .does(
      'send(client, -ERR [SYS/PERM] not from here)',
      ...['close(client, flush)', 'end(configuration: not from here)'],
    )
})

playbook('a server that greets with -ERR', {}, (p) => {
  p.start()
    .does('connect')
    .connected()
    .does()
    .piece('-ERR [SYS/TEMP] busy\r\n')
    .does(
      ...['close(server, abort)', 'send(client, -ERR [SYS/TEMP] busy)', 'close(client, flush)'],
      'end(server: the mail server refused the connection)',
    )
})

playbook('a server that greets with -ERR, hidden', { hideServerReplies: true }, (p) => {
  p.start()
    .does('connect')
    .connected()
    .does()
    .piece('-ERR Dovecot 2.3 is busy\r\n')
    .does(
      ...['close(server, abort)', 'send(client, -ERR [SYS/TEMP] the mail server refused the connection)'],
      ...['close(client, flush)', 'end(server: the mail server refused the connection)'],
    )
})

playbook('a server of another protocol', { clientTls: 'implicit' }, (p) => {
  p.start()
    .does('connect')
    .connected()
    .does()
    .piece('220 smtp ready\r\n')
    .does(
      'record(protocol.violation server server.no-reply-line)',
      ...['close(server, abort)', 'startTls(client, refuse)'],
    )
    .tlsUp('client')
    .does(
      'send(client, -ERR [SYS/TEMP] the mail server sent a line that is no POP3 reply)',
      ...['close(client, flush)', 'end(server: the mail server sent a line that is no POP3 reply)'],
    )
})

playbook('a server that goes on talking while the client starts TLS', { clientTls: 'implicit' }, (p) => {
  p.start()
    .does('connect')
    .connected()
    .does()
    .server('+OK ready')
    .does('startTls(client, serve)')
    .piece('+')
    .does('record(protocol.violation server server.unexpected-reply)', 'close(server, abort)')
    .tlsUp('client')
    .does(
      'send(client, -ERR [SYS/TEMP] the mail server sent something that nobody had asked for)',
      ...['close(client, flush)', 'end(server: the mail server sent something that nobody had asked for)'],
    )
})

playbook('STLS of the client forgets the user named before', {}, (p) => {
  p.start()
    .does('connect')
    .connected()
    .does()
    .server('+OK ready')
    .does('send(client, +OK ready)')
    .client('USER eve')
    .does('send(server, USER eve)')
    .server('+OK')
    .does('send(client, +OK)')
    .client('stls')
    .does('send(client, +OK begin TLS)', 'startTls(client, serve)')
    .tlsUp('client')
    .does()
    .client('PASS x')
    .does('send(server, PASS x)')
    .server('-ERR no user')
    .does('send(client, -ERR no user)', 'record(login undefined USER failed)')
})

playbook('STLS that is not offered', { stls: 'off' }, (p) => {
  p.login().client('STLS').does('send(client, -ERR already logged in)')
})

playbook('STLS before login that is not offered', { stls: 'off' }, (p) => {
  p.start()
    .does('connect')
    .connected()
    .does()
    .server('+OK ready')
    .does('send(client, +OK ready)')
    .client('STLS')
    .does('send(client, -ERR STLS is not available)')
})

playbook('no login before STLS where it is required', { stls: 'required' }, (p) => {
  const first = 'send(client, -ERR STLS first, then log in)'
  p.start()
    .does('connect')
    .connected()
    .does()
    .server('+OK ready')
    .does('send(client, +OK ready)')
    .client('USER joe')
    .does(first)
    .client('PASS secret')
    .does(first)
    .client('APOP joe c4c9334bac560ecc979e58001b3e22fb')
    .does(first)
    .client('AUTH PLAIN AGpvZQBzZWNyZXQ=')
    .does(first)
    .client('CAPA')
    .does('send(server, CAPA)')
    .server('+OK', 'USER', 'SASL PLAIN', 'UIDL', '.')
    .does('send(client, +OK Capability list follows | UIDL | STLS | .)')
    .client('STLS')
    .does('send(client, +OK begin TLS)', 'startTls(client, serve)')
    .tlsUp('client')
    .does()
    .client('CAPA')
    .does('send(server, CAPA)')
    .server('+OK', 'USER', 'SASL PLAIN', 'UIDL', '.')
    .does('send(client, +OK Capability list follows | USER | SASL PLAIN | UIDL | .)')
    .client('USER joe')
    .does('send(server, USER joe)')
})

playbook('mirror: STLS of the client starts TLS towards the server first', { serverTls: 'mirror' }, (p) => {
  p.start()
    .does('connect')
    .connected()
    .does()
    .server('+OK ready')
    .does('send(client, +OK ready)')
    .client('CAPA')
    .does('send(server, CAPA)')
    .server('+OK', 'STLS', 'PIPELINING', '.')
    .does('send(client, +OK Capability list follows | PIPELINING | STLS | .)')
    .client('STLS')
    .does('send(server, STLS)')
    .server('+OK')
    .does('startTls(server, serve)')
    .tlsUp('server')
    .does('send(client, +OK begin TLS)', 'startTls(client, serve)')
    .tlsUp('client')
    .does()
    .client('USER joe')
    .does('send(server, USER joe)')
    .server('+OK')
    .does('send(client, +OK)')
    .client('PASS x')
    .does('send(server, PASS x)')
    .server('+OK')
    .does('send(client, +OK)', 'record(login joe USER ok)')
    // That the server takes commands ahead of time was said before TLS, and is forgotten.
    .client('STAT', 'NOOP')
    .does('send(server, STAT)')
})

playbook('mirror: a server without STLS offers none through us', { serverTls: 'mirror' }, (p) => {
  p.start()
    .does('connect')
    .connected()
    .does()
    .server('+OK ready')
    .does('send(client, +OK ready)')
    .client('CAPA')
    .does('send(server, CAPA)')
    .server('+OK', 'UIDL', '.')
    .does('send(client, +OK Capability list follows | UIDL | .)')
    .client('STLS')
    .does('send(server, STLS)')
    .server('-ERR unknown')
    .does('send(client, -ERR the mail server does not start TLS)')
    .client('USER joe')
    .does('send(server, USER joe)')
})

playbook('mirror: a certificate that is refused ends the session', { serverTls: 'mirror' }, (p) => {
  p.start()
    .does('connect')
    .connected()
    .does()
    .server('+OK ready')
    .does('send(client, +OK ready)')
    .client('STLS')
    .does('send(server, STLS)')
    .server('+OK')
    .does('startTls(server, serve)')
    .failed('startTls', EXPIRED)
    .does(`send(client, ${SAYS})`, ...ABORTED, `end(server: ${EXPIRED.text})`)
})

playbook('mirror: a client that does not wait for its answer to STLS', { serverTls: 'mirror' }, (p) => {
  p.start()
    .does('connect')
    .connected()
    .does()
    .server('+OK ready')
    .does('send(client, +OK ready)')
    .client('STLS')
    .does('send(server, STLS)')
    .client('USER evil')
    .does(
      'record(protocol.violation client client.plaintext-after-stls)',
      'send(client, -ERR [SYS/TEMP] the client sent something in clear behind its STLS)',
      ...[...ABORTED, 'end(client: the client sent something in clear behind its STLS)'],
    )
})
