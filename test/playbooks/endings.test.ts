/** Conversations that end before their time: peers that vanish, fall silent or break the protocol; Postern that goes. */
import { deliver, type Playbook, playbook } from './playbook.ts'

function greeted(p: Playbook): Playbook {
  return p.start().does('connect').connected().does().server('+OK ready').does('send(client, +OK ready)')
}
const CLOSED = ['close(server, abort)', 'close(client, flush)']
const BROKE_OFF = 'the mail server broke off the connection'
const VANISHED = 'the client closed the connection'
const GOING = 'the mail gateway is shutting down, please try again'

function arriving(p: Playbook): Playbook {
  return p
    .login()
    .client('RETR 1')
    .does('send(server, RETR 1)')
    .piece('+OK\r\nhalf a line')
    .does('begin(1, message)', 'examine(1, "half a line")')
}

playbook('the client vanishes: no QUIT', {}, (p) => {
  p.login()
    .client('DELE 1')
    .does('send(server, DELE 1)')
    .server('+OK')
    .does('send(client, +OK)')
    .client()
    .does()
    .closed('client')
    .does(...CLOSED, `end(client: ${VANISHED})`)
})

playbook('the client closes its side behind a QUIT', {}, (p) => {
  p.login()
    .client('DELE 1', 'QUIT')
    .does('send(server, DELE 1)')
    .closed('client')
    .does()
    .piece('+OK\r\n')
    .does('send(client, +OK)', 'send(server, QUIT)')
    .piece('+OK bye\r\n')
    .does('send(client, +OK bye)', 'close(server, flush)', 'close(client, flush)', 'end(client: QUIT)')
})

playbook('the client closes its side behind a command', {}, (p) => {
  p.login()
    .client('STAT')
    .does('send(server, STAT)')
    .closed('client')
    .does()
    .piece('+OK 1 2\r\n')
    .does('send(client, +OK 1 2)', ...CLOSED, `end(client: ${VANISHED})`)
})

playbook('the client closes its side behind RETR: no mail is judged for nobody', {}, (p) => {
  p.login()
    .client('RETR 1')
    .does('send(server, RETR 1)')
    .closed('client')
    .does()
    .piece('+OK\r\nSubject: x\r\n')
    .does(...CLOSED, `end(client: ${VANISHED})`)
})

playbook('the client vanishes in the middle of a message', {}, (p) => {
  arriving(p)
    .closed('client')
    .does('abandon(1)', ...CLOSED, `end(client: ${VANISHED})`)
})

playbook('the client vanishes while TLS starts', { clientTls: 'implicit' }, (p) => {
  p.start()
    .does('connect')
    .closed('client')
    .does(...CLOSED, `end(client: ${VANISHED})`)
})

playbook('the server dies before the greeting', {}, (p) => {
  p.start()
    .does('connect')
    .connected()
    .does()
    .closed('server')
    .does(
      ...['close(server, abort)', `send(client, -ERR [SYS/TEMP] ${BROKE_OFF})`],
      ...['close(client, flush)', `end(server: ${BROKE_OFF})`],
    )
})

playbook('the server dies while it starts TLS', { serverTls: 'stls' }, (p) => {
  p.start()
    .does('connect')
    .connected()
    .does()
    .server('+OK')
    .does('send(server, STLS)')
    .closed('server')
    .does(
      ...['close(server, abort)', `send(client, -ERR [SYS/TEMP] ${BROKE_OFF})`],
      ...['close(client, flush)', `end(server: ${BROKE_OFF})`],
    )
})

playbook('the server dies between commands: the next one hears of it', {}, (p) => {
  p.login()
    .closed('server')
    .does()
    .client('QUIT')
    .does(`send(client, -ERR [SYS/TEMP] ${BROKE_OFF})`, ...CLOSED, `end(server: ${BROKE_OFF})`)
})

playbook('the server dies while a command is under way', {}, (p) => {
  p.login()
    .client('STAT')
    .does('send(server, STAT)')
    .closed('server')
    .does(`send(client, -ERR [SYS/TEMP] ${BROKE_OFF})`, ...CLOSED, `end(server: ${BROKE_OFF})`)
})

playbook('the server dies in the middle of a list', {}, (p) => {
  p.login()
    .client('LIST')
    .does('send(server, LIST)')
    .piece('+OK\r\n1 2\r\n')
    .does('send(client, +OK | 1 2)')
    .closed('server')
    .does(...CLOSED, `end(server: ${BROKE_OFF})`)
})

playbook('the server dies in the middle of its capabilities', {}, (p) => {
  p.login()
    .client('CAPA')
    .does('send(server, CAPA)')
    .piece('+OK\r\nTOP\r\n')
    .does()
    .closed('server')
    .does(`send(client, -ERR [SYS/TEMP] ${BROKE_OFF})`, ...CLOSED, `end(server: ${BROKE_OFF})`)
})

playbook('the server dies in a SASL exchange', {}, (p) => {
  greeted(p)
    .client('AUTH LOGIN')
    .does('send(server, AUTH LOGIN)')
    .server('+ VXNlcm5hbWU6')
    .does('send(client, + VXNlcm5hbWU6)')
    .closed('server')
    .does(`send(client, -ERR [SYS/TEMP] ${BROKE_OFF})`, ...CLOSED, `end(server: ${BROKE_OFF})`)
})

playbook('the server dies in the middle of a message', {}, (p) => {
  arriving(p)
    .closed('server')
    .does(
      `record(message.failed 1 undefined server ${BROKE_OFF})`,
      `send(client, -ERR [SYS/TEMP] ${BROKE_OFF})`,
      ...['abandon(1)', ...CLOSED, `end(server: ${BROKE_OFF})`],
    )
})

playbook('the server dies in the middle of a message for which the client waits', {}, (p) => {
  arriving(p)
    .timer('keepalive')
    .does('send(client, +OK message follows | X-Postern-Wait: 15)')
    .closed('server')
    .does(
      `record(message.failed 1 undefined server ${BROKE_OFF})`,
      ...['abandon(1)', ...CLOSED, `end(server: ${BROKE_OFF})`],
    )
})

playbook('the server dies behind a whole message: it is delivered', {}, (p) => {
  p.login()
    .client('RETR 1')
    .does('send(server, RETR 1)')
    .server('+OK', 'x', '.')
    .does('begin(1, message)', 'examine(1, x)', 'pause(server)', 'finish(1)')
    .closed('server')
    .does()
    .findings(1, deliver)
    .does('relay(1, send)')
    .relayed(1)
    .does('record(message.delivered 1 undefined RETR 98 c0ffee 7 0)', 'resume(server)')
    .client('NOOP')
    .does(`send(client, -ERR [SYS/TEMP] ${BROKE_OFF})`, ...CLOSED, `end(server: ${BROKE_OFF})`)
})

playbook('the server dies while the rest of a message is thrown away', {}, (p) => {
  arriving(p)
    .messageFailed('examine', 1, { blame: 'scanner', text: 'away', permanent: false })
    .does('record(message.failed 1 undefined scanner away)', 'send(client, -ERR [SYS/TEMP] away)')
    .closed('server')
    .does()
    .client('NOOP')
    .does(`send(client, -ERR [SYS/TEMP] ${BROKE_OFF})`, ...CLOSED, `end(server: ${BROKE_OFF})`)
})

playbook('the server falls silent', {}, (p) => {
  p.login()
    .client('STAT')
    .does('send(server, STAT)')
    .timer('reply')
    .does(
      'send(client, -ERR [SYS/TEMP] the mail server does not answer)',
      ...[...CLOSED, 'end(server: the mail server does not answer)'],
    )
})

playbook('the server falls silent in the rest of a message, and a command waits', {}, (p) => {
  p.login()
    .client('CAPA')
    .does('send(server, CAPA)')
    .server('+OK', 'PIPELINING', '.')
    .does('send(client, +OK Capability list follows | PIPELINING | .)')
    .client('RETR 1', 'STAT')
    .does('send(server, RETR 1 | STAT)')
    .piece('+OK\r\nhalf')
    .does('begin(1, message)', 'examine(1, "half")')
    .messageFailed('examine', 1, { blame: 'scanner', text: 'away', permanent: false })
    .does('record(message.failed 1 undefined scanner away)', 'send(client, -ERR [SYS/TEMP] away)')
    .timer('reply')
    .does(
      'send(client, -ERR [SYS/TEMP] the mail server does not answer)',
      ...[...CLOSED, 'end(server: the mail server does not answer)'],
    )
})

playbook('the client falls silent', {}, (p) => {
  p.login()
    .timer('idle')
    .does(...CLOSED, 'end(client: the client was silent for too long)')
})

playbook('the client never says anything', {}, (p) => {
  greeted(p)
    .timer('idle')
    .does()
    .timer('firstCommand')
    .does(...CLOSED, 'end(client: the client was silent for too long)')
})

playbook('Postern goes while nobody is owed anything', {}, (p) => {
  p.login()
    .drain()
    .does(...CLOSED, `end(postern: ${GOING})`)
})

playbook('Postern goes behind the reply that is under way', {}, (p) => {
  p.login()
    .client('STAT', 'NOOP')
    .does('send(server, STAT)')
    .drain()
    .does()
    .piece('+OK 1 2\r\n')
    .does('send(client, +OK 1 2)', ...CLOSED, `end(postern: ${GOING})`)
})

playbook('Postern goes behind the message that is under way', {}, (p) => {
  arriving(p)
    .drain()
    .does()
    .server('', '.')
    .does('examine(1, )', 'pause(server)', 'finish(1)')
    .findings(1, deliver)
    .does('relay(1, send)')
    .relayed(1)
    .does(
      'record(message.delivered 1 undefined RETR 98 c0ffee 7 0)',
      ...['resume(server)', ...CLOSED, `end(postern: ${GOING})`],
    )
})

playbook('Postern goes before the greeting', {}, (p) => {
  p.start()
    .does('connect')
    .drain()
    .does(
      ...['close(server, abort)', `send(client, -ERR [SYS/TEMP] ${GOING})`],
      ...['close(client, flush)', `end(postern: ${GOING})`],
    )
})

playbook('Postern goes before the greeting in TLS', { clientTls: 'implicit' }, (p) => {
  p.start()
    .does('connect')
    .drain()
    .does('close(server, abort)', 'startTls(client, refuse)')
    .drain()
    .does()
    .tlsUp('client')
    .does(...[`send(client, -ERR [SYS/TEMP] ${GOING})`, 'close(client, flush)', `end(postern: ${GOING})`])
})

playbook('Postern goes in a SASL exchange', {}, (p) => {
  greeted(p)
    .client('AUTH LOGIN')
    .does('send(server, AUTH LOGIN)')
    .drain()
    .does(`send(client, -ERR [SYS/TEMP] ${GOING})`, ...CLOSED, `end(postern: ${GOING})`)
})

playbook('Postern goes while the client starts TLS', {}, (p) => {
  greeted(p)
    .client('STLS')
    .does('send(client, +OK begin TLS)', 'startTls(client, serve)')
    .drain()
    .does(...CLOSED, `end(postern: ${GOING})`)
})

const VIOLATIONS = [
  ['NUL', 'STAT\0\r\n', 'client.nul', 'the client sent a NUL in a command'],
  ['bare CR', 'USER x\rPASS y\r\n', 'client.bare-cr', 'the client sent a bare CR in a command'],
  ['endless line', 'x'.repeat(64 * 1024), 'client.endless-line', 'the client sent a line without an end'],
] as const
for (const [name, line, fault, says] of VIOLATIONS)
  playbook(`a client's ${name}`, {}, (p) => {
    p.login()
      .raw('client', line)
      .does(
        ...[`record(protocol.violation client ${fault})`, `send(client, -ERR [SYS/TEMP] ${says})`],
        ...[...CLOSED, `end(client: ${says})`],
      )
  })

const REPLIES = [
  ['NUL', '+OK \0\r\n', 'server.nul', 'the mail server sent a NUL in a reply'],
  ['bare CR', '+OK one\r+OK two\r\n', 'server.bare-cr', 'the mail server sent a bare CR in a reply'],
  [
    'endless line',
    '+OK '.padEnd(600, 'x'),
    'server.long-line',
    'the mail server sent a line that is too long',
  ],
  [
    'challenge',
    '+ VXNlcm5hbWU6\r\n',
    'server.no-reply-line',
    'the mail server sent a line that is no POP3 reply',
  ],
  ['lower case', '+ok\r\n', 'server.no-reply-line', 'the mail server sent a line that is no POP3 reply'],
] as const
for (const [name, line, fault, says] of REPLIES)
  for (const command of ['STAT', 'LIST', 'RETR 1', 'CAPA'])
    playbook(`a server's ${name} in answer to ${command}`, {}, (p) => {
      p.login()
        .client(command)
        .does(`send(server, ${command})`)
        .piece(line)
        .does(
          ...[`record(protocol.violation server ${fault})`, `send(client, -ERR [SYS/TEMP] ${says})`],
          ...[...CLOSED, `end(server: ${says})`],
        )
    })

for (const [name, line, fault, says] of REPLIES.slice(0, 3))
  playbook(`a server's ${name} in a list`, {}, (p) => {
    p.login()
      .client('UIDL')
      .does('send(server, UIDL)')
      .piece('+OK\r\n')
      .does('send(client, +OK)')
      .piece(line)
      .does(`record(protocol.violation server ${fault})`, ...CLOSED, `end(server: ${says})`)
  })

playbook('a server with too many capabilities', {}, (p) => {
  const says = 'the mail server sent a list that is too long'
  p.login()
    .client('CAPA')
    .does('send(server, CAPA)')
    .piece(`+OK\r\n${'X\r\n'.repeat(101)}`)
    .does(
      ...['record(protocol.violation server server.too-many-lines)', `send(client, -ERR [SYS/TEMP] ${says})`],
      ...[...CLOSED, `end(server: ${says})`],
    )
})

playbook('a server that says something between two commands', {}, (p) => {
  const says = 'the mail server sent something that nobody had asked for'
  p.login()
    .piece('-ERR Disconnected for inactivity.\r\n')
    .does('record(protocol.violation server server.unexpected-reply)', ...CLOSED, `end(server: ${says})`)
})

playbook('a client that breaks the protocol behind a command under way', {}, (p) => {
  const says = 'the client sent a NUL in a command'
  p.login()
    .client('CAPA')
    .does('send(server, CAPA)')
    .server('+OK', 'PIPELINING', '.')
    .does('send(client, +OK Capability list follows | PIPELINING | .)')
    .client('STAT')
    .does('send(server, STAT)')
    .raw('client', '\0\r\n')
    .does(
      ...['record(protocol.violation client client.nul)', `send(client, -ERR [SYS/TEMP] ${says})`],
      ...[...CLOSED, `end(client: ${says})`],
    )
})
