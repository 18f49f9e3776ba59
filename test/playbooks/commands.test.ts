/** Conversations about capabilities, lists, and commands that are none. */
import { type Playbook, playbook } from './playbook.ts'

function greeted(p: Playbook, shown = 'ready'): Playbook {
  return p.start().does('connect').connected().does().server('+OK ready').does(`send(client, +OK ${shown})`)
}

playbook('capabilities are what the server offers and we can honour', { hideServerReplies: true }, (p) => {
  greeted(p, 'POP3 ready')
    .client('capa ')
    .does('send(server, CAPA)')
    .server(
      ...[
        '+OK',
        'TOP',
        'user',
        'SASL PLAIN GSSAPI SCRAM-SHA-1-PLUS SCRAM-SHA-1',
        'X-OTHER',
        'STLS',
        'RESP-CODES',
      ],
      ...['EXPIRE NEVER', 'IMPLEMENTATION Dovecot', 'PIPELINING', '\t', '.'],
    )
    .does(
      'send(client, +OK Capability list follows | TOP | user | SASL PLAIN SCRAM-SHA-1 | RESP-CODES | EXPIRE NEVER | IMPLEMENTATION Postern | PIPELINING | STLS | .)',
    )
})

playbook(
  'capabilities where TOP is refused and no mechanism is left',
  { top: 'refuse', stls: 'off' },
  (p) => {
    greeted(p)
      .client('CAPA')
      .does('send(server, CAPA)')
      .server('+OK', 'TOP', 'SASL GSSAPI EXTERNAL', 'STLS', 'IMPLEMENTATION Dovecot', '.')
      .does('send(client, +OK Capability list follows | IMPLEMENTATION Dovecot | .)')
  },
)

playbook('a server without CAPA, where STLS is there all the same', {}, (p) => {
  greeted(p)
    .client('CAPA')
    .does('send(server, CAPA)')
    .server('-ERR what')
    .does('send(client, +OK Capability list follows | USER | STLS | .)')
})

for (const options of [{ stls: 'off' }, { serverTls: 'mirror' }] as const)
  playbook(`a server without CAPA, ${JSON.stringify(options)}`, options, (p) => {
    greeted(p).client('CAPA').does('send(server, CAPA)').server('-ERR what').does('send(client, -ERR what)')
  })

playbook('after login STLS is not offered', {}, (p) => {
  p.login()
    .client('CAPA')
    .does('send(server, CAPA)')
    .server('+OK', 'STLS', 'UIDL', '.')
    .does('send(client, +OK Capability list follows | UIDL | .)')
})

playbook('lists pass line by line, each with the one line end', {}, (p) => {
  p.login()
    .client('LIST ')
    .does('send(server, LIST)')
    .piece('+OK 2 messages\n1 120\n2 200\r\n')
    .does('send(client, +OK 2 messages | 1 120 | 2 200)')
    .server('..odd', '.')
    .does('send(client, ..odd | .)')
    .client('LIST 1')
    .does('send(server, LIST 1)')
    .server('+OK 1 120')
    .does('send(client, +OK 1 120)')
    .client('LANG')
    .does('send(server, LANG)')
    .server('+OK', 'en English', '.')
    .does('send(client, +OK | en English | .)')
    .client('LANG *')
    .does('send(server, LANG *)')
    .server('+OK')
    .does('send(client, +OK)')
    .client('UIDL')
    .does('send(server, UIDL)')
    .server('-ERR no')
    .does('send(client, -ERR no)')
})

playbook('an unknown verb is relayed after login', {}, (p) => {
  p.login()
    .client('xtnd what ever')
    .does('send(server, XTND what ever)')
    .server('+OK')
    .does('send(client, +OK)')
    .client('GET /')
    .does('send(server, GET /)')
    .server('-ERR')
    .does('send(client, -ERR)')
})

const TOO_MANY = [
  'record(protocol.violation client client.too-many-bad-commands)',
  'send(client, -ERR [SYS/TEMP] the client sent too many bad commands)',
  ...['close(server, abort)', 'close(client, flush)', 'end(client: the client sent too many bad commands)'],
]

playbook('three bad commands before login are too many', {}, (p) => {
  greeted(p)
    .client('XCLIENT ADDR=10.0.0.1')
    .does('send(client, -ERR XCLIENT is not for clients)')
    .client('XYZZY')
    .does('send(client, -ERR log in first)')
    .client('')
    .does(...TOO_MANY)
})

playbook('after login it takes twenty', {}, (p) => {
  const bad = [
    ...[
      '',
      'QUIT now',
      'RETR',
      'RETR one',
      'RETR 12345678901',
      'TOP 1',
      'DELE -1',
      `NOOP ${' '.repeat(250)}`,
    ],
    ...[
      '\x80',
      'X'.repeat(33),
      'USER joe',
      'LIST x',
      'XCLIENT a',
      'STAT 1',
      'a\tb',
      'LIST\t1',
      'STLS',
      'AUTH',
      'UTF8',
    ],
  ]
  const says = (line: string) => {
    if (/^(USER|STLS|AUTH|UTF8)/.test(line)) return 'already logged in'
    if (line.startsWith('XCLIENT')) return 'XCLIENT is not for clients'
    if (line.startsWith('NOOP')) return 'command too long'
    if (/^(QUIT|STAT)/.test(line)) return `${line.slice(0, 4)} takes no argument`
    if (/^(RETR|DELE|LIST )/.test(line)) return `${line.slice(0, 4)} needs a number`
    return line.startsWith('TOP') ? 'TOP needs two numbers' : 'unknown command'
  }
  p.login()
  for (const line of bad) p.client(line).does(`send(client, -ERR ${says(line)})`)
  p.client('bad\x7f').does(...TOO_MANY)
})

for (const line of [
  'GET / HTTP/1.1',
  'POST / HTTP/1.1',
  'EHLO there',
  'helo there',
  'CONNECT x',
  'PRI * HTTP/2.0',
])
  playbook(`another protocol: ${line}`, {}, (p) => {
    greeted(p)
      .client(line, 'Host: x')
      .does(
        'record(protocol.violation client client.foreign-protocol)',
        'send(client, -ERR [SYS/TEMP] the client speaks another protocol, not POP3)',
        ...['close(server, abort)', 'close(client, flush)'],
        'end(client: the client speaks another protocol, not POP3)',
      )
  })
