import assert from 'node:assert/strict'
import { test } from 'node:test'
import { wildcard } from '../bytes/index.ts'
import { decideTls, type TlsAction, type TlsRule, type TlsRuleset } from './index.ts'

const rule = (name: string, pattern: string, action: TlsAction): TlsRule => ({
  name,
  matches: wildcard(pattern),
  action,
})
const ruleset = (...rules: TlsRule[]): TlsRuleset => ({
  rules,
  action: 'inspect',
  profile: { name: 'P', minimumVersion: '1.2', maximumVersion: '1.3', pfsCiphers: 'required' },
})

const bank = rule('bank', '*.bank.example', 'allow')
const bad = rule('bad', 'bad.bank.example', 'deny')

test('the first rule that matches decides', () => {
  assert.deepEqual(decideTls(ruleset(bad, bank), 'bad.bank.example'), { action: 'deny', rule: 'bad' })
  assert.deepEqual(decideTls(ruleset(bank, bad), 'bad.bank.example'), { action: 'allow', rule: 'bank' })
})
test('without a match the ruleset decides', () => {
  assert.deepEqual(decideTls(ruleset(bank), 'mail.example'), { action: 'inspect', rule: undefined })
})
test('a client without a server name is matched by * and by no pattern with letters', () => {
  const all = rule('all', '*', 'drop')
  assert.deepEqual(decideTls(ruleset(bank), undefined), { action: 'inspect', rule: undefined })
  assert.deepEqual(decideTls(ruleset(bank, all), undefined), { action: 'drop', rule: 'all' })
})
