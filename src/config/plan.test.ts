import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isEverything } from './addresses.ts'
import { formatEndpoint, plan, toList } from './plan.ts'

const sockets = (policy: Omit<Parameters<typeof plan>[0], 'name'>) =>
  plan({ name: 'A', ...policy }).endpoints.map(
    (endpoint) => `${endpoint.protocol} ${formatEndpoint(endpoint)}`,
  )

test('a policy with a name alone has every default', () => {
  const { from, to, ...planned } = plan({ name: 'A' })
  assert.ok([...from, ...to].every(isEverything) && from.length === 1 && to.length === 1)
  assert.deepEqual(planned, {
    ...{ name: 'A', enabled: true, connections: 'allow', action: 'POP3-Client.Standard' },
    ...{ tlsSupport: 'enabled', stls: 'offered', upstream: undefined, idleTimeout: 600_000 },
    endpoints: [
      { address: '0.0.0.0', port: 110, protocol: 'pop3' },
      { address: '0.0.0.0', port: 995, protocol: 'pop3s' },
    ],
  })
})

test('tlsSupport opens exactly its ports', () => {
  assert.deepEqual(sockets({ tlsSupport: 'disabled' }), ['pop3 0.0.0.0:110'])
  assert.deepEqual(sockets({ tlsSupport: 'enabled' }), ['pop3 0.0.0.0:110', 'pop3s 0.0.0.0:995'])
  assert.deepEqual(sockets({ tlsSupport: 'required' }), ['pop3s 0.0.0.0:995'])
})

test('every address is opened, on the ports given and the usual ones for the rest', () => {
  assert.deepEqual(sockets({ listen: ['10.0.0.1', '::1'], ports: { pop3s: 1995 } }), [
    ...['pop3 10.0.0.1:110', 'pop3s 10.0.0.1:1995'],
    ...['pop3 [::1]:110', 'pop3s [::1]:1995'],
  ])
})

test('stls holds where the pop3 port is open and TLS is wanted, and nowhere else', () => {
  assert.equal(plan({ name: 'A', stls: 'required' }).stls, 'required')
  assert.equal(plan({ name: 'A', stls: 'off' }).stls, 'off')
  for (const tlsSupport of ['disabled', 'required'] as const)
    assert.equal(plan({ name: 'A', tlsSupport }).stls, 'off')
})

test('one value and a list of one are the same', () => {
  assert.deepEqual(toList('a'), ['a'])
  assert.deepEqual(plan({ name: 'A', from: '10.0.0.1' }), plan({ name: 'A', from: ['10.0.0.1'] }))
})

test('what was not validated is a fault of ours', () => {
  assert.throws(() => plan({ name: 'A', idleTimeout: 'soon' }), TypeError)
  assert.throws(() => plan({ name: 'A', upstream: 'imap://a' }), TypeError)
  assert.throws(() => plan({ name: 'A', listen: 'localhost' }), TypeError)
  assert.throws(() => plan({ name: 'A', from: 'localhost' }), TypeError)
})
