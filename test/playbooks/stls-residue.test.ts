/**
 * Plaintext behind STLS, on either leg (RFC 2595 §4; CVE-2011-0411, CVE-2021-22947), cut at every octet:
 * nothing of it is used, and the session ends.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rig } from './playbook.ts'

const CLIENT = 'STLS\r\nUSER evil\r\nPASS evil\r\n'
const SERVER = '+OK begin TLS\r\n+OK evil\r\n'
const STLS = CLIENT.indexOf('\n') + 1
const OK = SERVER.indexOf('\n') + 1

function greeted(options: Parameters<typeof rig>[0]): ReturnType<typeof rig> {
  const all = rig(options)
  all.give({ kind: 'start' })
  all.give({ kind: 'connected' })
  all.server('+OK ready\r\n')
  all.told()
  return all
}

const sent = (effects: readonly string[], leg: string) =>
  effects.filter((each) => each.startsWith(`send(${leg}`))

for (const serverTls of ['none', 'stls', 'mirror'] as const)
  for (let cut = 0; cut < CLIENT.length; cut += 1)
    test(`from the client, server ${serverTls}, cut after ${cut} octets`, () => {
      const { client, server, give, told } = greeted({ serverTls })
      if (serverTls === 'stls') {
        server('+OK\r\n')
        give({ kind: 'tlsUp', leg: 'server' })
        told()
      }
      client(CLIENT.slice(0, cut))
      client(CLIENT.slice(cut))
      give({ kind: 'tlsUp', leg: 'client' })
      client('NOOP\r\n')
      const effects = told()
      assert.ok(effects.includes('record(protocol.violation client client.plaintext-after-stls)'))
      assert.match(effects.at(-1) ?? '', /^end\(client: /)
      assert.doesNotMatch(effects.join(), /evil/)
      // Only STLS itself may have been asked of the server, and only where that was in order.
      const mayAsk = serverTls === 'mirror' && cut === STLS
      assert.deepEqual(sent(effects, 'server'), mayAsk ? ['send(server, STLS)'] : [])
    })

for (const serverTls of ['stls', 'mirror'] as const)
  for (let cut = 0; cut < SERVER.length; cut += 1)
    test(`from the server, ${serverTls}, cut after ${cut} octets`, () => {
      const { client, server, give, told } = greeted({ serverTls })
      if (serverTls === 'mirror') client('STLS\r\n')
      told()
      server(SERVER.slice(0, cut))
      server(SERVER.slice(cut))
      give({ kind: 'tlsUp', leg: 'server' })
      client('USER joe\r\n')
      const effects = told()
      assert.ok(effects.includes('record(protocol.violation server server.plaintext-after-stls)'))
      assert.match(effects.at(-1) ?? '', /^end\(server: /)
      assert.deepEqual(sent(effects, 'server'), [])
      const [answer = '', ...more] = sent(effects, 'client')
      assert.match(answer, /^send\(client, -ERR \[SYS\/TEMP\] /)
      assert.deepEqual(more, [])
      // TLS may have been asked for only when the first piece was the reply and no octet more.
      assert.equal(effects.includes('startTls(server, serve)'), cut === OK)
    })

test('with nothing behind it, STLS works on both legs', () => {
  const { client, server, give, told } = greeted({ serverTls: 'mirror' })
  client('STLS\r\n')
  server('+OK\r\n')
  give({ kind: 'tlsUp', leg: 'server' })
  give({ kind: 'tlsUp', leg: 'client' })
  client('USER joe\r\n')
  assert.deepEqual(told(), [
    ...['send(server, STLS)', 'startTls(server, serve)', 'send(client, +OK begin TLS)'],
    ...['startTls(client, serve)', 'send(server, USER joe)'],
  ])
})
