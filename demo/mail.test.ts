/**
 * The sample mails are what their descriptions say: Python's email and zipfile packages
 * read them, because they share no code with the writer.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { test } from 'node:test'
import { mailOf } from './harness.ts'
import { demoMailbox } from './mail.ts'
import { createMaildrop, type DemoMail } from './maildrop.ts'
import { eicar, emptyProgram } from './payloads.ts'

const mailbox = demoMailbox()
const named = (name: string): DemoMail => {
  const mail = mailbox.find((candidate) => candidate.name === name)
  assert.ok(mail, name)
  return mail
}
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test('the mailbox is the same at every run and fit for the wire', () => {
  assert.equal(mailbox.length, 12)
  assert.deepEqual(
    demoMailbox().map((mail) => sha256(mail.bytes)),
    mailbox.map((mail) => sha256(mail.bytes)),
  )
  const view = createMaildrop(mailbox).open()
  assert.equal(
    view?.octets,
    mailbox.reduce((sum, mail) => sum + mail.bytes.length, 0),
  )
})

test('the EICAR file is the one its makers publish, and no mail holds it in clear', () => {
  assert.equal(sha256(eicar()), '275a021bbfb6489e54d471899f7db9d1663fc695ec2fe2a2c4538aabf651fd0f')
  for (const mail of mailbox) assert.ok(!Buffer.from(mail.bytes).includes('EICAR-STANDARD'), mail.name)
})

test('a bare LF, a bare CR, a bad or repeated unique-id are refused', () => {
  for (const content of ['a\nb\r\n', '\n', 'a\rb\r\n', 'a\r']) {
    assert.throws(() => createMaildrop([mailOf(content)]), TypeError, JSON.stringify(content))
  }
  assert.throws(() => createMaildrop([{ ...mailOf(''), uidl: 'with space' }]), TypeError)
  assert.throws(() => createMaildrop([{ ...mailOf(''), uidl: 'x'.repeat(71) }]), TypeError)
  assert.throws(() => createMaildrop([mailOf(''), mailOf('')]), TypeError)
})

const PYTHON = '/usr/bin/python3'
const READER = `
import email, email.policy, hashlib, io, json, sys, zipfile
mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
parts = []
for part in mail.walk():
    if part.is_multipart(): continue
    content = part.get_payload(decode=True)
    members = {}
    if content[:2] == b'PK':
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert archive.testzip() is None
            members = {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}
    parts.append({'type': part.get_content_type(), 'name': part.get_filename(), 'members': members,
                  'sha256': hashlib.sha256(content).hexdigest()})
print(json.dumps({'subject': mail['subject'], 'from': mail['from'], 'parts': parts,
                  'date': mail['date'].datetime.strftime('%a, %d %b %Y %H:%M:%S %z') == mail['date']}))
`
interface Read {
  readonly subject: string
  readonly from: string
  readonly date: boolean
  readonly parts: readonly {
    readonly type: string
    readonly name: string | null
    readonly sha256: string
    readonly members: Readonly<Record<string, string>>
  }[]
}

function read(mail: DemoMail): Read {
  const { stdout, stderr } = spawnSync(PYTHON, ['-c', READER], { input: mail.bytes, encoding: 'utf8' })
  assert.equal(stderr, '')
  const answer: unknown = JSON.parse(stdout)
  if (!isRead(answer)) throw new TypeError(`the reader answered ${stdout}`)
  return answer
}

/** Whether the script above answered in its own shape: everything it was asked, in each part. */
function isRead(value: unknown): value is Read {
  return (
    has(value, 'subject', 'from', 'date', 'parts') &&
    Array.isArray(value.parts) &&
    value.parts.every((part: unknown) => has(part, 'type', 'name', 'sha256', 'members'))
  )
}

function has<Key extends string>(value: unknown, ...keys: readonly Key[]): value is Record<Key, unknown> {
  return typeof value === 'object' && value !== null && keys.every((key) => key in value)
}

test('another reader sees the types, names and contents that the samples are made for', {
  skip: existsSync(PYTHON) ? false : `${PYTHON} is not installed`,
}, () => {
  const names = (mail: string) => read(named(mail)).parts.map((part) => part.name)
  const zipped = read(named('eicar-zip')).parts[1]
  assert.equal(zipped?.members['photos/eicar.com'], sha256(eicar()))
  const [, disguised] = read(named('disguised-exe')).parts
  assert.deepEqual([disguised?.type, disguised?.name], ['application/pdf', 'invoice.pdf'])
  assert.equal(disguised?.sha256, sha256(emptyProgram()))
  assert.equal(read(named('forged')).from, '"Your Bank <security@bank.example>" <offers@bulk.example>')
  const international = read(named('international'))
  assert.equal(international.subject, 'Café naïfПривет日本語')
  assert.equal(international.from, 'Анна Каренина <anna@demo.example>')
  assert.deepEqual(names('international'), [null, 'Письмо из Москвы и 東京の手紙.txt'])
  assert.deepEqual(names('forwarded'), [null, null, 'figures.csv'])
  assert.deepEqual(names('double-extension'), [null, 'photo.jpg.js', 'invoice_\u202Efdp.exe'])
  for (const mail of mailbox) assert.ok(read(mail).date, `${mail.name}: the weekday does not fit the date`)
})

test('the special ones have what makes them special', () => {
  assert.ok(named('five-megabytes').bytes.length > 5_000_000)
  assert.ok(Buffer.from(named('dots').bytes).includes(`\r\n.\r\n.hidden\r\n${'x'.repeat(5_000)}\r\n`))
  assert.ok(Buffer.from(named('empty').bytes).subarray(-4).equals(Buffer.from('\r\n\r\n')))
  assert.ok(named('eight-bit').bytes.some((octet) => octet > 127))
})
