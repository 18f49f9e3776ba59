/**
 * Every client, in every mode, through Postern to every kind of upstream: what arrives is what lies in
 * the maildir. The first group goes straight to Dovecot, so that a fault of the harness shows as one.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { TRANSPORT } from '../support/actions.ts'
import { type Certificates, makeCertificates } from '../support/certificates.ts'
import { digest, type Message, makeCorpus } from '../support/corpus.ts'
import { type Dovecot, startDovecot } from '../support/dovecot.ts'
import { freePorts } from '../support/ports.ts'
import { type Postern, startPostern } from '../support/postern.ts'
import { skipWithout } from '../support/programs.ts'
import { type Account, CLIENTS, type Client, MODES, type Mode } from './clients.ts'

const UPSTREAMS = ['pop3', 'pop3+stls', 'pop3s'] as const
const USER = 'reader'
const corpus = makeCorpus()

describe('mail is the same through Postern', { skip: skipWithout('dovecot', 'openssl') }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'postern-matrix-'))
  let dovecot: Dovecot | undefined
  let certificates: Certificates | undefined
  let straight: Account | undefined
  /** What fetchmail makes of the mails that it rewrites, as it came straight from Dovecot. */
  const rewritten = new Map<string, Buffer>()

  before(async () => {
    certificates = makeCertificates(directory)
    dovecot = await startDovecot({ ...certificates, users: [USER], messages: corpus })
    const { ports, password } = dovecot
    const { authorityFile } = certificates
    straight = { ports, authorityFile, user: USER, password, count: corpus.length }
  })
  after(async () => {
    await dovecot?.stop()
    rmSync(directory, { recursive: true, force: true })
  })

  test('there are at least 200 mails, and Dovecot has them all', () => {
    assert.ok(corpus.length >= 200)
    assert.deepEqual(
      dovecot?.mailbox(USER),
      corpus.map(({ name }) => name),
    )
  })

  describe('straight from Dovecot', () => {
    for (const [client, mode] of pairs())
      test(`${client.name}, ${mode}`, { skip: skipWithout(client.program) }, async () => {
        const mails = await client.fetch(straight ?? assert.fail(), mode)
        const rewrites = client.rewrites ?? new Map<string, string>()
        assert.deepEqual(
          differences(client, mails).map(({ name }) => name),
          [...rewrites.keys()].sort(inCorpus),
        )
        for (const [index, { name }] of corpus.entries()) {
          const mail = mails[index]
          if (rewrites.has(name) && mail !== undefined) rewritten.set(name, mail)
        }
      })
  })

  describe('through Postern', () => {
    let postern: Postern | undefined
    const accounts = new Map<string, Account>()
    before(async () => {
      const ports = await freePorts(UPSTREAMS.length * 2)
      const policies = UPSTREAMS.map((kind, index) => ({
        ...{ name: kind, from: 'any', action: TRANSPORT.name, tlsSupport: 'enabled' },
        ...{
          stls: 'offered',
          listen: ['127.0.0.1'],
          ports: { pop3: ports[2 * index], pop3s: ports[2 * index + 1] },
        },
        upstream: `${kind}://localhost:${kind === 'pop3s' ? dovecot?.ports.pop3s : dovecot?.ports.pop3}`,
      }))
      postern = await startPostern({
        configuration: {
          certificates: { trusted: [certificates?.authorityFile] },
          proxyActions: [TRANSPORT],
          policies,
        },
      })
      for (const [index, kind] of UPSTREAMS.entries())
        accounts.set(kind, {
          ...(straight ?? assert.fail()),
          ports: { pop3: ports[2 * index] ?? 0, pop3s: ports[2 * index + 1] ?? 0 },
          authorityFile: postern.authorityFile,
        })
    })
    after(() => postern?.stop())

    for (const upstream of UPSTREAMS)
      describe(`to ${upstream}`, () => {
        for (const [client, mode] of pairs())
          test(`${client.name}, ${mode}`, { skip: skipWithout(client.program) }, async () => {
            const mails = await client.fetch(accounts.get(upstream) ?? assert.fail(), mode)
            assert.deepEqual(differences(client, mails, rewritten), [])
          })
      })

    test('Postern found no fault, and nothing was deleted', () => {
      const faults = [
        'protocol.violation',
        'internal.fault',
        'message.failed',
        'upstream.failed',
        'tls.failed',
      ]
      assert.deepEqual(
        postern?.events.filter(({ code }) => faults.includes(code)),
        [],
      )
      assert.equal(dovecot?.mailbox(USER).length, corpus.length)
    })
  })
})

function pairs(): [Client, Mode][] {
  return CLIENTS.flatMap((client) => MODES.map((mode): [Client, Mode] => [client, mode]))
}

const inCorpus = (one: string, other: string) => place(one) - place(other)
const place = (name: string) => corpus.findIndex((each) => each.name === name)

interface Difference {
  readonly name: string
  readonly got: string
  readonly wanted: string
  readonly at: number
}

/** The mails that are not what they should be: as in the maildir, or as the client itself rewrites them. */
function differences(
  client: Client,
  mails: readonly Buffer[],
  rewritten?: ReadonlyMap<string, Buffer>,
): Difference[] {
  assert.equal(mails.length, corpus.length, 'number of mails')
  const found: Difference[] = []
  for (const [index, message] of corpus.entries()) {
    const got = mails[index] ?? assert.fail()
    const wanted = wantedOf(client, message, rewritten)
    if (!got.equals(wanted))
      found.push({ name: message.name, at: firstDifference(got, wanted), got: sum(got), wanted: sum(wanted) })
  }
  return found
}

function wantedOf(
  client: Client,
  { name, expected }: Message,
  rewritten?: ReadonlyMap<string, Buffer>,
): Buffer {
  const own = client.rewrites?.has(name) === true ? rewritten?.get(name) : undefined
  return own ?? client.keeps?.(expected) ?? expected
}

const sum = (bytes: Buffer) => `${bytes.length} octets, ${digest(bytes).slice(0, 16)}`

function firstDifference(one: Buffer, other: Buffer): number {
  const length = Math.min(one.length, other.length)
  for (let index = 0; index < length; index += 1) if (one[index] !== other[index]) return index
  return length
}
