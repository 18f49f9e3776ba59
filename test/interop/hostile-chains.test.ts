/**
 * Servers with certificates that nobody should accept: the client reads why it is refused, and the
 * server never hears a user name or a password.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { openAuthority } from '../../src/adapters/ca/index.ts'
import { type ChainCase, type HostileCase, makeHostileChains } from '../chains/hostile.ts'
import { maildrop } from '../support/maildrop.ts'
import { freePorts } from '../support/ports.ts'
import { type Postern, startPostern } from '../support/postern.ts'
import { skipWithout } from '../support/programs.ts'
import { startUpstream, type Upstream } from '../support/upstream.ts'
import { dial, dialTls, upgrade } from '../support/wire.ts'

const skip = skipWithout('openssl')
const directory = mkdtempSync(join(tmpdir(), 'postern-hostile-'))
const dataDirectory = join(directory, 'data')
const NAMES = fileURLToPath(new URL('../support/loopback-names.mjs', import.meta.url))

/** One server twice, TLS at once and by STLS, each behind ports of Postern's own. */
interface Target {
  readonly implicit: Upstream
  readonly stls: Upstream
  readonly ports: Readonly<Record<Kind, { readonly pop3: number; readonly pop3s: number }>>
}
type Kind = 'pop3s' | 'pop3+stls'
const KINDS: readonly Kind[] = ['pop3s', 'pop3+stls']

// The chains have to be there before the tests can be named. Postern's own authority is made first,
// where it will find it: one of the chains is signed with it.
const authority = await openAuthority({ directory: dataDirectory })
const { trustedRoot, cases, good } = await makeHostileChains(directory, authority)
authority.close()

describe('a server with a hostile certificate', { skip }, () => {
  const targets = new Map<string, Target>()
  let postern: Postern
  let trusted = ''

  before(async () => {
    const trustFile = join(directory, 'trusted.pem')
    writeFileSync(trustFile, trustedRoot)
    const all = [good, ...cases]
    const free = await freePorts(all.length * 4)
    const policies: unknown[] = []
    for (const [index, one] of all.entries()) {
      const [a = 0, b = 0, c = 0, d = 0] = free.slice(4 * index)
      const target: Target = {
        implicit: await serve(one, true),
        stls: await serve(one, false),
        ports: { pop3s: { pop3: a, pop3s: b }, 'pop3+stls': { pop3: c, pop3s: d } },
      }
      targets.set(one.name, target)
      for (const kind of KINDS)
        policies.push({
          ...{ name: `${kind} ${index}`, from: 'any', action: 'POP3-Client.Standard', stls: 'offered' },
          ...{ listen: ['127.0.0.1'], ports: target.ports[kind] },
          upstream: `${kind}://${one.host}:${upstreamOf(target, kind).port}`,
        })
    }
    postern = await startPostern({
      ...{ dataDirectory, nodeArguments: [`--import=${NAMES}`] },
      configuration: { certificates: { trusted: [trustFile] }, policies },
    })
    trusted = readFileSync(postern.authorityFile, 'utf8')
  })
  after(async () => {
    await postern?.stop()
    for (const { implicit, stls } of targets.values()) {
      await implicit.stop()
      await stls.stop()
    }
    rmSync(directory, { recursive: true, force: true })
  })

  const targetOf = ({ name }: ChainCase) => targets.get(name) ?? assert.fail(`no target for ${name}`)

  test('there are at least 30 chains', () => {
    assert.ok(cases.length >= 30)
  })

  for (const kind of KINDS)
    test(`the sound chain is accepted over ${kind}`, async () => {
      const target = targetOf(good)
      const { wire, socket } = await dialTls(target.ports[kind].pop3s, {
        authority: trusted,
        servername: good.host,
      })
      assert.match(await wire.line(), /^\+OK/)
      assert.match(await wire.command('USER somebody'), /^\+OK/)
      assert.match(await wire.command('PASS something'), /^\+OK/)
      socket.destroy()
      assert.match(heard(upstreamOf(target, kind)), /USER somebody/)
    })

  for (const one of cases)
    for (const kind of KINDS)
      test(`${one.name}, over ${kind}`, async () => {
        const target = targetOf(one)
        const { pop3, pop3s } = target.ports[kind]
        for (const greeting of [await greetingInTls(pop3s, one), await greetingInClear(pop3)])
          isReadable(greeting, one)
        const upstream = upstreamOf(target, kind)
        assert.ok(upstream.sessions.length >= 1, 'Postern never looked at the certificate')
        assert.doesNotMatch(heard(upstream), /USER|PASS|AUTH|APOP/i)
      })

  /** What a client reads that comes by TLS and tries to log in without waiting. */
  async function greetingInTls(port: number, { host }: HostileCase): Promise<string> {
    // The leaf of a refusal may carry no name: what is asked here is who signed it, and that it can be read.
    const servername = host.startsWith('127.') ? 'localhost' : host
    return conversation(await dialTls(port, { authority: trusted, servername, checkName: false }))
  }

  async function greetingInClear(port: number): Promise<string> {
    const connection = await dial(port)
    const first = await connection.wire.line()
    if (!first.startsWith('+OK')) {
      connection.socket.destroy()
      return first
    }
    // The refusal may wait until the client's own TLS is up.
    assert.match(await connection.wire.command('STLS'), /^\+OK/)
    return conversation(await upgrade(connection, { authority: trusted, checkName: false }))
  }
})

async function conversation({ wire, socket }: Awaited<ReturnType<typeof dial>>): Promise<string> {
  wire.send('USER somebody\r\nPASS something\r\n')
  const said = (await wire.rest()).toString('latin1')
  socket.destroy()
  return said.split('\r\n')[0] ?? ''
}

function isReadable(greeting: string, { expect }: HostileCase): void {
  assert.match(greeting, /^-ERR \[SYS\/PERM\] /)
  assert.ok(Buffer.byteLength(greeting, 'latin1') + 2 <= 512, 'RFC 2449 §4: a reply has at most 512 octets')
  // The pattern is anchored to the fault's text, which stands somewhere in the line.
  assert.match(greeting, new RegExp(expect.source.replace(/^\^/, '').replace(/\$$/, '')))
}

function serve({ chain, key }: ChainCase, implicit: boolean): Promise<Upstream> {
  return startUpstream({
    ...{ certificate: chain, key, implicit, ciphers: 'DEFAULT:@SECLEVEL=0' },
    script: maildrop({ messages: [], stls: !implicit }),
  })
}

const upstreamOf = (target: Target, kind: Kind) => (kind === 'pop3s' ? target.implicit : target.stls)

/** All that a server was told, in whatever way. */
function heard(upstream: Upstream): string {
  return upstream.sessions
    .map(({ inClear, inTls }) => `${inClear.toString('latin1')}${inTls.toString('latin1')}`)
    .join('\n')
}
