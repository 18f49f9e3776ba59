import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import tls from 'node:tls'
import { makeAuthority, makeLeaf } from '../../test/chains/mint.ts'
import { parameters, type TlsProfile } from './index.ts'

const profile = (change: Partial<TlsProfile>): TlsProfile => ({
  ...{ name: 'P', minimumVersion: '1.2', maximumVersion: '1.3', pfsCiphers: 'required' },
  ...change,
})

test('the default profile offers ECDHE with AEAD only, from TLS 1.2 to 1.3', () => {
  const { ciphers, minVersion, maxVersion, groups } = parameters(profile({}))
  assert.deepEqual([minVersion, maxVersion, groups], ['TLSv1.2', 'TLSv1.3', 'X25519:P-256:P-384'])
  for (const suite of ciphers.split(':'))
    assert.match(suite, /^(TLS_AES_\d+_GCM|TLS_CHACHA20|ECDHE-(RSA|ECDSA)-(AES\d+-GCM|CHACHA20))/)
})
test('a minimum above the maximum wins over it', () => {
  const { minVersion, maxVersion } = parameters(profile({ minimumVersion: '1.3', maximumVersion: '1.2' }))
  assert.deepEqual([minVersion, maxVersion], ['TLSv1.3', 'TLSv1.3'])
})
test('a minimum of TLS 1.3 wins over a profile without PFS and leaves TLS 1.3 suites only', () => {
  const { ciphers, maxVersion } = parameters(profile({ minimumVersion: '1.3', pfsCiphers: 'none' }))
  assert.equal(maxVersion, 'TLSv1.3')
  assert.ok(ciphers.split(':').every((suite) => suite.startsWith('TLS_')))
})

const authority = await makeAuthority({ subject: 'CN=Root', key: 'rsa' })
const rsa = await makeLeaf({ issuer: authority, key: 'rsa', dns: ['localhost'] })
const ec = await makeLeaf({ issuer: authority, key: 'ec', dns: ['localhost'] })

/** Both ends use the profile; one end narrows what it can, as an old or plain peer would. */
async function shake(
  leaf: typeof rsa,
  settings: TlsProfile,
  narrow: tls.SecureContextOptions,
): Promise<string> {
  const { minVersion, maxVersion, ciphers, groups } = parameters(settings)
  const server = tls.createServer({
    ...{ minVersion, maxVersion, ciphers, ecdhCurve: groups, honorCipherOrder: true },
    ...{ key: leaf.key, cert: leaf.pem },
  })
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : assert.fail()
  const client = tls.connect({
    port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: authority.pem,
    ...narrow,
  })
  try {
    await once(client, 'secureConnect')
    return `${client.getProtocol()} ${client.getCipher().name}`
  } catch {
    return 'refused'
  } finally {
    client.destroy()
    server.close()
  }
}

const old = (version: 'TLSv1' | 'TLSv1.1') => ({
  ...{ minVersion: version, maxVersion: version, ciphers: 'ALL:@SECLEVEL=0' },
})
const plain = { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' } as const

for (const [what, leaf, settings, narrow, expected] of [
  ['TLS 1.3 by default', ec, {}, {}, /^TLSv1.3 TLS_AES_128_GCM_SHA256$/],
  ['TLS 1.2 with ECDHE and ECDSA', ec, {}, { maxVersion: 'TLSv1.2' }, /^TLSv1.2 ECDHE-ECDSA-AES128-GCM/],
  ['no TLS 1.1 by default', rsa, {}, old('TLSv1.1'), /^refused$/],
  ['TLS 1.0 when the minimum says so', rsa, { minimumVersion: '1.0' }, old('TLSv1'), /^TLSv1 ECDHE-RSA/],
  ['TLS 1.0 with an ECDSA leaf', ec, { minimumVersion: '1.0' }, old('TLSv1'), /^TLSv1 ECDHE-ECDSA/],
  ['TLS 1.1 when the minimum says so', rsa, { minimumVersion: '1.1' }, old('TLSv1.1'), /^TLSv1.1 ECDHE-RSA/],
  ['no TLS 1.0 when the minimum is 1.1', rsa, { minimumVersion: '1.1' }, old('TLSv1'), /^refused$/],
  ['no RSA key exchange when PFS is required', rsa, {}, plain, /^refused$/],
  ['RSA key exchange when PFS is allowed', rsa, { pfsCiphers: 'allowed' }, plain, /^TLSv1.2 AES128-GCM/],
  ['PFS first when PFS is allowed', rsa, { pfsCiphers: 'allowed' }, { maxVersion: 'TLSv1.2' }, / ECDHE-RSA/],
  ['RSA key exchange at 1.2 without PFS', rsa, { pfsCiphers: 'none' }, {}, /^TLSv1.2 AES128-GCM-SHA256$/],
  [
    ...(['TLS 1.0 without PFS', rsa, { pfsCiphers: 'none', minimumVersion: '1.0' }, old('TLSv1')] as const),
    /^TLSv1 AES128-SHA$/,
  ],
] satisfies [string, typeof rsa, Partial<TlsProfile>, tls.SecureContextOptions, RegExp][])
  test(`a handshake gives ${what}`, async () => {
    assert.match(await shake(leaf, profile(settings), narrow), expected)
  })
