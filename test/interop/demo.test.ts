/** `postern demo` as a person tries it: curl fetches the sample mails, openssl shows the certificate. */
import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { DEMO_CREDENTIALS, demoMailbox } from '../../demo/index.ts'
import { eicar, eicarZip, emptyProgram } from '../../demo/payloads.ts'
import { parseMail, textsOf } from '../support/parse-mail.ts'
import { assertNoneOf, assertOnlyPartChanged } from '../support/payloads.ts'
import { freePorts } from '../support/ports.ts'
import { run, start, stop, until } from '../support/processes.ts'
import { pathOf, skipWithout } from '../support/programs.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/postern', import.meta.url))
const mailbox = demoMailbox().map((mail) => ({ ...mail, bytes: Buffer.from(mail.bytes) }))
/** Those that hold something bad; all others are clean. */
const BAD: readonly string[] = ['eicar-zip', 'disguised-exe', 'double-extension']
const PAYLOADS = [eicar(), eicarZip(), emptyProgram()]

describe('postern demo', { skip: skipWithout('curl', 'openssl', 'python3') }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'postern-demo-'))
  const authority = join(directory, 'proxy-authority.pem')
  let demo: ChildProcess
  let ports: { readonly pop3: number; readonly pop3s: number }
  let said = ''

  before(async () => {
    const [pop3 = 0, pop3s = 0] = await freePorts(2)
    ports = { pop3, pop3s }
    const words = ['demo', '--pop3-port', pop3, '--pop3s-port', pop3s, '--directory', directory].map(String)
    demo = start(process.execPath, [PROGRAM, ...words], { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [demo.stdout, demo.stderr])
      stream?.on('data', (chunk: Buffer) => {
        said += chunk.toString()
      })
    await until(() => said.includes('Ctrl-C') || demo.exitCode !== null, 'what the demo says', 30_000)
    assert.equal(demo.exitCode, null, said)
  })
  after(async () => {
    assert.equal(await stop(demo), 0, said)
    rmSync(directory, { recursive: true, force: true })
  })

  const ways = [
    { scheme: 'pop3s', words: [] },
    { scheme: 'pop3', words: ['--ssl-reqd'] },
  ] as const
  const { user, password } = DEMO_CREDENTIALS
  const curl = async ({ scheme, words }: (typeof ways)[number], path: string) => {
    const url = `${scheme}://localhost:${ports[scheme]}/${path}`
    const trust = ['--cacert', authority, '--user', `${user}:${password}`]
    const { code, stdout, stderr } = await run(pathOf('curl'), [
      '-sS',
      '--max-time',
      '30',
      ...trust,
      ...words,
      url,
    ])
    assert.equal(code, 0, stderr)
    return stdout
  }
  const numberOf = (name: string) => mailbox.findIndex((mail) => mail.name === name) + 1

  for (const way of ways)
    describe(`curl, ${[way.scheme, ...way.words].join(' ')}`, () => {
      test('lists the mails with the sizes they have on the server', async () => {
        const list = mailbox.map(({ bytes }, index) => `${index + 1} ${bytes.length}\r\n`).join('')
        assert.equal((await curl(way, '')).toString(), list)
      })

      test('gets every clean mail octet by octet', async () => {
        const clean = mailbox.filter(({ name }) => !BAD.includes(name))
        assert.equal(clean.length, mailbox.length - BAD.length)
        for (const { name, bytes } of clean)
          assert.ok((await curl(way, String(numberOf(name)))).equals(bytes), name)
      })

      test('gets a notice in the place of the virus, and the rest untouched', async () => {
        const number = numberOf('eicar-zip')
        const delivered = await curl(way, String(number))
        assertNoneOf(PAYLOADS, delivered)
        assertOnlyPartChanged(delivered, original(number), 2, 'photos-0001')
        const mail = await parseMail(delivered)
        assert.deepEqual(mail.defects, [])
        const [note = '', notice = '', ...more] = textsOf(mail)
        assert.match(note, /^Here they are\./)
        assert.match(notice, /^Virus: Eicar-Test-Signature$/m)
        assert.match(notice, /^File name: photos\/eicar\.com in photos\.zip$/m)
        assert.match(notice, /^Rule: antivirus\.infected, event \S+$/m)
        assert.deepEqual(more, [])
        assert.ok(!mail.parts.some(({ type }) => type === 'application/zip'))
      })

      test('gets a notice in the place of the program that says it is a PDF', async () => {
        const number = numberOf('disguised-exe')
        const delivered = await curl(way, String(number))
        assertNoneOf(PAYLOADS, delivered)
        assertOnlyPartChanged(delivered, original(number), 2, 'invoice-0001')
        const mail = await parseMail(delivered)
        assert.deepEqual(mail.defects, [])
        const [, notice = ''] = textsOf(mail)
        assert.match(notice, /^Content type: application\/x-msdownload$/m)
        assert.match(notice, /^File name: invoice\.pdf$/m)
        assert.match(notice, /^Rule: programs, event \S+$/m)
      })

      test('gets neither the script nor the program whose name reads backwards', async () => {
        const delivered = await curl(way, String(numberOf('double-extension')))
        assertNoneOf([...PAYLOADS, Buffer.from("WScript.Echo('This does nothing.')")], delivered)
        const mail = await parseMail(delivered)
        assert.deepEqual(mail.defects, [])
        const names = mail.parts.flatMap(({ name }) => name ?? [])
        assert.deepEqual(names, ['photo.jpg.js.age'])
        assert.match(
          mail.parts.find(({ name }) => name !== undefined)?.content.toString('latin1') ?? '',
          /^age-encryption\.org\/v1\n/,
        )
      })
    })

  test('curl does not trust the certificate by itself', async () => {
    const url = `pop3s://localhost:${ports.pop3s}/`
    const { code } = await run(pathOf('curl'), ['-sS', '--max-time', '30', '--user', 'demo:demo', url])
    assert.equal(code, 60)
  })

  test('the certificate is the Proxy Authority’s', async () => {
    const connect = ['-connect', `localhost:${ports.pop3s}`, '-servername', 'localhost', '-CAfile', authority]
    const session = await run(pathOf('openssl'), ['s_client', ...connect, '-verify_return_error'])
    assert.match(session.stdout.toString(), /^Verify return code: 0 \(ok\)/m)
    const shown = await run(pathOf('openssl'), ['x509', '-noout', '-issuer'], { input: session.stdout })
    assert.match(shown.stdout.toString(), /CN ?= ?Postern Proxy Authority/)
  })

  function original(number: number): Buffer {
    return mailbox[number - 1]?.bytes ?? assert.fail(`no mail ${number}`)
  }
})
