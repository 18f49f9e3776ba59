/** What clients of a Dovecot get when Postern asks a real clamd: parts stripped and locked, the rest untouched. */
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { zip } from '../../demo/zip.ts'
import { sevenZip } from '../support/archives.ts'
import { type Clamd, eicar, startClamd } from '../support/clamd.ts'
import { type Mailroom, startMailroom } from '../support/mailroom.ts'
import { type ParsedMail, parseMail, textsOf } from '../support/parse-mail.ts'
import { assertNoneOf, assertOnlyPartChanged, mailWith, plainMail } from '../support/payloads.ts'
import { run } from '../support/processes.ts'
import { pathOf, skipWithout } from '../support/programs.ts'
import { noise } from '../support/words.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/postern', import.meta.url))
/** Clamd alone knows it, as a whole file. */
const known = Buffer.from('This program is known by its hash alone.\r\n'.repeat(100))
const large = noise(60_000, 1)
const secret = Buffer.from('What nobody can look at without the password, and so nobody has.')
const eicarZip = zip([{ name: 'doc/eicar.txt', method: 'stored', content: eicar }])
const harmless = { name: 'harmless.bin', content: noise(40_000, 2) }

const mails = {
  clean: mailWith('Clean', [harmless]),
  known: mailWith('Known', [harmless, { name: 'report.pdf', content: known }, harmless]),
  eicar: mailWith('Test file', [{ name: 'test.txt', content: eicar }, harmless]),
  zip: mailWith('Zip', [harmless, { name: 'test.zip', content: eicarZip }]),
  large: mailWith('Large', [{ name: 'large.bin', content: large }, harmless]),
  long: mailWith('Long', [...Array<typeof harmless>(8).fill(harmless), { name: 'b.bin', content: known }]),
  // No part of it alone is what clamd knows: only the message.
  spread: plainMail('Spread', ['a', 'b', 'spread over the whole message', 'c']),
  encrypted: mailWith('Encrypted', [
    harmless,
    {
      name: 'secret.zip',
      content: await sevenZip('zip', [{ name: 'secret.txt', content: secret }], '-pword', '-mx0'),
    },
  ]),
}
const payloads = [known, eicar, eicarZip, large, mails.spread.subarray(-44)]

describe('a real clamd', { skip: skipWithout('age', 'clamd', 'dovecot', 'openssl', 'python3') }, () => {
  let clamd: Clamd
  let room: Mailroom<keyof typeof mails, 'Strip' | 'Lock' | 'Small'>
  before(async () => {
    clamd = await startClamd({
      known: { 'Test.Known': known, 'Test.Spread': mails.spread },
    })
    room = await startMailroom({
      mails,
      actions: {
        Strip: { antivirus: { encrypted: 'strip' } },
        Lock: { antivirus: { infected: 'lock' } },
        Small: { antivirus: { scanLimit: '50KiB', tooLarge: 'strip' } },
      },
      configuration: { scanners: { clamav: { address: clamd.socket, scanLimit: '300KiB', connections: 2 } } },
    })
  })
  after(async () => {
    await room?.stop()
    await clamd?.stop()
  })

  /** A valid mail without any of the payloads. */
  const fetch = async (action: 'Strip' | 'Lock' | 'Small', mail: keyof typeof mails) => {
    const fetched = await room.fetch(action, mail)
    assert.match(fetched.status, /^\+OK/)
    assertNoneOf(payloads, fetched.mail)
    const parsed = await parseMail(fetched.mail)
    assert.deepEqual(parsed.defects, [])
    return { mail: fetched.mail, parsed }
  }
  const notice = (parsed: ParsedMail) => textsOf(parsed).at(-1) ?? ''

  test('a clean mail is the same, octet by octet', async () => {
    const { mail } = await fetch('Strip', 'clean')
    assert.ok(mail.equals(mails.clean))
  })

  const stripped = [
    { mail: 'known', part: 3, virus: 'Test.Known.UNOFFICIAL', by: 'clamav' },
    { mail: 'eicar', part: 2, virus: 'Eicar-Test-Signature', by: 'embedded' },
    { mail: 'zip', part: 3, virus: 'Eicar-Test-Signature', by: 'embedded' },
  ] as const
  for (const { mail: name, part, virus, by } of stripped)
    test(`infected (${name}): a notice in the place of the part, the others untouched`, async () => {
      const { mail, parsed } = await fetch('Strip', name)
      assertOnlyPartChanged(mail, mails[name], part)
      assert.ok(notice(parsed).includes(`\nVirus: ${virus}\n`), notice(parsed))
      await room.postern.event('message.infected', (event) => event.virus === virus && event.scanner === by)
      await room.postern.event(
        'message.infected',
        (event) => event.scanner === 'clamav' && event.number === numberOf(name),
      )
    })

  test('infected, and no part is to blame: a notice in the place of the message', async () => {
    const { parsed } = await fetch('Strip', 'spread')
    assert.match(notice(parsed), /\nVirus: Test\.Spread\.UNOFFICIAL\n/)
    assert.deepEqual(
      parsed.headers.find(([name]) => name === 'Subject'),
      ['Subject', '[suspicious] Spread'],
    )
  })

  test('more than clamd is sent at a time: each part is scanned by itself', async () => {
    assert.ok(mails.long.length > 300 * 1024)
    const { mail, parsed } = await fetch('Strip', 'long')
    assertOnlyPartChanged(mail, mails.long, 10)
    assert.match(notice(parsed), /\nVirus: Test\.Known\.UNOFFICIAL\n/)
  })

  test('a part over scanLimit gets what tooLarge says', async () => {
    const { mail, parsed } = await fetch('Small', 'large')
    assertOnlyPartChanged(mail, mails.large, 2)
    assert.match(notice(parsed), /\nReason: It has 60000 octets(?:.*\n)+Rule: antivirus\.tooLarge,/)
  })

  test('an encrypted zip gets what encrypted says', async () => {
    const { mail, parsed } = await fetch('Strip', 'encrypted')
    assertOnlyPartChanged(mail, mails.encrypted, 3)
    assert.match(notice(parsed), /\nRule: antivirus\.encrypted, event \S+/)
    const locked = await fetch('Small', 'encrypted')
    assert.deepEqual(
      agesOf(locked.parsed).map(({ name }) => name),
      ['secret.zip.age'],
    )
  })

  test('locked: the age file opens to the original octets, with age and with postern unlock', async () => {
    const { mail, parsed } = await fetch('Lock', 'known')
    assertOnlyPartChanged(mail, mails.known, 3)
    const [locked, ...more] = agesOf(parsed)
    assert.deepEqual(more, [])
    assert.equal(locked?.name, 'report.pdf.age')
    assert.match(textsOf(parsed).join(), /report\.pdf\.age/)
    const directory = mkdtempSync(join(tmpdir(), 'postern-locked-'))
    try {
      const file = join(directory, 'report.pdf.age')
      writeFileSync(file, locked.content)
      const identity = join(room.dataDirectory, 'lock-identity.txt')
      const opened = await run(pathOf('age'), ['-d', '-i', identity, file])
      assert.equal(opened.code, 0, opened.stderr)
      assert.ok(opened.stdout.equals(known))
      const unlocked = await run(process.execPath, [PROGRAM, 'unlock', file, '--identity', identity])
      assert.equal(unlocked.code, 0, unlocked.stderr)
      assert.ok(readFileSync(join(directory, 'report.pdf')).equals(known))
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  })

  test('twenty clients at once, two connections to clamd: each gets its verdict', async () => {
    const fetched = await Promise.all(
      Array.from({ length: 20 }, (_, index) => fetch('Strip', index % 2 === 0 ? 'known' : 'clean')),
    )
    for (const [index, { mail }] of fetched.entries())
      if (index % 2 === 0) assertOnlyPartChanged(mail, mails.known, 3)
      else assert.ok(mail.equals(mails.clean))
  })

  test('nothing was deleted, and nothing infected was seen by anybody', () => {
    assert.deepEqual(room.stored().length, Object.keys(mails).length)
    assertNoneOf(payloads, room.seen())
    assert.ok(room.seen().length > 0)
  })
})

const numberOf = (name: keyof typeof mails): number => Object.keys(mails).indexOf(name) + 1
const agesOf = ({ parts }: ParsedMail) => parts.filter(({ name }) => name?.endsWith('.age'))
