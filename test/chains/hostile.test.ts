import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import tls from 'node:tls'
import { openAuthority, openTrust } from '../../src/adapters/ca/index.ts'
import { type CertificateFault, judgeChain, parameters } from '../../src/tls/index.ts'
import { type ChainCase, makeHostileChains } from './hostile.ts'

const directory = mkdtempSync(join(tmpdir(), 'postern-chains-'))
const authority = await openAuthority({ directory: join(directory, 'ca') })
after(() => {
  authority.close()
  rmSync(directory, { recursive: true })
})

const { trustedRoot, cases, good } = await makeHostileChains(directory, authority)
const trust = openTrust([trustedRoot])
const { ciphers, groups, minVersion, maxVersion } = parameters({
  ...{ name: 'P', minimumVersion: '1.2', maximumVersion: '1.3', pfsCiphers: 'required' },
})

/** Serves a chain, connects as the gateway would, and judges what is seen. */
async function faultsOf({ chain, key, host }: ChainCase): Promise<readonly CertificateFault[]> {
  // The server is careless on purpose: it shows weak certificates.
  const server = tls.createServer({ cert: chain, key, ciphers: 'DEFAULT:@SECLEVEL=0' })
  server.on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = address !== null && typeof address === 'object' ? address.port : assert.fail()
  const named = host.startsWith('127.') ? {} : { servername: host }
  // Only here, to see what is wrong: the judge says no afterwards.
  const open = { rejectUnauthorized: false, checkServerIdentity: () => undefined }
  const settings = { ciphers, ecdhCurve: groups, minVersion, maxVersion, ca: [...trust.certificates] }
  const client = tls.connect({ port, host: '127.0.0.1', ...named, ...open, ...settings })
  // Node 24 dies of a segmentation fault in here when a certificate's curve has no NIST name, as secp256k1.
  Object.defineProperty(client, 'getPeerCertificate', { value: () => ({}) })
  try {
    await once(client, 'secureConnect')
    const stackError = client.authorizationError
    return judgeChain({
      ...{ chain: trust.pathOf(client.getPeerX509Certificate()), host, now: Date.now() },
      stackError: client.authorized ? undefined : String(stackError),
      forbiddenKeyIds: new Set([authority.authorityKeyId]),
    })
  } finally {
    client.destroy()
    server.close()
  }
}

test('the good chain has no fault', async () => {
  assert.deepEqual(await faultsOf(good), [])
})

test('there are at least 34 hostile chains, each with its own name', () => {
  assert.ok(cases.length >= 34)
  assert.equal(new Set(cases.map(({ name }) => name)).size, cases.length)
})

for (const one of cases)
  test(`hostile chain refused: ${one.name}`, async () => {
    const faults = await faultsOf(one)
    const texts = faults.map(({ text }) => text)
    assert.ok(
      texts.some((text) => one.expect.test(text)),
      JSON.stringify(faults),
    )
    for (const text of texts) assert.match(text, /^[\x20-\x7e]{1,160}$/)
  })
