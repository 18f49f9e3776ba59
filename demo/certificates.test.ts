/**
 * The demo certificates: made once, found good by OpenSSL's strict check, made again when unusable.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { demoCertificates } from './certificates.ts'
import { directory } from './harness.ts'

const DAY = 24 * 60 * 60 * 1000
const fresh = () => mkdtemp(join(directory, 'certificates-'))

test('the server certificate has the four names, a year, and fits its key and root', async () => {
  const { caFile, key, cert } = await demoCertificates(await fresh())
  const leaf = new X509Certificate(cert)
  const root = new X509Certificate(await readFile(caFile, 'utf8'))
  for (const host of ['localhost', 'pop.demo.example']) assert.equal(leaf.checkHost(host), host)
  for (const address of ['127.0.0.1', '::1']) assert.equal(leaf.checkIP(address), address)
  assert.equal(leaf.checkHost('other.example'), undefined)
  assert.ok(leaf.checkPrivateKey(createPrivateKey(key)))
  assert.ok(leaf.verify(root.publicKey) && leaf.checkIssued(root) && root.ca && !leaf.ca)
  assert.equal(root.subject, 'CN=Postern Demo Root')
  const days = (Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / DAY
  assert.ok(days > 360 && days <= 366, `${days} days`)
})

test('it is made once, also by calls side by side, and its key is the owner’s alone', async () => {
  const place = join(await fresh(), 'new')
  const [one, two] = await Promise.all([demoCertificates(place), demoCertificates(place)])
  assert.deepEqual(one, two)
  assert.deepEqual(await demoCertificates(place), one)
  assert.deepEqual((await readdir(place)).sort(), ['demo-root.pem', 'demo-server.pem'])
  assert.equal((await stat(join(place, 'demo-server.pem'))).mode & 0o777, 0o600)
  assert.equal((await stat(place)).mode & 0o777, 0o700)
  assert.doesNotMatch(await readFile(one.caFile, 'utf8'), /PRIVATE/)
})

test('one that expires within a month is made again, and so is a broken or a mixed one', async (t) => {
  const place = await fresh()
  const file = join(place, 'demo-server.pem')
  const first = await demoCertificates(place)
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 340 * DAY })
  const second = await demoCertificates(place)
  t.mock.timers.reset()
  assert.notEqual(second.cert, first.cert)
  const mixed = (await readFile(file, 'utf8')).replace(second.cert, first.cert)
  for (const content of ['', 'no PEM\n', first.key, mixed]) {
    await writeFile(file, content)
    const again = await demoCertificates(place)
    assert.ok(new X509Certificate(again.cert).checkPrivateKey(createPrivateKey(again.key)))
    assert.deepEqual(await demoCertificates(place), again)
  }
})

test('OpenSSL’s strict check agrees', {
  skip: existsSync('/usr/bin/openssl') ? false : 'openssl is not installed',
}, async () => {
  const place = await fresh()
  const { caFile, cert } = await demoCertificates(place)
  await writeFile(join(place, 'leaf.pem'), cert)
  const check = ['-x509_strict', '-purpose', 'sslserver', '-verify_hostname', 'localhost', '-CAfile', caFile]
  const said = execFileSync('/usr/bin/openssl', ['verify', ...check, join(place, 'leaf.pem')])
  assert.match(said.toString(), /: OK\n$/)
})
