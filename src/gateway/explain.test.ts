import assert from 'node:assert/strict'
import { test } from 'node:test'
import { demoMailbox } from '../../demo/index.ts'
import { embedded, services } from '../../test/support/inspection.ts'
import { plainMail } from '../../test/support/payloads.ts'
import { compileActions, type Settings } from '../config/index.ts'
import { explain } from './explain.ts'

type ActionSettings = NonNullable<Settings['proxyActions']>[number]

const demoMail = (wanted: string) =>
  Buffer.from(demoMailbox().find(({ name }) => name === wanted)?.bytes ?? assert.fail())
const scanners = new Map([['embedded', embedded]])
function explained(message: Uint8Array, settings: Omit<ActionSettings, 'name'> = {}) {
  const proxyActions = [{ ...settings, name: 'Test' }]
  const action = compileActions({ version: 1, policies: [], proxyActions }).get('Test')
  assert.ok(action)
  return explain(message, { action, scanners, services })
}

test('a clean mail is delivered as it came, and every rule that was asked is told', async () => {
  const mail = plainMail('Lunch', ['.hidden', '..', 'Half past twelve?'])
  const { outcome, decidedBy, delivered, findings, rules, changes, parts } = await explained(mail)
  assert.deepEqual([outcome, decidedBy, findings, changes], ['deliver', undefined, [], []])
  assert.deepEqual(Buffer.from(delivered ?? []), mail)
  assert.deepEqual(
    parts.map(({ id, depth, kind }) => [id, depth, kind]),
    [['1', 0, 'leaf']],
  )
  assert.ok(
    rules.some(({ ruleset, rule, matched }) => ruleset === 'fileNames' && rule === 'programs' && !matched),
  )
})

test('a program is stripped: what it is, who says so, what is left', async () => {
  const mail = demoMail('disguised-exe')
  const { action, parts, findings, decidedBy, changes, delivered } = await explained(mail)
  assert.equal(action, 'Test')
  assert.deepEqual(
    parts.map(({ id, depth, kind, sniffedType }) => [id, depth, kind, sniffedType]),
    [
      ['TEXT', 0, 'multipart', undefined],
      ['1', 1, 'leaf', 'text/plain'],
      ['2', 1, 'leaf', 'application/x-msdownload'],
    ],
  )
  assert.deepEqual(
    findings.map(({ subject, kind, what }) => [subject, kind, what]),
    [
      ['2', 'trait', 'executable'],
      ['2', 'trait', 'type-mismatch'],
    ],
  )
  assert.deepEqual(
    [decidedBy?.ruleset, decidedBy?.rule, decidedBy?.subject],
    ['contentTypes', 'programs', '2'],
  )
  assert.deepEqual(
    changes.map((change) => [change.action, change.subject]),
    [['strip', '2']],
  )
  assert.ok(mail.includes('TVqQAA'))
  assert.ok(!Buffer.from(delivered ?? []).includes('TVqQAA'))
})

test('members of archives stand below the archive, with their scans', async () => {
  const infected = demoMail('eicar-zip')
  const { parts, findings } = await explained(infected)
  assert.deepEqual(
    parts.map(({ id, depth }) => [id, depth]),
    [
      ['TEXT', 0],
      ['1', 1],
      ['2', 1],
      ['2/1', 2],
      ['2/2', 2],
    ],
  )
  assert.deepEqual(findings, [
    { subject: '2/2', kind: 'scan', what: 'infected', evidence: 'embedded: Eicar-Test-Signature' },
  ])
})

test('the parts of an attached message stand below it', async () => {
  const forwarded = demoMail('forwarded')
  const { parts } = await explained(forwarded)
  assert.deepEqual(
    parts.map(({ id, depth, kind }) => [id, depth, kind]),
    [
      ['TEXT', 0, 'multipart'],
      ['1', 1, 'leaf'],
      ['2', 1, 'message'],
      ['2.TEXT', 2, 'multipart'],
      ['2.1', 3, 'leaf'],
      ['2.2', 3, 'leaf'],
    ],
  )
})

test('stripped headers and tags are told by name', async () => {
  const mail = plainMail('Hello', ['Hi'], ['X-Bad: yes', 'X-Odd: yes'])
  const { changes, delivered } = await explained(mail, {
    headers: {
      rules: [
        { match: 'X-Bad', action: 'strip' },
        { match: 'X-Odd', action: 'tag' },
      ],
    },
  })
  assert.deepEqual(
    changes.map((change) => [change.action, change.subject]),
    [
      ['strip', 'X-Bad'],
      ['tag', 'X-Odd'],
    ],
  )
  const text = Buffer.from(delivered ?? []).toString()
  assert.ok(
    !text.includes('X-Bad') &&
      text.includes('X-Odd: yes') &&
      text.includes('Subject: [suspicious] Hello\r\n'),
  )
})

test('of a refused mail nothing is delivered, of a dropped one a notice', async () => {
  const rule = (action: 'drop' | 'block') => ({ headers: { rules: [{ match: 'Subject', action }] } })
  const mail = plainMail('Hello', ['Hi'])
  const silent = await explain(mail, {
    action: compileActions({ version: 1, policies: [] }).get('POP3-Client.Standard') ?? assert.fail(),
    ...{ scanners: new Map(), services },
  })
  assert.equal(silent.outcome, 'refuse')
  assert.equal(silent.delivered, undefined)
  assert.match(silent.refusal ?? '', /embedded/)
  for (const action of ['drop', 'block'] as const) {
    const { outcome, delivered } = await explained(mail, rule(action))
    assert.equal(outcome, action)
    assert.match(Buffer.from(delivered ?? []).toString(), /The mail gateway has changed this message/)
  }
})

test('a file with LF alone or without its last line end is read as a server would send it, one with both as it is', async () => {
  const mail = plainMail('Hello', ['Hi', '', 'Bye'])
  assert.deepEqual(Buffer.from((await explained(mail.subarray(0, -2))).original), mail)
  const unix = Buffer.from(mail.toString().replaceAll('\r\n', '\n'))
  assert.deepEqual(Buffer.from((await explained(unix)).original), mail)
  const both = Buffer.concat([mail, Buffer.from('a\nb\r\n')])
  const { original, delivered } = await explained(both)
  assert.deepEqual(Buffer.from(original), both)
  assert.deepEqual(Buffer.from(delivered ?? []), Buffer.concat([mail, Buffer.from('a\r\nb\r\n')]))
})
