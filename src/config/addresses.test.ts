import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { isEverything, matcher, parseListen, parsePeer } from './addresses.ts'
import { validated } from './values.ts'

/** Which of the addresses an entry takes. */
const taken = (entry: string, ...addresses: string[]) =>
  addresses.filter(matcher([validated(parsePeer(entry))]))

test('one address takes itself, in every spelling', () => {
  assert.deepEqual(taken('10.0.0.1', '10.0.0.1', '10.0.0.2', '::ffff:10.0.0.1', '::ffff:a00:1'), [
    '10.0.0.1',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
  ])
  assert.deepEqual(taken('2001:DB8:0::1', '2001:db8::1', '2001:db8::2'), ['2001:db8::1'])
  assert.deepEqual(taken('::ffff:10.0.0.1', '10.0.0.1', '::a00:1'), ['10.0.0.1'])
})

test('a network takes its first and last address and not their neighbours', () => {
  const around = ['10.0.15.255', '10.0.16.0', '10.0.31.255', '10.0.32.0', '::a00:1000']
  assert.deepEqual(taken('10.0.16.0/20', ...around), ['10.0.16.0', '10.0.31.255'])
  assert.deepEqual(taken('0.0.0.0/0', '0.0.0.0', '255.255.255.255', '::1'), ['0.0.0.0', '255.255.255.255'])
  assert.deepEqual(taken('10.0.0.1/32', '10.0.0.1', '10.0.0.0'), ['10.0.0.1'])
  const six = ['2001:db7:ffff::', '2001:db8::', '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', '2001:db9::']
  assert.deepEqual(taken('2001:db8::/32', ...six), six.slice(1, 3))
})

test('IPv4 in IPv6 clothes counts as IPv4, in networks too', () => {
  assert.deepEqual(taken('::ffff:10.0.0.0/104', '10.200.0.1', '11.0.0.1'), ['10.200.0.1'])
  assert.deepEqual(taken('::/0', '10.0.0.1', '::ffff:10.0.0.1', '::1', 'fe80::1'), ['::1', 'fe80::1'])
})

test('a range takes both its ends, with spaces around the hyphen or without', () => {
  const around = ['10.0.0.8', '10.0.0.9', '10.0.1.0', '10.0.1.1']
  assert.deepEqual(taken('10.0.0.9-10.0.1.0', ...around), ['10.0.0.9', '10.0.1.0'])
  assert.deepEqual(taken('10.0.0.9 - 10.0.1.0', ...around), ['10.0.0.9', '10.0.1.0'])
  assert.deepEqual(taken('::ffff:10.0.0.9-10.0.1.0', ...around), ['10.0.0.9', '10.0.1.0'])
})

test('a zone of the address asked about is ignored; what is no address is taken by any alone', () => {
  assert.deepEqual(taken('fe80::/10', 'fe80::1%eth0'), ['fe80::1%eth0'])
  assert.deepEqual(taken('any', 'nonsense', ''), ['nonsense', ''])
  assert.deepEqual(taken('0.0.0.0/0', 'nonsense', ''), [])
  assert.ok(isEverything(validated(parsePeer('any'))))
  assert.ok(!isEverything(validated(parsePeer('::/0'))))
})

test('several entries take what one of them takes', () => {
  const takes = matcher(['10.0.0.1', '::1'].map((text) => validated(parsePeer(text))))
  assert.deepEqual(['10.0.0.1', '10.0.0.2', '::1'].filter(takes), ['10.0.0.1', '::1'])
  assert.equal(matcher([])('10.0.0.1'), false)
})

test('an address to listen on comes back in its usual spelling', () => {
  assert.equal(validated(parseListen('0:0:0:0:0:0:0:1')), '::1')
  assert.equal(validated(parseListen('::FFFF:127.0.0.1')), '127.0.0.1')
  for (const text of ['', 'any', '127.1', '0177.0.0.1', '1.2.3.4.5', 'fe80::1%eth0', '10.0.0.0/8'])
    assert.equal(parseListen(text).ok, false, text)
})

test('a network takes exactly the addresses with its leading bits', () => {
  const address = fc.ipV4()
  fc.assert(
    fc.property(address, address, fc.nat(32), (base, asked, prefix) => {
      const bits = ipaddr.IPv4.parse(base)
      const network = ipaddr.IPv4.networkAddressFromCIDR(`${base}/${prefix}`).toString()
      assert.equal(
        taken(`${network}/${prefix}`, asked).length === 1,
        ipaddr.IPv4.parse(asked).match([bits, prefix]),
      )
    }),
  )
})
