/** Conversations about messages: RETR and TOP from the command to the final dot, and everything between. */
import type { MessageDecision } from '../../src/pop3/index.ts'
import { deliver, type Playbook, playbook, trouble } from './playbook.ts'

const MAIL = ['Subject: x', '', 'body', '..dot']
const SEEN = 'examine(1, Subject: x |  | body | .dot)'
const DELIVERED = 'record(message.delivered 1 undefined RETR 98 c0ffee 7 0)'

/** RETR 1 until the message is whole. */
function fetched(p: Playbook): Playbook {
  return p
    .login()
    .client('RETR 1')
    .does('send(server, RETR 1)')
    .server('+OK 98 octets', ...MAIL, '.')
    .does('begin(1, message)', SEEN, 'pause(server)', 'finish(1)')
}

playbook('a message is judged and delivered', {}, (p) => {
  fetched(p)
    .findings(1, deliver)
    .does('relay(1, send)')
    .relayed(1)
    .does(DELIVERED, 'resume(server)')
    .client('NOOP')
    .does('send(server, NOOP)')
    .server('+OK')
    .does('send(client, +OK)')
})

playbook('an empty message', {}, (p) => {
  p.login()
    .client('retr 1')
    .does('send(server, RETR 1)')
    .server('+OK', '.')
    .does('begin(1, message)', 'pause(server)', 'finish(1)')
    .findings(1, deliver)
    .does('relay(1, send)')
})

playbook('a copy is safe before anything of the answer leaves', {}, (p) => {
  const infected = { code: 'login', mechanism: 'EICAR', result: 'infected' } as const
  fetched(p)
    .findings(1, { outcome: 'deliver', content: 'a notice', quarantine: true, records: [infected] })
    .does('quarantine(1)')
    .quarantined(1)
    .does('record(login EICAR infected)', 'relay(1, send, a notice)')
    .relayed(1)
    .does(DELIVERED, 'resume(server)')
})

playbook('a copy that cannot be kept', {}, (p) => {
  fetched(p)
    .findings(1, { ...deliver, quarantine: true })
    .does('quarantine(1)')
    .messageFailed('quarantine', 1, { blame: 'postern', text: 'the disk is full', permanent: false })
    .does(
      'record(message.failed 1 undefined postern the disk is full)',
      'send(client, -ERR [SYS/TEMP] the disk is full)',
      'resume(server)',
    )
    .client('QUIT')
    .does('send(server, QUIT)')
    .server('+OK')
    .does('send(client, +OK)', 'close(server, flush)', 'close(client, flush)', 'end(client: QUIT)')
})

playbook('the server has no such message', {}, (p) => {
  p.login()
    .client('RETR 9')
    .does('send(server, RETR 9)')
    .server('-ERR no such message')
    .does('send(client, -ERR no such message)')
})

const REFUSED: MessageDecision<string> = {
  ...{ outcome: 'refuse', notice: 'a notice', quarantine: false, records: [] },
  failure: { blame: 'scanner', text: 'too large', permanent: true },
}

playbook('a refused message', {}, (p) => {
  fetched(p)
    .findings(1, REFUSED)
    .does('abandon(1)', 'send(client, -ERR [SYS/PERM] too large)', 'resume(server)')
})

playbook('a client that waits hears something, and never a part of the message', {}, (p) => {
  fetched(p)
    .timer('keepalive')
    .does('send(client, +OK message follows | X-Postern-Wait: 15)')
    .timer('keepalive')
    .does('send(client, X-Postern-Wait: 30)')
    .findings(1, deliver)
    .does('relay(1, sent)')
    .timer('keepalive')
    .does()
    .relayed(1)
    .does(DELIVERED, 'resume(server)')
})

playbook('a refusal after the status line has gone is a notice', {}, (p) => {
  fetched(p)
    .timer('keepalive')
    .does('send(client, +OK message follows | X-Postern-Wait: 15)')
    .findings(1, { ...REFUSED, quarantine: true })
    .does('quarantine(1)')
    .timer('keepalive')
    .does('send(client, X-Postern-Wait: 30)')
    .quarantined(1)
    .does('relay(1, sent, a notice)')
    .relayed(1)
    .does('resume(server)')
})

for (const outcome of ['drop', 'block'] as const)
  playbook(`a message for which the session is cut: ${outcome}`, {}, (p) => {
    fetched(p)
      .findings(1, { outcome, reason: 'worm', notice: 'n', quarantine: false, records: [] })
      .does(
        ...(outcome === 'block' ? ['block'] : []),
        ...['abandon(1)', 'close(server, abort)', 'close(client, abort)', 'end(configuration: worm)'],
      )
  })

playbook('a message that cannot be judged', {}, (p) => {
  fetched(p)
    .messageFailed('examine', 1, trouble)
    .does(
      'record(message.failed 1 undefined scanner the scanner is away)',
      'send(client, -ERR [SYS/TEMP] the scanner is away)',
      'resume(server)',
    )
    .client('NOOP')
    .does('send(server, NOOP)')
    .server('+OK')
    .does('send(client, +OK)')
})

playbook('a message that cannot be judged before it is whole', {}, (p) => {
  p.login()
    .client('RETR 1')
    .does('send(server, RETR 1)')
    .piece('+OK\r\nSubject: x\r\n')
    .does('begin(1, message)', 'examine(1, Subject: x)')
    .messageFailed('examine', 1, trouble)
    .does(
      'record(message.failed 1 undefined scanner the scanner is away)',
      'send(client, -ERR [SYS/TEMP] the scanner is away)',
    )
    .server('', 'the rest', '.')
    .does()
    .client('RETR 2')
    .does('send(server, RETR 2)')
    .server('+OK', 'x', '.')
    .does('begin(2, message)', 'examine(2, x)', 'pause(server)', 'finish(2)')
})

playbook('a message that cannot be judged after the status line has gone', {}, (p) => {
  fetched(p)
    .timer('keepalive')
    .does('send(client, +OK message follows | X-Postern-Wait: 15)')
    .messageFailed('examine', 1, trouble)
    .does(
      'record(message.failed 1 undefined scanner the scanner is away)',
      ...['close(server, abort)', 'close(client, flush)', 'end(scanner: the scanner is away)'],
    )
})

playbook('a message that cannot be read back', {}, (p) => {
  fetched(p)
    .findings(1, deliver)
    .does('relay(1, send)')
    .messageFailed('relay', 1, trouble)
    .does(
      'record(message.failed 1 undefined scanner the scanner is away)',
      'send(client, -ERR [SYS/TEMP] the scanner is away)',
      'resume(server)',
    )
})

playbook('headers alone are judged as headers, and cut', {}, (p) => {
  p.login()
    .client('TOP 1 0')
    .does('send(server, TOP 1 0)')
    .server('+OK', 'Subject: x', '', '.')
    .does('begin(1, headers)', 'examine(1, Subject: x | )', 'pause(server)', 'finish(1)')
    .findings(1, deliver)
    .does('relay(1, send, 0 lines)')
    .relayed(1)
    .does('record(message.delivered 1 undefined TOP 98 c0ffee 7 0)', 'resume(server)')
})

playbook('TOP with lines fetches the whole message', {}, (p) => {
  p.login()
    .client('top 1 10')
    .does('send(server, RETR 1)')
    .server('+OK', 'Subject: x', '', 'body', '.')
    .does('begin(1, message)', 'examine(1, Subject: x |  | body)', 'pause(server)', 'finish(1)')
    .findings(1, { ...deliver, content: 'edited' })
    .does('relay(1, send, edited, 10 lines)')
    .relayed(1)
    .does('record(message.delivered 1 undefined TOP 98 c0ffee 7 0)', 'resume(server)')
})

playbook('TOP with lines can be refused', { top: 'refuse' }, (p) => {
  p.login()
    .client('TOP 1 1')
    .does('send(client, -ERR [SYS/PERM] TOP is allowed for headers only here)')
    .client('TOP 1 0')
    .does('send(server, TOP 1 0)')
})

playbook('UIDL names the message in the log', {}, (p) => {
  p.login()
    .client('UIDL')
    .does('send(server, UIDL)')
    .server('+OK', '1 first', '2 second', '.')
    .does('send(client, +OK | 1 first | 2 second | .)')
    .client('UIDL 3')
    .does('send(server, UIDL 3)')
    .server('+OK 3 third')
    .does('send(client, +OK 3 third)')
    .client('RETR 3')
    .does('send(server, RETR 3)')
    .server('+OK', 'x', '.')
    .does('begin(1, message)', 'examine(1, x)', 'pause(server)', 'finish(1)')
    .findings(1, deliver)
    .does('relay(1, send)')
    .relayed(1)
    .does('record(message.delivered 3 third RETR 98 c0ffee 7 0)', 'resume(server)')
})

const PIPELINING = ['+OK', 'PIPELINING', '.']
playbook('pipelined commands are answered in order', {}, (p) => {
  p.login()
    .client('CAPA')
    .does('send(server, CAPA)')
    .server(...PIPELINING)
    .does('send(client, +OK Capability list follows | PIPELINING | .)')
    .client('RETR 1', 'TOP 2', 'RETR 2', 'LIST', 'QUIT')
    .does('send(server, RETR 1 | RETR 2 | LIST | QUIT)')
    .piece('+OK\r\none\r\n.\r\n+OK\r\ntwo\r\n.\r\n+OK\r\n1 2\r\n')
    .does('begin(1, message)', 'examine(1, one)', 'pause(server)', 'finish(1)')
    .findings(1, deliver)
    .does('relay(1, send)')
    .relayed(1)
    .does(
      ...[DELIVERED, 'resume(server)', 'send(client, -ERR TOP needs two numbers)'],
      ...['begin(2, message)', 'examine(2, two)', 'pause(server)', 'finish(2)'],
    )
    .findings(2, REFUSED)
    .does(
      ...['abandon(2)', 'send(client, -ERR [SYS/PERM] too large)', 'resume(server)'],
      'send(client, +OK | 1 2)',
    )
    .server('.', '+OK bye')
    .does('send(client, . | +OK bye)', 'close(server, flush)', 'close(client, flush)', 'end(client: QUIT)')
})

playbook('commands wait for a server that does not take them ahead of time', {}, (p) => {
  p.login()
    .client('STAT', 'LIST 1', 'DELE 1')
    .does('send(server, STAT)')
    .server('+OK 1 2')
    .does('send(client, +OK 1 2)', 'send(server, LIST 1)')
    .piece('+OK 1 2\r\n')
    .does('send(client, +OK 1 2)', 'send(server, DELE 1)')
    .piece('+OK\r\n')
    .does('send(client, +OK)')
})
