/**
 * Plaintext behind STLS, on either leg (RFC 2595 §4; CVE-2011-0411, CVE-2021-22947): nothing of it is
 * used, whatever way it is cut into segments, and the session ends.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Certificates, makeCertificates } from '../support/certificates.ts'
import { maildrop } from '../support/maildrop.ts'
import { freePort } from '../support/ports.ts'
import { type Postern, startPostern } from '../support/postern.ts'
import { skipWithout } from '../support/programs.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { type Connection, dial, upgrade } from '../support/wire.ts'

const RESIDUE = 'evil'
/** Long enough for the first segment to be read by itself, on a busy machine too; a longer wait finds no more. */
const BETWEEN_SEGMENTS = 15

describe('plaintext behind STLS', { skip: skipWithout('openssl') }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'postern-residue-'))
  let certificates: Certificates
  before(() => {
    certificates = makeCertificates(directory)
  })
  after(() => rmSync(directory, { recursive: true, force: true }))

  describe('from the client', () => {
    const attack = `STLS\r\nUSER ${RESIDUE}\r\nPASS ${RESIDUE}\r\n`
    let upstream: Upstream
    let postern: Postern
    let port = 0
    before(async () => {
      const { certificate, key } = certificates
      upstream = await startUpstream({ certificate, key, script: maildrop({ messages: [], stls: true }) })
      ;[postern, port] = await inFrontOf(`pop3+stls://localhost:${upstream.port}`, certificates)
    })
    after(async () => {
      await postern.stop()
      await upstream.stop()
    })

    test('an STLS with nothing behind it works', async () => {
      const connection = await dial(port)
      assert.match(await connection.wire.line(), /^\+OK/)
      assert.match(await connection.wire.command('STLS'), /^\+OK/)
      const { wire, socket } = await upgrade(connection, {
        authority: readFileSync(postern.authorityFile, 'utf8'),
      })
      assert.match(await wire.command('USER good'), /^\+OK/)
      socket.destroy()
    })

    for (let cut = 0; cut < attack.length; cut += 1)
      test(cut === 0 ? 'in one segment' : `cut after ${cut} octets`, async () => {
        const earlier = upstream.sessions.length
        const connection = await dial(port)
        const { wire, socket } = connection
        assert.match(await wire.line(), /^\+OK/)
        await inTwo(connection, attack, cut)
        const said = (await wire.rest()).toString('latin1')
        socket.destroy()
        assert.ok(said.split('\r\n').filter((line) => line.startsWith('+OK')).length <= 1, said)
        assert.ok(!said.includes(RESIDUE), said)
        nothingOf(RESIDUE, upstream.sessions.slice(earlier))
      })

    test('a handshake after the residue does not save the session', async () => {
      const earlier = upstream.sessions.length
      const connection = await dial(port)
      assert.match(await connection.wire.line(), /^\+OK/)
      connection.wire.send(attack)
      await assert.rejects(async () => {
        const answer = await connection.wire.line()
        assert.match(answer, /^\+OK/)
        const { wire } = await upgrade(connection, { authority: readFileSync(postern.authorityFile, 'utf8') })
        await wire.command('NOOP')
      })
      connection.socket.destroy()
      nothingOf(RESIDUE, upstream.sessions.slice(earlier))
    })
  })

  describe('from the server', () => {
    const attack = `+OK begin TLS\r\n+OK ${RESIDUE}\r\n`
    let upstream: Upstream
    let postern: Postern
    let port = 0
    /** Where the next session cuts its reply. */
    let cut = 0
    before(async () => {
      const { certificate, key } = certificates
      upstream = await startUpstream({
        ...{ certificate, key },
        script: async (session) => {
          await session.send('+OK ready\r\n')
          for (;;) {
            const line = await session.line()
            if (line === 'CAPA') await session.send('+OK\r\nUSER\r\nSTLS\r\n.\r\n')
            else if (line === 'STLS') break
            else await session.send('+OK\r\n')
          }
          if (cut > 0) {
            await session.send(attack.slice(0, cut))
            await pause(BETWEEN_SEGMENTS)
          }
          await session.send(attack.slice(cut))
          // The attacker lets the handshake go on.
          await session.startTls()
          for (;;) {
            await session.line()
            await session.send('+OK\r\n')
          }
        },
      })
      ;[postern, port] = await inFrontOf(`pop3+stls://localhost:${upstream.port}`, certificates)
    })
    after(async () => {
      await postern.stop()
      await upstream.stop()
    })

    for (let at = 0; at < attack.length; at += 1)
      test(at === 0 ? 'in one segment' : `cut after ${at} octets`, async () => {
        cut = at
        const earlier = upstream.sessions.length
        const { wire, socket } = await dial(port)
        wire.send('USER good\r\nPASS secret\r\n')
        const said = (await wire.rest()).toString('latin1')
        socket.destroy()
        assert.match(said, /^-ERR \[SYS\/(TEMP|PERM)\] /)
        assert.ok(!said.includes(RESIDUE), said)
        assert.equal(upstream.sessions.length, earlier + 1)
        noCredentials(upstream.sessions.slice(earlier))
      })
  })
})

/** Postern with one policy in front of `upstream`, and its pop3 port. */
async function inFrontOf(upstream: string, { authorityFile }: Certificates): Promise<[Postern, number]> {
  const pop3 = await freePort()
  const policy = { name: 'residue', from: 'any', action: 'POP3-Client.Standard', stls: 'offered' }
  const place = { listen: ['127.0.0.1'], ports: { pop3, pop3s: await freePort() }, upstream }
  const postern = await startPostern({
    configuration: { certificates: { trusted: [authorityFile] }, policies: [{ ...policy, ...place }] },
  })
  return [postern, pop3]
}

async function inTwo({ wire }: Connection, text: string, cut: number): Promise<void> {
  if (cut > 0) {
    wire.send(text.slice(0, cut))
    await pause(BETWEEN_SEGMENTS)
  }
  wire.send(text.slice(cut))
}

function nothingOf(residue: string, sessions: Upstream['sessions']): void {
  for (const { inClear, inTls } of sessions)
    assert.ok(!inClear.includes(residue) && !inTls.includes(residue), 'the residue reached the server')
}

function noCredentials(sessions: Upstream['sessions']): void {
  for (const { commands } of sessions)
    assert.deepEqual(
      commands.filter((line) => /^(USER|PASS|AUTH|APOP)\b/i.test(line)),
      [],
    )
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds))
