/**
 * Conversations with the demo server, each after the section of the RFC that asks for it.
 */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, test } from 'node:test'
import { clientOn, dial, mailOf, secure, startServer } from './harness.ts'

const base64 = (text: string) => Buffer.from(text).toString('base64')

describe('RFC 1939', () => {
  test('§5: LIST and STAT count the octets that RETR sends', async (t) => {
    const client = await dial(t, await startServer(t))
    await client.logIn()
    assert.equal(await client.ask('STAT'), '+OK 2 320\r\n')
    assert.equal(await client.askMany('LIST'), '+OK 2 messages\r\n1 120\r\n2 200\r\n.\r\n')
    assert.equal(await client.ask('LIST 2'), '+OK 2 200\r\n')
    assert.match(await client.ask('LIST 3'), /^-ERR /)
    const sent = (await client.askMany('RETR 1')).replace(/^\+OK 120 octets\r\n/, '').replace(/\.\r\n$/, '')
    assert.equal(sent.length, 120)
  })

  test('§3: lines that begin with a dot are stuffed, and a mail without a last line end gets one', async (t) => {
    const server = await startServer(t, { mailbox: [mailOf('A: b\r\n\r\n.\r\n..x\r\n\r\n.end')] })
    const client = await dial(t, server)
    await client.logIn()
    assert.equal(
      await client.askMany('RETR 1'),
      '+OK 24 octets\r\nA: b\r\n\r\n..\r\n...x\r\n\r\n..end\r\n.\r\n',
    )
  })

  test('§3: a mail that begins with a dot', async (t) => {
    const client = await dial(t, await startServer(t, { mailbox: [mailOf('.A: b\r\n')] }))
    await client.logIn()
    assert.equal(await client.askMany('RETR 1'), '+OK 7 octets\r\n..A: b\r\n.\r\n')
  })

  test('§5: an empty mail is only the final dot', async (t) => {
    const client = await dial(t, await startServer(t, { mailbox: [mailOf('')] }))
    await client.logIn()
    assert.equal(await client.askMany('RETR 1'), '+OK 0 octets\r\n.\r\n')
  })

  test('§5 and §6: DELE hides a mail, RSET brings it back, QUIT alone removes it', async (t) => {
    const server = await startServer(t)
    const first = await dial(t, server)
    await first.logIn()
    assert.match(await first.ask('DELE 1'), /^\+OK/)
    assert.match(await first.ask('RETR 1'), /^-ERR /)
    assert.match(await first.ask('DELE 1'), /^-ERR /)
    assert.equal(await first.askMany('UIDL'), '+OK 1 messages\r\n2 two\r\n.\r\n')
    assert.match(await first.ask('RSET'), /^\+OK/)
    assert.equal(await first.ask('STAT'), '+OK 2 320\r\n')
    await first.ask('DELE 1')
    assert.deepEqual(server.uidls(), ['one', 'two'])
    assert.match(await first.ask('QUIT'), /^\+OK/)
    assert.deepEqual(server.uidls(), ['two'])
    const second = await dial(t, server)
    await second.logIn()
    assert.equal(await second.askMany('UIDL'), '+OK 1 messages\r\n1 two\r\n.\r\n')
  })

  test('§6: a client that vanishes has deleted nothing', async (t) => {
    const server = await startServer(t)
    const client = await dial(t, server)
    await client.logIn()
    await client.ask('DELE 1')
    client.socket.destroy()
    while (server.openConnections() > 0) await new Promise((resolve) => setTimeout(resolve, 5))
    assert.deepEqual(server.uidls(), ['one', 'two'])
  })

  test('§3: the autologout timer closes without a word and without an UPDATE', async (t) => {
    const server = await startServer(t, { idleTimeout: 80 })
    const client = await dial(t, server)
    await client.logIn()
    await client.ask('DELE 1')
    assert.equal(await client.untilClosed(), '')
    assert.deepEqual(server.uidls(), ['one', 'two'])
  })

  test('§7: TOP gives the header, the blank line and so many lines', async (t) => {
    const server = await startServer(t, { mailbox: [mailOf('A: b\r\nC: d\r\n\r\none\r\n.two\r\nthree\r\n')] })
    const client = await dial(t, server)
    await client.logIn()
    const top = async (lines: number) => (await client.askMany(`TOP 1 ${lines}`)).replace(/^.*\r\n/, '')
    assert.equal(await top(0), 'A: b\r\nC: d\r\n\r\n.\r\n')
    assert.equal(await top(2), 'A: b\r\nC: d\r\n\r\none\r\n..two\r\n.\r\n')
    assert.equal(await top(999_999), (await client.askMany('RETR 1')).replace(/^.*\r\n/, ''))
    assert.match(await client.ask('TOP 1 -1'), /^-ERR /)
  })

  test('§7: APOP proves the password with the timestamp, which is another one each time', async (t) => {
    const server = await startServer(t)
    const client = await dial(t, server)
    const stamp = (greeting: string) => /<[^<>@]+@[^<>@]+>/.exec(greeting)?.[0] ?? ''
    const digest = createHash('md5')
      .update(`${stamp(client.greeting)}demo`)
      .digest('hex')
    assert.match(await client.ask(`APOP demo ${'0'.repeat(32)}`), /^-ERR \[AUTH\]/)
    assert.match(await client.ask(`APOP demo ${digest}`), /^\+OK/)
    assert.notEqual(stamp((await dial(t, server)).greeting), stamp(client.greeting))
  })

  test('§7: PASS counts only right after USER, and keeps the spaces in a password', async (t) => {
    const server = await startServer(t, { credentials: { user: 'u', password: ' two  words ' } })
    const client = await dial(t, server)
    assert.match(await client.ask('PASS  two  words '), /^-ERR /)
    await client.ask('USER u')
    await client.ask('CAPA')
    assert.match(await client.ask('PASS  two  words '), /^-ERR /)
    await client.ask('USER u')
    assert.match(await client.ask('PASS  two  words '), /^\+OK/)
  })

  test('§4: commands out of their state are errors, and keywords have no case', async (t) => {
    const client = await dial(t, await startServer(t))
    for (const command of ['STAT', 'RETR 1', 'DELE 1', 'NOOP']) {
      assert.match(await client.ask(command), /^-ERR /)
    }
    await client.ask('uSeR demo')
    assert.match(await client.ask('pass demo'), /^\+OK/)
    for (const command of [
      'USER demo',
      'AUTH PLAIN',
      'STLS',
      'UTF8',
      'XYZZY',
      'STAT 1',
      'LIST  1',
      'RETR 0',
    ]) {
      assert.match(await client.ask(command), /^-ERR /, command)
    }
    assert.equal(await client.ask('NOOP'), '+OK\r\n')
  })
})

describe('RFC 2449 and RFC 3206', () => {
  test('§5: CAPA answers in both states; STLS is gone after login (RFC 2595 §8)', async (t) => {
    const client = await dial(t, await startServer(t))
    const tags = async () => (await client.askMany('CAPA')).split('\r\n').slice(1, -2)
    const before = await tags()
    for (const tag of ['TOP', 'UIDL', 'USER', 'SASL PLAIN LOGIN', 'STLS', 'PIPELINING', 'RESP-CODES']) {
      assert.ok(before.includes(tag), tag)
    }
    await client.logIn()
    assert.deepEqual(
      await tags(),
      before.filter((tag) => tag !== 'STLS'),
    )
  })

  test('§8.1.2: an exclusive maildrop is IN-USE for the second login, and free once the first is gone', async (t) => {
    const server = await startServer(t, { features: { exclusive: true } })
    const first = await dial(t, server)
    await first.logIn()
    const second = await dial(t, server)
    await second.ask('USER demo')
    assert.match(await second.ask('PASS demo'), /^-ERR \[IN-USE\]/)
    first.socket.destroy()
    while (server.openConnections() > 1) await new Promise((resolve) => setTimeout(resolve, 5))
    await second.ask('USER demo')
    assert.match(await second.ask('PASS demo'), /^\+OK/)
  })

  test('RFC 3206 §4: wrong credentials are [AUTH], and the third guess is the last', async (t) => {
    const client = await dial(t, await startServer(t))
    for (let guess = 1; guess <= 3; guess++) {
      await client.ask('USER demo')
      assert.match(await client.ask(`PASS ${guess}`), /^-ERR \[AUTH\]/)
    }
    assert.equal(await client.untilClosed(), '')
  })

  test('§4: 255 octets are a command, 256 are not, and the next command is answered', async (t) => {
    const client = await dial(t, await startServer(t))
    assert.match(await client.ask(`USER ${'u'.repeat(248)}`), /^\+OK/)
    assert.match(await client.ask(`USER ${'u'.repeat(249)}`), /^-ERR /)
    assert.match(await client.ask('USER demo'), /^\+OK/)
  })
})

describe('RFC 5034', () => {
  const plain = base64('\0demo\0demo')
  const tries: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['PLAIN with an initial response', [`AUTH PLAIN ${plain}`], /^\+OK/],
    ['PLAIN after the prompt', ['AUTH PLAIN', plain], /^\+ \r\n\+OK/],
    ['LOGIN', ['AUTH LOGIN', base64('demo'), base64('demo')], /^\+ VXNlcm5hbWU6\r\n\+ UGFzc3dvcmQ6\r\n\+OK/],
    ['LOGIN with an initial response', [`AUTH LOGIN ${base64('demo')}`, base64('demo')], /^\+ \S+\r\n\+OK/],
    ['a mechanism in lower case', [`auth plain ${plain}`], /^\+OK/],
    ['the star cancels', ['AUTH PLAIN', '*'], /^\+ \r\n-ERR (?!\[AUTH\])/],
    ['"=" is an empty initial response', ['AUTH PLAIN ='], /^-ERR \[AUTH\]/],
    ['what is not base64 fails', ['AUTH PLAIN', 'abc'], /^\+ \r\n-ERR (?!\[AUTH\])/],
    ['acting for somebody else fails', [`AUTH PLAIN ${base64('root\0demo\0demo')}`], /^-ERR \[AUTH\]/],
    ['a mechanism nobody knows fails', ['AUTH GSSAPI'], /^-ERR (?!\[AUTH\])/],
    ['a line of 60,000 octets is read', ['AUTH PLAIN', base64('x'.repeat(45_000))], /^\+ \r\n-ERR \[AUTH\]/],
  ]
  for (const [name, lines, expected] of tries) {
    test(`§4: ${name}; the state is as it was after a failure`, async (t) => {
      const client = await dial(t, await startServer(t))
      let replies = ''
      for (const line of lines) replies += await client.ask(line)
      assert.match(replies, expected)
      const loggedIn = replies.includes('+OK')
      assert.match(await client.ask('STAT'), loggedIn ? /^\+OK/ : /^-ERR/)
      assert.match(await client.ask(`AUTH PLAIN ${plain}`), loggedIn ? /^-ERR/ : /^\+OK/)
    })
  }

  test('a SASL line without an end is cut off at 128 KiB', async (t) => {
    const client = await dial(t, await startServer(t))
    await client.ask('AUTH PLAIN')
    client.send('A'.repeat(200_000))
    assert.match(await client.untilClosed(), /^-ERR [^\r]*\r\n$/)
  })
})

describe('RFC 2595', () => {
  test('§4: STLS, then everything again under TLS; a second STLS is an error', async (t) => {
    const server = await startServer(t)
    const clear = await dial(t, server)
    await clear.ask('USER demo')
    assert.match(await clear.ask('STLS'), /^\+OK/)
    const client = clientOn(await secure(t, server, { socket: clear.socket }))
    assert.doesNotMatch(await client.askMany('CAPA'), /STLS/)
    assert.match(await client.ask('STLS'), /^-ERR /)
    assert.match(await client.ask('PASS demo'), /^-ERR /, 'the name from before TLS is forgotten')
    await client.logIn()
    assert.equal(await client.ask('STAT'), '+OK 2 320\r\n')
    assert.match(await client.ask('QUIT'), /^\+OK/)
    assert.equal(await client.untilClosed(), '')
  })

  test('§2.2: without TLS no password is asked for where that is forbidden', async (t) => {
    const server = await startServer(t, { features: { clearTextLogin: 'never' } })
    const client = await dial(t, server)
    assert.doesNotMatch(await client.askMany('CAPA'), /USER|SASL/)
    for (const command of ['USER demo', 'AUTH PLAIN', 'AUTH LOGIN']) {
      assert.match(await client.ask(command), /^-ERR /)
    }
    const overTls = clientOn(await secure(t, server))
    await overTls.until('\r\n')
    assert.match(await overTls.askMany('CAPA'), /USER\r\nSASL PLAIN LOGIN\r\n/)
    await overTls.logIn()
    assert.match(await overTls.ask('NOOP'), /^\+OK/)
  })
})

describe('RFC 6856', () => {
  const mailbox = [mailOf('Subject: größer\r\n\r\nx\r\n')]

  test('§2.1 and §5: raw UTF-8 in a header leaves only after UTF8', async (t) => {
    const server = await startServer(t, { mailbox })
    const without = await dial(t, server)
    await without.logIn()
    assert.match(await without.ask('RETR 1'), /^-ERR \[UTF8\]/)
    assert.match(await without.ask('TOP 1 0'), /^-ERR \[UTF8\]/)
    const client = await dial(t, server)
    assert.match(await client.ask('UTF8'), /^\+OK/)
    assert.match(await client.ask('STLS'), /^-ERR /)
    await client.logIn()
    assert.match(await client.askMany('RETR 1'), /gr\xc3\xb6\xc3\x9fer/)
  })

  test('§3.2: LANG lists on many lines and chooses on one', async (t) => {
    const client = await dial(t, await startServer(t))
    assert.match(await client.askMany('LANG'), /^\+OK[^\r]*\r\nen English\r\n\.\r\n$/)
    assert.match(await client.ask('LANG *'), /^\+OK en /)
    assert.match(await client.ask('LANG EN'), /^\+OK en /)
    assert.match(await client.ask('LANG MUL'), /^-ERR /)
  })
})
