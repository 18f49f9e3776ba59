import assert from 'node:assert/strict'
import { test } from 'node:test'
import { octets } from '../bytes/index.ts'
import { isRelayable, userIn, userName } from './mechanisms.ts'

for (const name of [
  'PLAIN',
  'login',
  'CRAM-MD5',
  'SCRAM-SHA-1',
  'SCRAM-SHA-256',
  'XOAUTH2',
  'OAUTHBEARER',
  'NTLM',
])
  test(`${name} can be relayed`, () => assert.ok(isRelayable(name)))

for (const name of [
  ...[
    'SCRAM-SHA-1-PLUS',
    'scram-sha-256-plus',
    'EXTERNAL',
    'GSSAPI',
    'gs2-krb5',
    'GSS-SPNEGO',
    'KERBEROS_V4',
  ],
  ...['DIGEST-MD5', 'SRP', 'SRP-SHA1', '', 'A B', 'PLÄIN', 'X'.repeat(21)],
])
  test(`${JSON.stringify(name)} cannot be relayed`, () => assert.ok(!isRelayable(name)))

const base64 = (text: string) => Buffer.from(text).toString('base64')
const users: readonly [mechanism: string, step: number, answer: string, user: string | undefined][] = [
  ['PLAIN', 0, base64('\0joe\0secret'), 'joe'],
  ['plain', 0, base64('boss\0joe\0secret'), 'joe'],
  ['PLAIN', 0, base64('\0jürgen\0secret'), 'jürgen'],
  ['PLAIN', 0, base64('\0a\nb\0secret'), 'a?b'],
  ['PLAIN', 0, base64(`\0${'j'.repeat(300)}\0secret`), 'j'.repeat(255)],
  ['PLAIN', 0, base64('secret'), undefined],
  ['PLAIN', 0, base64('\0\0secret'), undefined],
  ['PLAIN', 0, '=', undefined],
  ['PLAIN', 0, '*', undefined],
  ['PLAIN', 0, 'AGpv', 'jo'],
  ['PLAIN', 1, base64('\0joe\0secret'), undefined],
  ['LOGIN', 0, base64('joe'), 'joe'],
  ['LOGIN', 0, '', undefined],
  ['LOGIN', 1, base64('secret'), undefined],
  ['XOAUTH2', 0, base64('user=joe@example.net\x01auth=Bearer token\x01\x01'), 'joe@example.net'],
  ['XOAUTH2', 0, base64('auth=Bearer token'), undefined],
  [
    'OAUTHBEARER',
    0,
    base64('n,a=joe=2Cjr=3D@example.net,\x01host=x\x01auth=Bearer t\x01\x01'),
    'joe,jr=@example.net',
  ],
  ['OAUTHBEARER', 0, base64('n,,\x01auth=Bearer t\x01\x01'), undefined],
  ['CRAM-MD5', 0, base64(`joe doe ${'0'.repeat(32)}`), 'joe doe'],
  ['CRAM-MD5', 3, base64(`joe ${'A'.repeat(32)}`), 'joe'],
  ['CRAM-MD5', 0, base64('joe secret'), undefined],
  ['SCRAM-SHA-256', 0, base64('n,,n=joe,r=nonce'), 'joe'],
  ['SCRAM-SHA-256', 0, base64('y,a=boss,n=joe=2C,r=nonce'), 'joe,'],
  ['SCRAM-SHA-256', 1, base64('c=biws,r=nonce,p=proof'), undefined],
  ['NTLM', 0, base64('joe'), undefined],
]
for (const [mechanism, step, answer, user] of users)
  test(`${mechanism}, answer ${step + 1}: ${answer.slice(0, 30)}`, () => {
    assert.equal(userIn(mechanism, step, octets(answer)), user)
  })

test('a name cannot forge a line of the log', () => {
  assert.equal(userName('joe\r\nroot'), 'joe??root')
  assert.equal(userName(''), undefined)
  assert.equal(userName(undefined), undefined)
})
