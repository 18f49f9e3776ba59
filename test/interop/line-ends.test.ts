/**
 * Messages whose line ends are not CRLF, made to look like the end of the message to some client: all
 * clients see the whole of it as one mail, and the replies that follow stay in step.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { TRANSPORT } from '../support/actions.ts'
import { type Gateway, startGateway } from '../support/gateway.ts'
import { maildrop } from '../support/maildrop.ts'
import { skipWithout } from '../support/programs.ts'
import { CLIENTS, type Client } from './clients.ts'

/** What a hostile sender puts behind what it hopes to be the end. */
const FORGED = '+OK forged'
const ENDS = ['\n.\n', '\n.\r\n', '\r\n.\n', '\r.\r', '\n.\r', '\r.\n', '\r\n.\r', '\r.\r\n', '\n\n.\n\n']
const messages = [
  ...ENDS.map((end) => `Subject: smuggled\r\n\r\nbefore${end}${FORGED}\r\nafter\r\n`),
  // Dots at the very start of a message, which Dovecot cannot serve.
  '.\r\n',
  '..\r\n',
  '.first\r\n\r\nbody\r\n',
].map((text) => Buffer.from(text, 'latin1'))
/** Any mix of CR and LF ends up as CRLF, one for each line end: CR, LF or CRLF. */
const canonical = messages.map((each) =>
  Buffer.from(each.toString('latin1').replaceAll(/\r\n|\r|\n/g, '\r\n'), 'latin1'),
)

describe('line ends that a client could take for the end of a message', {
  skip: skipWithout('openssl'),
}, () => {
  const directory = mkdtempSync(join(tmpdir(), 'postern-line-ends-'))
  const authorityFile = join(directory, 'authority.pem')
  let gateway: Gateway
  before(async () => {
    gateway = await startGateway({
      script: maildrop({ messages }),
      action: TRANSPORT.name,
      configuration: { proxyActions: [TRANSPORT] },
    })
    writeFileSync(authorityFile, gateway.authority)
  })
  after(async () => {
    await gateway?.stop()
    rmSync(directory, { recursive: true, force: true })
  })
  const account = () => ({
    ...{ ports: gateway.ports, user: 'somebody', password: 'secret', authorityFile, count: messages.length },
  })
  // fetchmail writes a header into mails that have none, and is left out here.
  const exact = (client: Client) => client.rewrites === undefined

  for (const client of CLIENTS.filter(exact))
    test(`${client.name} sees ${messages.length} mails, in step`, {
      skip: skipWithout(client.program),
    }, async () => {
      const mails = await client.fetch(account(), 'implicit')
      const wanted = canonical.map((each) => client.keeps?.(each) ?? each)
      assert.deepEqual(
        mails.map((each) => each.toString('latin1')),
        wanted.map((each) => each.toString('latin1')),
      )
    })

  test('on the wire there is no bare CR or LF, and every dot at the start of a line is stuffed', async () => {
    const { wire, socket } = await gateway.login()
    for (const number of messages.keys()) {
      const { status, body } = await wire.fetch(`RETR ${number + 1}`)
      assert.match(status, /^\+OK/)
      const text = body.toString('latin1')
      assert.doesNotMatch(text, /\r(?!\n)|(?<!\r)\n/)
      assert.doesNotMatch(text, /(?<=^|\n)\.(?!\.)/)
    }
    assert.match(await wire.command('NOOP'), /^\+OK/)
    assert.equal(wire.pending.length, 0, 'something came behind the last reply')
    socket.destroy()
  })
})
