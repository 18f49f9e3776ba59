/**
 * Ordinary mail, as real programs write it, passes the standard proxy actions untouched: nothing in it
 * is called ambiguous, no limit is met, and what is delivered is what came.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadConfiguration } from '../../../src/config/index.ts'
import { changes, render } from '../../../src/gateway/render.ts'
import { Examination } from '../../../src/inspect/index.ts'
import { type ContentRules, type Decision, decide } from '../../../src/policy/index.ts'
import type { Locker } from '../../../src/ports.ts'
import { embedded, services } from '../../support/inspection.ts'
import { cleanMails } from './index.ts'
import { octetsOf } from './pieces.ts'

const actions = ['POP3-Client.Standard', 'POP3-Server.Standard'] as const
const chunkings = [Number.POSITIVE_INFINITY, 1000] as const

const locker: Locker = {
  recipient: 'age1nobody',
  lock: () => Promise.reject(new Error('clean mail was to be locked')),
  lockStream: () => {
    throw new Error('clean mail was to be locked')
  },
}
const rulesOf = new Map(actions.map((action) => [action, standardRules(action)]))

function standardRules(action: string): ContentRules {
  const text = `version: 1
policies:
  - { name: Mail, from: [any], to: [any], action: ${action}, upstream: pop3s://mail.example.net }
certificates:
  proxyServer: [{ certificate: mail.pem, key: key.pem }]
`
  const loading = loadConfiguration(text, 'postern.yaml', '/')
  assert.ok(loading.ok, JSON.stringify(loading))
  const [policy] = loading.snapshot.policies
  assert.ok(policy)
  return policy.action.content
}

const mails = cleanMails()

test('there are enough of them, all different', () => {
  assert.ok(mails.length >= 300, `${mails.length}`)
  assert.equal(new Set(mails.map(([name]) => name)).size, mails.length)
  const texts = mails.map(([, text]) => text.replaceAll(/\d{10}@/g, ''))
  assert.equal(new Set(texts).size, mails.length)
})

for (const [name, text] of mails)
  test(name, async () => {
    const message = octetsOf(text)
    for (const size of chunkings) await passes(message, size)
    const end = message.indexOf('\r\n\r\n')
    const head = end < 0 ? message : message.subarray(0, end + 4)
    await passes(head, head.length, 'headers')
  })

for (const name of [
  'S/MIME enveloped-data',
  'PGP/MIME encrypted, mutt',
  'PGP encrypted text',
  'attached: octet-stream payslip.pdf',
])
  test(`${name} is logged`, async () => {
    const mail = mails.find(([each]) => each === name)
    assert.ok(mail)
    for (const decision of await passes(octetsOf(mail[1]), 1000))
      assert.ok(
        decision.verdicts.some(
          ({ ruleset, action, log }) => ruleset === 'unscannable' && action === 'allow' && log,
        ),
      )
  })

for (const [name, change] of [
  ['a program', (text: string) => text.replace('filename="invoice-2026.pdf"', 'filename="invoice-2026.exe"')],
  ['two ways to read it', (text: string) => text.replace('MIME-Version: 1.0', 'Content-Type: text/plain')],
] as const)
  test(`${name} does not pass`, async () => {
    const mail = mails.find(([each]) => each === 'outlook: invoice')
    assert.ok(mail)
    const changed = change(mail[1])
    assert.notEqual(changed, mail[1])
    await passes(octetsOf(mail[1]), 1000)
    await assert.rejects(passes(octetsOf(changed), 1000), { code: 'ERR_ASSERTION' })
  })

async function passes(
  message: Buffer,
  size: number,
  scope: 'message' | 'headers' = 'message',
): Promise<readonly Decision[]> {
  const examination = new Examination(services, { ofParts: [embedded], ofMessages: [] }, scope)
  const decisions: Decision[] = []
  try {
    const step = Math.min(size, message.length)
    for (let at = 0; at < message.length; at += step) examination.write(message.subarray(at, at + step))
    const findings = await examination.finish()
    const { facts } = findings
    assert.deepEqual(facts.ambiguities, [])
    assert.deepEqual(facts.limits, [])
    for (const [action, rules] of rulesOf) {
      const decision = decide(facts, rules)
      decisions.push(decision)
      const verdicts = decision.verdicts.map(
        ({ action, ruleset, rule, evidence }) => `${action}: ${ruleset}, ${rule}: ${evidence}`,
      )
      assert.equal(decision.outcome, 'deliver', `${action}\n${verdicts.join('\n')}`)
      assert.ok(!changes(decision), `${action}\n${verdicts.join('\n')}`)
      assert.deepEqual(decision.repairs, [])
      const options = { facts, rules, decision, eventId: 'e-1', utf8: false, seed: 's', now: '' }
      const pieces: Buffer[] = []
      for await (const piece of render(examination, { findings, decision, options }, locker))
        pieces.push(Buffer.from(piece))
      assert.ok(Buffer.concat(pieces).equals(message), `${action}: other octets`)
    }
    return decisions
  } finally {
    examination.discard()
  }
}
