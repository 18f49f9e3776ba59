/**
 * Real clients against the demo server: curl over the three ways, Python's poplib for every octet.
 */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { certificates, startServer } from './harness.ts'
import { demoMailbox } from './index.ts'

const mailbox = demoMailbox()
const runProgram = promisify(execFile)
const run = (file: string, args: readonly string[]) =>
  runProgram(file, args, { encoding: 'buffer', maxBuffer: 32 * 1024 * 1024, timeout: 30_000 })
const skipWithout = (program: string) => (existsSync(program) ? false : `${program} is not installed`)

describe('curl', { skip: skipWithout('/usr/bin/curl') }, () => {
  const ways = [
    ['pop3', []],
    ['pop3', ['--ssl-reqd', '--cacert', certificates.caFile]],
    ['pop3s', ['--cacert', certificates.caFile]],
  ] as const
  for (const [scheme, options] of ways) {
    test(`${scheme} ${options.length > 2 ? 'with STLS' : ''}: lists, and fetches every mail octet by octet`, async (t) => {
      const server = await startServer(t, { mailbox })
      const url = `${scheme}://localhost:${server.ports[scheme]}/`
      const curl = async (path: string) =>
        (await run('/usr/bin/curl', ['-sS', '-u', 'demo:demo', ...options, url + path])).stdout
      const list = mailbox.map((mail, index) => `${index + 1} ${mail.bytes.length}\r\n`).join('')
      assert.equal((await curl('')).toString(), list)
      for (const [index, mail] of mailbox.entries()) {
        assert.ok((await curl(`${index + 1}`)).equals(mail.bytes), mail.name)
      }
    })
  }

  for (const mechanism of ['PLAIN', 'LOGIN', '+APOP']) {
    test(`logs in by ${mechanism}`, async (t) => {
      const server = await startServer(t, { mailbox })
      const login = ['-sS', '-u', 'demo:demo', '--login-options', `AUTH=${mechanism}`]
      const { stdout } = await run('/usr/bin/curl', [...login, `pop3://localhost:${server.ports.pop3}/1`])
      assert.ok(mailbox[0] && stdout.equals(mailbox[0].bytes))
    })
  }

  test('refuses the certificate when it is not told of the root', async (t) => {
    const server = await startServer(t, { mailbox })
    const url = `pop3s://localhost:${server.ports.pop3s}/`
    await assert.rejects(run('/usr/bin/curl', ['-sS', '-u', 'demo:demo', url]), { code: 60 })
  })
})

const POPLIB = `
import hashlib, json, poplib, ssl, sys
way, port, root = sys.argv[1:]
context = ssl.create_default_context(cafile=root)
poplib._MAXLINE = 1 << 20
if way == 'pop3s':
    box = poplib.POP3_SSL('localhost', int(port), context=context, timeout=20)
else:
    box = poplib.POP3('localhost', int(port), timeout=20)
    if way == 'stls':
        box.stls(context)
if way == 'pop3':
    box.apop('demo', 'demo')
else:
    box.user('demo'); box.pass_('demo')
out = []
for number in range(1, box.stat()[0] + 1):
    _, lines, _ = box.retr(number)
    octets = b''.join(line + b'\\r\\n' for line in lines)
    head = b''.join(line + b'\\r\\n' for line in box.top(number, 0)[1])
    out.append([box.uidl(number).split()[2].decode(), len(octets), hashlib.sha256(octets).hexdigest(), octets.startswith(head)])
box.quit()
print(json.dumps(out))
`

describe('poplib', { skip: skipWithout('/usr/bin/python3') }, () => {
  for (const way of ['pop3', 'stls', 'pop3s'] as const) {
    test(`${way}: every mail has its unique-id, its size and its octets`, async (t) => {
      const server = await startServer(t, { mailbox })
      const port = way === 'pop3s' ? server.ports.pop3s : server.ports.pop3
      const { stdout } = await run('/usr/bin/python3', ['-c', POPLIB, way, `${port}`, certificates.caFile])
      const expected = mailbox.map(({ uidl, bytes }) => [
        uidl,
        bytes.length,
        createHash('sha256').update(bytes).digest('hex'),
        true,
      ])
      assert.deepEqual(JSON.parse(stdout.toString()), expected)
    })
  }
})
