/** The scanner of adapters/clamav against a real clamd: answers, restarts, a hang, a reload. */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type ClamavScanner, openClamav } from '../../src/adapters/clamav/index.ts'
import type { ScanResult } from '../../src/ports.ts'
import { type Clamd, eicar, startClamd } from '../support/clamd.ts'
import { skipWithout } from '../support/programs.ts'

const known = Buffer.from('This program is known by its hash alone.\r\n'.repeat(100))
const clean = { kind: 'clean' }
const infected = (virus: string) => ({ kind: 'infected', virus })

describe('clamd', { skip: skipWithout('clamd') }, () => {
  let clamd: Clamd
  const scanners: ClamavScanner[] = []
  const open = (address: string, bounds = {}): ClamavScanner => {
    const scanner = openClamav({ address, bounds })
    scanners.push(scanner)
    return scanner
  }
  before(async () => {
    clamd = await startClamd({ known: { 'Test.Known': known }, settings: 'StreamMaxLength 2M\nMaxThreads 4' })
  })
  after(async () => {
    for (const scanner of scanners) scanner.close()
    await clamd.stop()
  })

  test('says clean, infected and who found it, by socket and by port', async () => {
    for (const address of [clamd.socket, clamd.tcp]) {
      const scanner = open(address)
      assert.deepEqual(await scan(scanner, Buffer.from('Hello')), clean)
      assert.deepEqual(await scan(scanner, Buffer.alloc(0)), clean)
      assert.deepEqual(await scan(scanner, eicar), infected('Eicar-Test-Signature.UNOFFICIAL'))
      assert.deepEqual(await scan(scanner, known), infected('Test.Known.UNOFFICIAL'))
      const mail = `Subject: x\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n${eicar.toString('base64')}\r\n`
      assert.deepEqual(await scan(scanner, Buffer.from(mail)), infected('Eicar-Test-Signature.UNOFFICIAL'))
      const health = await scanner.check()
      assert.equal(health.state, 'up')
      assert.match(health.version ?? '', /^ClamAV 1\./)
    }
  })

  test('an encrypted zip is encrypted', async () => {
    assert.deepEqual(await scan(open(clamd.socket), encryptedZip), { kind: 'encrypted' })
  })

  test('what clamd refuses as too long is too large, never clean', async () => {
    const result = await scan(open(clamd.socket), Buffer.alloc(5_000_000, 'long '))
    // clamd closes at once; its answer may be lost in the reset.
    assert.ok(result.kind === 'too-large' || result.kind === 'error', JSON.stringify(result))
  })

  test('more mails at once than it has threads are all scanned', async () => {
    const scanner = open(clamd.tcp)
    const mails = Array.from({ length: 40 }, (_, index) =>
      scan(
        scanner,
        Buffer.concat([Buffer.alloc(index * 10_000, 'text '), index % 2 ? eicar : Buffer.alloc(0)]),
      ),
    )
    for (const [index, result] of (await Promise.all(mails)).entries())
      assert.equal(result.kind, index % 2 ? 'infected' : 'clean', String(index))
  })

  test('a reload is survived, and what it brings is found', async () => {
    const scanner = open(clamd.socket)
    const later = Buffer.from('known later '.repeat(50))
    assert.deepEqual(await scan(scanner, later), clean)
    clamd.learn('Test.Later', later)
    let reloading = true
    const reloaded = clamd.reload().finally(() => {
      reloading = false
    })
    while (reloading)
      assert.deepEqual(await scan(scanner, eicar), infected('Eicar-Test-Signature.UNOFFICIAL'))
    await reloaded
    assert.deepEqual(await scan(scanner, later), infected('Test.Later.UNOFFICIAL'))
  })

  test('one that hangs is an error at the deadline, and works on when it is resumed', async () => {
    const scanner = open(clamd.socket, { scanTimeout: 500 })
    clamd.hang()
    const result = await scan(scanner, eicar)
    clamd.resume()
    assert.ok(
      result.kind === 'error' && /did not answer within 0.5 s/.test(result.reason),
      JSON.stringify(result),
    )
    assert.deepEqual(await scan(scanner, Buffer.from('Hello')), clean)
  })

  test('one that dies in the middle is an error, and the next scan after its restart is answered', async () => {
    for (const address of [clamd.socket, clamd.tcp]) {
      const scanner = open(address)
      const one = scanner.start({ subject: 'message' })
      one.write(Buffer.alloc(100_000))
      await one.drained()
      await new Promise((resolve) => setTimeout(resolve, 50))
      await clamd.kill()
      one.write(eicar)
      assert.equal((await one.finish()).kind, 'error')
      assert.equal((await scan(scanner, eicar)).kind, 'error')
      assert.equal(scanner.health().state, 'down')
      await clamd.restart()
      assert.deepEqual(await scan(scanner, eicar), infected('Eicar-Test-Signature.UNOFFICIAL'))
      assert.equal(scanner.health().state, 'up')
    }
  })
})

async function scan(scanner: ClamavScanner, content: Uint8Array): Promise<ScanResult> {
  const one = scanner.start({ subject: 'message' })
  for (let at = 0; at < content.length; at += 50_000)
    if (!one.write(content.subarray(at, at + 50_000))) await one.drained()
  return one.finish()
}

/** What `zip -0 -X -P pw` makes of a text. */
const encryptedZip = Buffer.from(
  [
    'UEsDBAoACQAAANaqeF3sGiEiFwAAAAsAAAAFAAAAYS50eHT4PZqR72045c58hkLq5Xv8Gtzigca8AVBLBwjsGiEiFwAAAAsAAABQ',
    'SwECHgMKAAkAAADWqnhd7BohIhcAAAALAAAABQAAAAAAAAAAAAAApIEAAAAAYS50eHRQSwUGAAAAAAEAAQAzAAAASgAAAAAA',
  ].join(''),
  'base64',
)
