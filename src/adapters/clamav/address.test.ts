import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAddress } from './address.ts'

test('sockets and ports are read', () => {
  assert.deepEqual(readAddress('unix:/run/clamav/clamd.ctl'), { path: '/run/clamav/clamd.ctl' })
  assert.deepEqual(readAddress('tcp://127.0.0.1:3310'), { host: '127.0.0.1', port: 3310 })
  assert.deepEqual(readAddress('tcp://[::1]:3310'), { host: '::1', port: 3310 })
  assert.deepEqual(readAddress('tcp://clamd.example.net:1'), { host: 'clamd.example.net', port: 1 })
})

test('anything else is refused, with the text and what to write', () => {
  for (const text of [
    '',
    'unix:relative',
    'tcp://host',
    'tcp://host:0',
    'tcp://host:65536',
    'tcp://:3310',
    'tcp://a@b:1',
    'http://host:1',
    '127.0.0.1:3310',
    'tcp://host:1/path',
  ])
    assert.throws(() => readAddress(text), { name: 'TypeError', message: /neither unix:.* nor tcp:/ }, text)
})
