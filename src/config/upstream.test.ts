import assert from 'node:assert/strict'
import { test } from 'node:test'
import { oddPort, parseUpstream } from './upstream.ts'
import { validated } from './values.ts'

const read = (text: string) => validated(parseUpstream(text))
const both = (port: number) => ({ pop3: port, pop3s: port })

test('the scheme says how TLS is done, and which port is usual', () => {
  assert.deepEqual(read('pop3s://a.example'), { host: 'a.example', ports: both(995), tls: 'implicit' })
  assert.deepEqual(read('pop3+stls://a.example'), { host: 'a.example', ports: both(110), tls: 'stls' })
  assert.deepEqual(read('pop3://a.example'), { host: 'a.example', ports: both(110), tls: 'none' })
  assert.deepEqual(read('POP3S://a.example:1995'), { host: 'a.example', ports: both(1995), tls: 'implicit' })
})

test('a bare host is spoken to as the client came, on the port of that protocol unless one is given', () => {
  assert.deepEqual(read('a.example'), { host: 'a.example', ports: { pop3: 110, pop3s: 995 }, tls: 'mirror' })
  assert.deepEqual(read('a.example:2110'), { host: 'a.example', ports: both(2110), tls: 'mirror' })
})

test('hosts are lower case, without the dot of the root; IPv6 is without brackets', () => {
  assert.equal(read('pop3s://Mail.EXAMPLE.').host, 'mail.example')
  assert.deepEqual(read('pop3s://[2001:DB8::0:1]:1995'), {
    host: '2001:db8::1',
    ports: both(1995),
    tls: 'implicit',
  })
  assert.equal(read('2001:db8::1').host, '2001:db8::1')
  assert.equal(read('10.0.0.2').host, '10.0.0.2')
  assert.equal(read('mail_1.xn--mnchen-3ya.example').host, 'mail_1.xn--mnchen-3ya.example')
})

test('names at the limits of DNS', () => {
  const label = 'a'.repeat(63)
  const longest = [label, label, label, 'a'.repeat(61)].join('.')
  assert.equal(longest.length, 253)
  assert.equal(read(longest).host, longest)
  assert.equal(parseUpstream(`${longest}a`).ok, false)
  assert.equal(parseUpstream(`${label}a.example`).ok, false)
})

test('what is no host and port is refused', () => {
  const wrong = ['a..example', '.example', 'a.example:', 'a:1:2', '[::1]x', '[::1]:', '[]', '[10.0.0.2]']
  for (const text of [...wrong, '::1%eth0', 'a b', 'a\n', 'a.example:１１０', 'a-.example', '010.0.0.1', '1'])
    assert.equal(parseUpstream(text).ok, false, text)
})

test('no message repeats what stands before an "@": it may be a password', () => {
  const reading = parseUpstream('pop3s://anna:secret@mail.example')
  assert.ok(!reading.ok)
  assert.doesNotMatch(reading.message, /secret/)
})

test('a port of the other protocol is odd', () => {
  for (const text of ['pop3s://a:110', 'pop3://a:995', 'pop3+stls://a:995'])
    assert.match(oddPort(read(text)) ?? '', /^port \d+ usually starts/, text)
  for (const text of ['pop3s://a', 'pop3://a', 'a:995', 'a:110', 'pop3s://a:1110'])
    assert.equal(oddPort(read(text)), undefined, text)
})
