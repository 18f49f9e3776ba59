import assert from 'node:assert/strict'
import { test } from 'node:test'
import { header, message, part } from '../../test/support/facts.ts'
import { type ContentRules, decide, type PartFacts } from '../policy/index.ts'
import { loadConfiguration } from './read.ts'
import type { ProxyAction, Snapshot } from './snapshot.ts'

function load(text: string): Snapshot {
  const loading = loadConfiguration(text, 'f', '/etc/postern')
  assert.ok(loading.ok, JSON.stringify(loading))
  return loading.snapshot
}

/** The proxy action of a policy whose proxy action has these settings. */
function action(settings: string, rest = ''): ProxyAction {
  const policy = 'policies: [ { name: a, upstream: h, action: A } ]'
  const snapshot = load(`version: 1\n${policy}\nproxyActions: [ { name: A, ${settings} } ]\n${rest}`)
  const [first] = snapshot.policies
  assert.ok(first)
  return first.action
}

function predefined(name: string): ContentRules {
  const rest = 'certificates: { proxyServer: [ { certificate: a, key: b } ] }'
  return action(`basedOn: ${name}`, rest).content
}

const patterns: readonly [rule: string, text: string, matches: boolean][] = [
  ['match: "*.exe"', 'SETUP.EXE', true],
  ['match: "*.exe"', 'setup.exe.txt', false],
  ['match: ["*.a", "b?"]', 'bx', true],
  ['match: ["*.a", "b?"]', 'b', false],
  ['match: ""', '', true],
  ['match: ""', 'a', false],
  ['exact: "A*.Exe"', 'a*.eXE', true],
  ['exact: "a*.exe"', 'ab.exe', false],
  ['exact: [x, y]', 'Y', true],
  ['regex: "in.oice"', 'my INVOICE.pdf', true],
  ['regex: "^in.oice$"', 'my invoice', false],
]
for (const [rule, text, matches] of patterns)
  test(`${rule} ${matches ? 'matches' : 'does not match'} ${JSON.stringify(text)}`, () => {
    const [first] = action(`fileNames: { rules: [ { ${rule}, action: lock } ] }`).content.fileNames.rules
    assert.equal(first?.matches({ name: text, traits: new Set() }), matches)
  })

test('a header rule asks for the name, and for the value where it says so', () => {
  const { rules } = action('headers: { rules: [ { match: "x-*", value: { regex: "won" }, action: strip } ] }')
    .content.headers
  const matches = (name: string, value: string) => rules[0]?.matches(header(name, value))
  assert.equal(matches('X-Spam', 'you have WON'), true)
  assert.equal(matches('X-Spam', 'no'), false)
  assert.equal(matches('Subject', 'won'), false)
})

test('a rule by trait, what it says, and how it is called', () => {
  const { rules } = action('contentTypes: { rules: [ { trait: [script, macros], action: lock } ] }').content
    .contentTypes
  assert.equal(rules[0]?.name, 'script')
  assert.equal(rules[0]?.says, 'is a script, or is a document with macros')
  assert.equal(rules[0]?.matches({ types: [], traits: new Set(['macros'] as const) }), true)
  assert.equal(rules[0]?.matches({ types: ['script'], traits: new Set() }), false)
})

test('a rule that is off is left out; alarm, log and name arrive', () => {
  const { rules } = action(
    'fileNames: { rules: [ { match: a, action: lock, enabled: false }, { name: n, match: b, action: tag, alarm: true, log: true } ] }',
  ).content.fileNames
  assert.equal(rules.length, 1)
  const { name, alarm, log, action: does } = rules[0] ?? {}
  assert.deepEqual({ name, alarm, log, does }, { name: 'n', alarm: true, log: true, does: 'tag' })
})

test('inheritance: a list replaces the list, values come one by one', () => {
  const base =
    '{ name: B, basedOn: POP3-Client, fileNames: { rules: [ { match: b, action: tag } ], noMatch: { log: true } }, antivirus: { enabled: auto, tooLarge: tag } }'
  const snapshot = load(
    `version: 1\npolicies: [ { name: a, upstream: h, action: A } ]\nproxyActions: [ ${base}, { name: A, basedOn: B, contentTypes: { rules: [] }, antivirus: { infected: drop }, ambiguous: tag } ]`,
  )
  const content = snapshot.policies[0]?.action.content
  assert.deepEqual(
    content?.fileNames.rules.map(({ name }) => name),
    ['b'],
  )
  assert.deepEqual(content?.fileNames.noMatch, { action: 'strip', log: true })
  assert.deepEqual(content?.contentTypes.rules, [])
  assert.deepEqual(content?.contentTypes.noMatch, { action: 'strip', log: false })
  assert.equal(content?.headers.rules.length, 19)
  assert.deepEqual(content?.antivirus, {
    scanners: ['embedded'],
    infected: 'drop',
    scanError: 'strip',
    tooLarge: 'tag',
    encrypted: 'allow',
    failOpen: false,
    scanLimit: 1_048_576,
  })
  assert.equal(content?.ambiguous, 'tag')
  assert.equal(content?.limitExceeded, 'replace')
})

test('scanners: paths from the folder of the file, defaults, and who must answer', () => {
  const rest =
    'scanners: { embedded: { hashes: [ ./bad.txt ], yara: [ ./rules/*.yar ] }, clamav: { address: "unix:/run/c", scanTimeout: 1m, scanLimit: 1MiB } }'
  const snapshot = load(`version: 1\npolicies: [ { name: a, upstream: h } ]\n${rest}`)
  assert.deepEqual(snapshot.scanners, {
    embedded: { hashes: ['/etc/postern/bad.txt'], yara: ['/etc/postern/rules/*.yar'] },
    clamav: {
      address: 'unix:/run/c',
      scanLimit: 1_048_576,
      connections: 8,
      connectTimeout: 5000,
      queueTimeout: 30_000,
      scanTimeout: 60_000,
    },
  })
  assert.deepEqual(snapshot.policies[0]?.action.content.antivirus.scanners, ['embedded', 'clamav'])
  assert.deepEqual(load('version: 1\npolicies: [ { name: a, upstream: h } ]').scanners, {
    embedded: { hashes: [], yara: [] },
    clamav: undefined,
  })
})

/* What the predefined actions do. */

function does(content: ContentRules, given: Partial<PartFacts>): string {
  const scans = ['embedded', 'clamav'].map((scanner) => ({
    scanner,
    result: { kind: 'clean' as const },
    deep: true,
  }))
  const { outcome, parts } = decide(message({ headers: [], parts: [part({ scans, ...given })] }), content)
  return outcome === 'deliver' ? (parts[0]?.action ?? 'allow') : outcome
}

const standard: readonly [given: Partial<PartFacts>, done: string][] = [
  [{ names: ['report.pdf'], sniffedType: 'application/pdf' }, 'allow'],
  [{ names: ['photo.jpg'], sniffedType: 'image/jpeg' }, 'allow'],
  [{ names: ['data.unheard'], sniffedType: undefined }, 'allow'],
  [{ names: ['invoice.pdf'], sniffedType: 'application/x-msdownload', traits: ['executable'] }, 'strip'],
  [{ names: ['setup.exe'], sniffedType: undefined }, 'strip'],
  [{ names: ['setup.exe.'] }, 'strip'],
  [{ names: ['invoice.pdf.exe'] }, 'strip'],
  [{ names: ['a.lnk'] }, 'strip'],
  [{ names: ['a\u202efdp.txt'] }, 'strip'],
  [{ names: ['a.js'] }, 'lock'],
  [{ traits: ['script'] }, 'lock'],
  [{ names: ['a.iso'] }, 'lock'],
  [{ names: ['a.docm'] }, 'lock'],
  [{ names: ['a.docx'], traits: ['macros'] }, 'lock'],
  [{ names: ['a.docx'], traits: ['template-remote'] }, 'lock'],
  [{ names: ['a.one'] }, 'lock'],
  [{ sniffedType: 'application/onenote' }, 'lock'],
  [{ names: ['a.pdf.html'] }, 'lock'],
  [{ traits: ['html-smuggling'] }, 'lock'],
  [{ traits: ['html-active'] }, 'allow'],
  [{ traits: ['active'], sniffedType: 'application/pdf' }, 'allow'],
  [{ traits: ['encrypted'], sniffedType: 'application/zip' }, 'lock'],
  [{ traits: ['encrypted'], sniffedType: 'application/pdf' }, 'allow'],
  [{ traits: ['nested-encrypted'] }, 'lock'],
  [{ traits: ['unscannable'], sniffedType: 'application/pkcs7-mime' }, 'allow'],
  [{ traits: ['unreadable'] }, 'lock'],
  [{ traits: ['partial'] }, 'lock'],
  [{ size: 30_000_000 }, 'lock'],
]
for (const kind of ['POP3-Client.Standard', 'POP3-Server.Standard'])
  for (const [given, done] of standard)
    test(`${kind}: ${JSON.stringify(given)} -> ${done}`, () => {
      assert.equal(does(predefined(kind), given), done)
    })

const firebox: readonly [given: Partial<PartFacts>, done: string][] = [
  [{ names: ['a.txt'], sniffedType: undefined, declaredType: 'text/plain' }, 'allow'],
  [{ names: ['a.DOC'], sniffedType: 'text/html' }, 'allow'],
  [{ names: [], sniffedType: 'image/png' }, 'allow'],
  [{ names: [], sniffedType: undefined, declaredType: '' }, 'allow'],
  [{ names: ['a.pdf'], sniffedType: 'text/plain' }, 'strip'],
  [{ names: ['a.doc'], sniffedType: 'application/msword' }, 'strip'],
  [{ names: [], sniffedType: 'text/plain', scans: [] }, 'allow'],
]
for (const kind of ['POP3-Client', 'POP3-Server'])
  for (const [given, done] of firebox)
    test(`${kind}: ${JSON.stringify(given)} -> ${done}`, () => {
      assert.equal(does(predefined(kind), given), done)
    })

test('POP3-Client keeps the headers of the Firebox and strips the rest', () => {
  const names = ['From', 'subject', 'Content-Type', 'Message-Id', 'Date', 'Received', 'Reply-To', 'X-Mailer']
  const given = message({ headers: names.map((name) => header(name, 'x')), parts: [] })
  const { headers } = decide(given, predefined('POP3-Client'))
  assert.deepEqual(
    headers.map((index) => names[index]),
    ['Date', 'Received', 'Reply-To', 'X-Mailer'],
  )
})

test('POP3-Client.Standard strips forged results and nothing else', () => {
  const names = ['Date', 'Received', 'X-Spam-Status', 'X-Postern-Unscanned', 'DKIM-Signature']
  const given = message({ headers: names.map((name) => header(name, 'x')), parts: [] })
  const { headers } = decide(given, {
    ...predefined('POP3-Client.Standard'),
    antivirus: predefined('POP3-Client').antivirus,
  })
  assert.deepEqual(headers, [3])
})
