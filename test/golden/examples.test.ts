/**
 * The whole configurations in examples/ are sound, without a warning, once the certificates and keys that
 * they name are there.
 */
import assert from 'node:assert/strict'
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type LoadedSnapshot, loadSnapshot } from '../../src/cli/index.ts'
import { formatProblem, type Policy, readConfiguration, type Settings } from '../../src/config/index.ts'
import { makeAuthority, makeLeaf } from '../chains/mint.ts'

const examples = fileURLToPath(new URL('../../examples', import.meta.url))
const names = globSync('*.yaml', { cwd: examples }).sort()

test('there is one for each way to use Postern', () => {
  assert.deepEqual(names, ['office.yaml', 'own-server.yaml', 'provider.yaml'])
})

describe('each is sound', () => {
  for (const name of names)
    test(name, async (t) => {
      const loaded = await load(t, name)
      assert.deepEqual((loaded.ok ? loaded.warnings : loaded.problems).map(formatProblem), [])
    })
})

describe('each says what it is for, and how it is checked', () => {
  for (const name of names)
    test(name, () => {
      const [comment = ''] = readFileSync(join(examples, name), 'utf8').split(/^version: /m)
      assert.match(comment, /^# [A-Z]/)
      assert.ok(comment.endsWith(` postern validate -c ${name}\n`), comment)
    })
})

describe('each does what its comments say', () => {
  const policies = async (t: TestContext, name: string): Promise<readonly Policy[]> => {
    const loaded = await load(t, name)
    assert.ok(loaded.ok)
    return loaded.snapshot.policies
  }
  /** The policy that takes a connection. */
  const taken = (all: readonly Policy[], from: string, to: string) =>
    all.find(({ matchesFrom, matchesTo }) => matchesFrom(from) && matchesTo(to))?.name

  test('office: guests are turned away, staff is served, strangers find nothing', async (t) => {
    const all = await policies(t, 'office.yaml')
    assert.equal(taken(all, '10.20.3.4', '10.0.0.1'), 'Guests fetch no mail')
    assert.equal(taken(all, '10.1.2.3', '10.0.0.1'), 'Staff mail')
    assert.equal(taken(all, 'fd00::5', '10.0.0.1'), 'Staff mail')
    assert.equal(taken(all, '192.0.2.1', '10.0.0.1'), undefined)
    assert.equal(all[1]?.action.tls.profile.pfsCiphers, 'required')
  })
  test('own server: everybody is served, on every address, and shown the own certificate', async (t) => {
    const [only, ...more] = await policies(t, 'own-server.yaml')
    assert.deepEqual(more, [])
    assert.equal(only?.action.kind, 'server')
    assert.equal(only.endpoints.length, 4)
    assert.equal(only.upstream?.tls, 'stls')
  })
  test('provider: the address that was meant decides, unless the source is blocked', async (t) => {
    const all = await policies(t, 'provider.yaml')
    assert.equal(taken(all, '198.51.100.25', '203.0.113.10'), 'Abuse')
    assert.equal(taken(all, '198.51.100.30', '203.0.113.10'), 'Customers')
    assert.equal(taken(all, '198.51.100.30', '203.0.113.11'), 'Old devices')
    assert.equal(taken(all, '198.51.100.30', '203.0.113.12'), 'Hosted')
    assert.equal(taken(all, '198.51.100.30', '203.0.113.13'), undefined)
    assert.deepEqual(
      all.map(({ action }) => action.tls.profile.name),
      ['TLS-Client.Standard', 'Modern', 'Compatible', 'Modern'],
    )
  })
})

/** An example as `postern validate` sees it, in a folder where the certificates it names were made. */
async function load(t: TestContext, name: string): Promise<LoadedSnapshot> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-examples-'))
  t.after(() => rmSync(folder, { recursive: true }))
  cpSync(examples, folder, { recursive: true })
  const reading = readConfiguration(readFileSync(join(folder, name), 'utf8'), name)
  if (reading.ok) await makeFiles(reading.settings, (file) => join(folder, file))
  return loadSnapshot(name, folder)
}

async function makeFiles({ certificates }: Settings, at: (file: string) => string): Promise<void> {
  const root = await makeAuthority({ subject: 'CN=Internal root' })
  const write = (file: string, text: string) => {
    mkdirSync(dirname(at(file)), { recursive: true })
    writeFileSync(at(file), text, { mode: 0o600 })
  }
  for (const { certificate, key } of certificates?.proxyServer ?? []) {
    const leaf = await makeLeaf({ issuer: root, dns: ['mail.example'] })
    write(certificate, leaf.pem + root.pem)
    write(key, leaf.key)
  }
  const trusted = certificates?.trusted ?? []
  for (const file of typeof trusted === 'string' ? [trusted] : trusted)
    if (file !== 'system') write(file, root.pem)
}
