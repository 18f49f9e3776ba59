import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { makeFolder, postern } from '../../test/support/cli.ts'
import type { Explanation } from '../ports.ts'
import { EXIT } from './exit.ts'
import type { ExplainRequest } from './explain.ts'

const mail = 'Subject: x\r\n\r\nhello\r\n'
const rule = { ruleset: 'fileNames', subject: '2', value: 'a.exe' }
const stripped: Explanation = {
  ...{ action: 'Staff', size: mail.length, sha256: 'aa', from: 'a@example.test', subject: '\x1b[2Jx' },
  parts: [
    {
      ...{ id: 'TEXT', depth: 0, kind: 'multipart', declaredType: 'multipart/mixed', sniffedType: undefined },
      ...{ names: [], size: undefined, sha256: undefined, traits: [] },
    },
    {
      ...{ id: '2', depth: 1, kind: 'leaf', declaredType: '', sniffedType: 'application/zip' },
      ...{ names: ['a.exe', 'a\u202e.txt'], size: 12, sha256: 'bb', traits: ['right-to-left'] },
    },
  ],
  findings: [{ subject: '2', kind: 'trait', what: 'right-to-left', evidence: 'it turns' }],
  rules: [
    { ...rule, rule: 'scripts', matched: false, action: undefined },
    { ...rule, rule: 'programs', matched: true, action: 'strip' },
    { ...rule, rule: 'no match', matched: true, action: 'allow' },
  ],
  decidedBy: { ...rule, rule: 'programs', action: 'strip', reason: 'it is a program', evidence: 'a.exe' },
  changes: [{ ...rule, rule: 'programs', action: 'strip', reason: 'it is a program', evidence: 'a.exe' }],
  ...{ outcome: 'deliver', quarantine: true, refusal: undefined },
  ...{ original: Buffer.from(mail), delivered: Buffer.from(mail.replace('hello', 'a notice')) },
}
const { decidedBy: _, ...rest } = stripped
const clean: Explanation = {
  ...rest,
  ...{ decidedBy: undefined, changes: [], quarantine: false, delivered: stripped.original },
}
const refused: Explanation = { ...stripped, outcome: 'refuse', refusal: 'not now', delivered: undefined }

function explaining(explanation: Explanation | number) {
  const requests: ExplainRequest[] = []
  const explain = (request: ExplainRequest) => {
    requests.push(request)
    return Promise.resolve(explanation)
  }
  return { requests, more: { explain } }
}

test('the text: parts as a tree, findings, the rules that matched, the decision, the difference', async (t) => {
  const { more, requests } = explaining(stripped)
  const folder = makeFolder(t, { 'x.eml': mail })
  const { code, out, err } = await postern(folder, ['explain', 'x.eml', '--action', 'Staff'], undefined, more)
  assert.deepEqual([code, err], [EXIT.ok, ''])
  assert.equal(
    out,
    `Message
  from     a@example.test
  subject  \\u{1b}[2Jx
  size     ${mail.length} octets
  SHA-256  aa

Parts
  TEXT  multipart, multipart/mixed
    2  leaf, no type declared, content application/zip, 12 octets
       named a.exe or a\\u{202e}.txt
       right-to-left
       SHA-256 bb

Findings
  2  trait right-to-left: it turns

Rules of Staff that matched
  fileNames "programs" on 2 (a.exe): matched: strip

Decision
  strip, by fileNames "programs" on 2
  reason   it is a program
  evidence a.exe
  a copy is kept in quarantine

Delivered
  with changes
  strip 2, by fileNames "programs"

@@ -1 +1 @@
 Subject: x
 
-hello
+a notice
`,
  )
  assert.deepEqual(
    requests.map(({ message, ...request }) => ({ message: Buffer.from(message).toString(), ...request })),
    [{ message: mail, action: 'Staff', config: undefined }],
  )
})

test('without an action it is the recommended one, and a configuration is found where it usually is', async (t) => {
  const { more, requests } = explaining(clean)
  const folder = makeFolder(t, { 'x.eml': mail, 'postern.yaml': '' })
  const { out } = await postern(folder, ['explain', 'x.eml'], undefined, more)
  assert.match(out, /\nDecision\n {2}allow: nothing spoke against it\n\nDelivered\n {2}unchanged\n$/)
  assert.deepEqual([requests[0]?.action, requests[0]?.config], ['POP3-Client.Standard', './postern.yaml'])
})

test('--verbose shows every rule that was asked', async (t) => {
  const folder = makeFolder(t, { 'x.eml': mail })
  const { out } = await postern(
    folder,
    ['explain', 'x.eml', '--verbose'],
    undefined,
    explaining(stripped).more,
  )
  assert.match(
    out,
    /"scripts" on 2 \(a\.exe\): no\n.*"programs".*\n.*"no match" on 2 \(a\.exe\): matched: allow\n/,
  )
})

test('--json: the same as data', async (t) => {
  const folder = makeFolder(t, { 'x.eml': mail })
  const { out } = await postern(folder, ['explain', 'x.eml', '--json'], undefined, explaining(stripped).more)
  const { original: __, delivered: ___, ...data } = stripped
  const diff = '@@ -1 +1 @@\n Subject: x\n \n-hello\n+a notice\n'
  const delivered = { changed: true, size: mail.length + 3, diff }
  assert.deepEqual(JSON.parse(out), JSON.parse(JSON.stringify({ ...data, delivered })))
})

test('--out writes what would be delivered', async (t) => {
  const folder = makeFolder(t, { 'x.eml': mail })
  const argv = ['explain', 'x.eml', '--out', 'y.eml']
  assert.equal((await postern(folder, argv, undefined, explaining(stripped).more)).code, EXIT.ok)
  assert.equal(readFileSync(join(folder, 'y.eml'), 'utf8'), mail.replace('hello', 'a notice'))
})

test('where nothing would be delivered nothing is written, and it is said', async (t) => {
  const folder = makeFolder(t, { 'x.eml': mail })
  const argv = ['explain', 'x.eml', '--out', 'y.eml']
  const { code, out, err } = await postern(folder, argv, undefined, explaining(refused).more)
  assert.deepEqual([code, err], [EXIT.ok, 'postern: nothing would be delivered, so y.eml was not written\n'])
  assert.match(out, /nothing; the client is told: not now\n/)
  assert.throws(() => readFileSync(join(folder, 'y.eml')))
})

test('faults are told with the name as given', async (t) => {
  const folder = makeFolder(t, { 'x.eml': mail })
  const { code, err } = await postern(folder, ['explain', 'no.eml'], undefined, explaining(clean).more)
  assert.deepEqual([code, err], [EXIT.error, 'postern: no.eml cannot be read: there is no such file\n'])
  const out = await postern(
    folder,
    ['explain', 'x.eml', '--out', 'no/y.eml'],
    undefined,
    explaining(clean).more,
  )
  assert.deepEqual(
    [out.code, out.err],
    [EXIT.error, 'postern: no/y.eml cannot be written: there is no such file\n'],
  )
  const refusal = await postern(folder, ['explain', 'x.eml'], undefined, explaining(EXIT.usage).more)
  assert.deepEqual([refusal.code, refusal.out], [EXIT.usage, ''])
})
