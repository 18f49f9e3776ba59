/** Conversations about logging in: USER, APOP, SASL, UTF8, and what the log may know of them. */
import { type Playbook, playbook } from './playbook.ts'

function greeted(p: Playbook): Playbook {
  return p.start().does('connect').connected().does().server('+OK ready').does('send(client, +OK ready)')
}
const base64 = (text: string) => Buffer.from(text).toString('base64')

playbook('a password is relayed as it is, spaces and octets above 127 too', {}, (p) => {
  greeted(p)
    .client('user Joe Doe ')
    .does('send(server, USER Joe Doe )')
    .server('+OK')
    .does('send(client, +OK)')
    .client('pass  s\xe9c r\xc3\xa9t  ')
    .does('send(server, PASS  s\xe9c r\xc3\xa9t  )')
    .server('-ERR [AUTH] no')
    .does('send(client, -ERR [AUTH] no)', 'record(login Joe Doe  USER failed)')
    .client('STAT')
    .does('send(client, -ERR log in first)')
    .client('PASS again')
    .does('send(server, PASS again)')
    .server('+OK')
    .does('send(client, +OK)', 'record(login Joe Doe  USER ok)')
    .client('STAT')
    .does('send(server, STAT)')
})

playbook('APOP', {}, (p) => {
  greeted(p)
    .client('APOP mrose c4c9334bac560ecc979e58001b3e22fb')
    .does('send(server, APOP mrose c4c9334bac560ecc979e58001b3e22fb)')
    .server('+OK maildrop')
    .does('send(client, +OK maildrop)', 'record(login mrose APOP ok)')
})

playbook('commands wait for the end of a login', {}, (p) => {
  greeted(p)
    .client('USER joe', 'PASS x', 'STAT')
    .does('send(server, USER joe)')
    .piece('+OK\r\n')
    .does('send(client, +OK)', 'send(server, PASS x)')
    .piece('+OK\r\n')
    .does('send(client, +OK)', 'record(login joe USER ok)', 'send(server, STAT)')
})

playbook('AUTH PLAIN with its initial response', {}, (p) => {
  const response = base64('\0joe\0secret')
  greeted(p)
    .client(`auth plain ${response}`)
    .does(`send(server, AUTH plain ${response})`)
    .server('+OK')
    .does('send(client, +OK)', 'record(login joe PLAIN ok)')
    .client('AUTH PLAIN')
    .does('send(client, -ERR already logged in)')
})

playbook('AUTH PLAIN, empty initial response, then cancelled', {}, (p) => {
  greeted(p)
    .client('AUTH PLAIN =')
    .does('send(server, AUTH PLAIN =)')
    .server('+')
    .does('send(client, + )')
    .client('*')
    .does('send(server, *)')
    .server('-ERR cancelled')
    .does('send(client, -ERR cancelled)', 'record(login undefined PLAIN failed)')
    .client('USER joe')
    .does('send(server, USER joe)')
})

playbook('AUTH LOGIN', {}, (p) => {
  greeted(p)
    .client('AUTH LOGIN')
    .does('send(server, AUTH LOGIN)')
    .server('+ VXNlcm5hbWU6')
    .does('send(client, + VXNlcm5hbWU6)')
    .client(base64('joe'))
    .does(`send(server, ${base64('joe')})`)
    .server('+ UGFzc3dvcmQ6')
    .does('send(client, + UGFzc3dvcmQ6)')
    .client(base64('QUIT'))
    .does(`send(server, ${base64('QUIT')})`)
    .server('+OK')
    .does('send(client, +OK)', 'record(login joe LOGIN ok)')
})

playbook('lines of a SASL exchange are no commands', {}, (p) => {
  greeted(p)
    .client('AUTH CRAM-MD5')
    .does('send(server, AUTH CRAM-MD5)')
    .server('+ PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2U+')
    .does('send(client, + PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2U+)')
    .client('QUIT')
    .does('send(server, QUIT)')
    .server('-ERR bad base64')
    .does('send(client, -ERR bad base64)', 'record(login undefined CRAM-MD5 failed)')
})

const TOKEN = base64(`user=joe@example.net\x01auth=Bearer ${'t'.repeat(20_000)}\x01\x01`)
playbook('an error of XOAUTH2 is answered with an empty line', {}, (p) => {
  const challenge = base64('{"status":"400"}')
  greeted(p)
    .client(`AUTH XOAUTH2 ${TOKEN}`)
    .does(`send(server, AUTH XOAUTH2 ${TOKEN})`)
    .server(`+ ${challenge}`)
    .does(`send(client, + ${challenge})`)
    .client('')
    .does('send(server, )')
    .server('-ERR no')
    .does('send(client, -ERR no)', 'record(login joe@example.net XOAUTH2 failed)')
})

playbook('the two lines in which some send XOAUTH2', {}, (p) => {
  greeted(p)
    .client('AUTH XOAUTH2', TOKEN)
    .does('send(server, AUTH XOAUTH2)')
    .piece('+ \r\n')
    .does('send(client, + )', `send(server, ${TOKEN})`)
    .server('+OK')
    .does('send(client, +OK)', 'record(login joe@example.net XOAUTH2 ok)')
})

for (const mechanism of [
  '',
  ' GSSAPI',
  ' EXTERNAL =',
  ' SCRAM-SHA-256-PLUS',
  ' DIGEST-MD5',
  ' GS2-KRB5',
  ' a\x80b',
])
  playbook(`AUTH${mechanism} is not relayed`, {}, (p) => {
    greeted(p).client(`AUTH${mechanism}`).does('send(client, -ERR this mechanism cannot be used here)')
  })

for (const [answer, fault] of [
  ['250 go on', 'no-reply-line'],
  [`+OK ${'x'.repeat(600)}`, 'no-reply-line'],
  ['+OK \r', 'bare-cr'],
] as const)
  playbook(
    `a SASL exchange that the server breaks off with ${JSON.stringify(answer.slice(0, 9))}`,
    {},
    (p) => {
      const says =
        fault === 'bare-cr'
          ? 'the mail server sent a bare CR in a reply'
          : 'the mail server sent a line that is no POP3 reply'
      greeted(p)
        .client('AUTH PLAIN')
        .does('send(server, AUTH PLAIN)')
        .piece(`${answer}\r\n`)
        .does(
          ...[`record(protocol.violation server server.${fault})`, `send(client, -ERR [SYS/TEMP] ${says})`],
          ...['close(server, abort)', 'close(client, flush)', `end(server: ${says})`],
        )
    },
  )

playbook('no STLS after UTF8', {}, (p) => {
  greeted(p)
    .client('UTF8')
    .does('send(server, UTF8)')
    .server('+OK')
    .does('send(client, +OK)')
    .client('STLS')
    .does('send(client, -ERR STLS is too late after UTF8)')
    .client('CAPA')
    .does('send(server, CAPA)')
    .server('+OK', 'UTF8 USER', '.')
    .does('send(client, +OK Capability list follows | UTF8 USER | .)')
})

playbook('a UTF8 that the server refuses changes nothing', {}, (p) => {
  greeted(p)
    .client('UTF8')
    .does('send(server, UTF8)')
    .server('-ERR')
    .does('send(client, -ERR)')
    .client('STLS')
    .does('send(client, +OK begin TLS)', 'startTls(client, serve)')
})

playbook('a login is waited for, whatever the server takes ahead of time', {}, (p) => {
  greeted(p)
    .client('CAPA')
    .does('send(server, CAPA)')
    .server('+OK', 'PIPELINING', '.')
    .does('send(client, +OK Capability list follows | PIPELINING | STLS | .)')
    .client('USER joe', 'PASS x', 'STAT', 'LIST', 'QUIT', 'NOOP')
    .does('send(server, USER joe)')
    .piece('+OK\r\n')
    .does('send(client, +OK)', 'send(server, PASS x)')
    .piece('+OK\r\n')
    .does('send(client, +OK)', 'record(login joe USER ok)', 'send(server, STAT | LIST | QUIT)')
})
