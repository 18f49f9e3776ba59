import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { checkPolicies } from './check-policies.ts'
import { resolveActions } from './inherit.ts'
import { formatPath } from './problems.ts'
import type { PolicySettings, ProxyActionSettings, Settings } from './schema.ts'

/** What is said about one policy, as `severity path`. */
function said(
  policy: Omit<PolicySettings, 'name'>,
  action: Omit<ProxyActionSettings, 'name'> = {},
  certificates?: Settings['certificates'],
): string[] {
  const settings: Settings = {
    version: 1,
    policies: [{ name: 'A', action: 'X', upstream: 'mail.example', ...policy }],
    proxyActions: [{ name: 'X', ...action }],
    ...(certificates === undefined ? {} : { certificates }),
  }
  return checkPolicies(settings, resolveActions(settings)).map(
    ({ severity, path }) => `${severity} ${formatPath(path)}`,
  )
}

describe("a certificate of one's own is needed", () => {
  const own = { proxyServer: [{ certificate: 'mail.pem', key: 'mail-key.pem' }] }
  const missing = ['error policies[0].action']
  const unseen = ['warning policies[0].action']
  const inspect = [{ match: '*.example', action: 'inspect' as const }]

  test('inbound, where TLS is opened: by the TLS action, by a rule, by STLS', () => {
    assert.deepEqual(said({ stls: 'off' }, { basedOn: 'POP3-Server.Standard' }), missing)
    assert.deepEqual(said({ tlsSupport: 'required' }, { basedOn: 'POP3-Server.Standard' }), missing)
    assert.deepEqual(said({ stls: 'off' }, { basedOn: 'POP3-Server', tls: { rules: inspect } }), [
      ...unseen,
      ...missing,
    ])
    assert.deepEqual(said({}, { basedOn: 'POP3-Server' }), [...unseen, ...missing])
  })
  test('not where nothing is opened', () => {
    assert.deepEqual(said({ stls: 'off' }, { basedOn: 'POP3-Server' }), unseen)
    assert.deepEqual(said({ tlsSupport: 'required' }, { basedOn: 'POP3-Server' }), unseen)
    assert.deepEqual(said({ tlsSupport: 'disabled' }, { basedOn: 'POP3-Server' }), [])
  })
  test('not outbound, where leaves are made; and not when there is one', () => {
    assert.deepEqual(said({}, { kind: 'client' }), [])
    assert.deepEqual(said({}, { kind: 'server' }, own), [])
  })
  test('not by a policy that is disabled or turns away', () => {
    assert.deepEqual(said({ enabled: false }, { kind: 'server' }), ['error policies'])
    assert.deepEqual(said({ connections: 'deny' }, { kind: 'server' }), [
      'warning policies[0].action',
      'warning policies[0].upstream',
    ])
  })
})

describe('what becomes of TLS', () => {
  const everything = (action: 'inspect' | 'allow' | 'deny') => ({ tls: { rules: [{ match: '*', action }] } })
  test('a rule for every name decides in place of the TLS action', () => {
    assert.deepEqual(said({}, { basedOn: 'POP3-Client', ...everything('inspect') }), [])
    assert.deepEqual(said({}, everything('allow')), ['warning policies[0].action'])
    assert.deepEqual(said({ tlsSupport: 'disabled' }, everything('deny')), [])
    assert.deepEqual(said({ tlsSupport: 'disabled' }), ['warning policies[0].tlsSupport'])
  })
  test('TLS that is relayed unopened needs a server that starts in TLS', () => {
    const relayed = { tls: { rules: [{ match: '*.bank.example', action: 'allow' as const }] } }
    for (const upstream of ['pop3://mail.example', 'pop3+stls://mail.example'])
      assert.deepEqual(said({ upstream }, relayed), ['warning policies[0].upstream'], upstream)
    for (const upstream of ['pop3s://mail.example', 'mail.example'])
      assert.deepEqual(said({ upstream }, relayed), [], upstream)
    const clear = { upstream: 'pop3://mail.example', tlsSupport: 'disabled' } as const
    assert.deepEqual(said(clear, relayed), ['warning policies[0].tlsSupport'])
  })
})

test('the idle time: ten minutes are enough, and a policy that turns away has none', () => {
  assert.deepEqual(said({ idleTimeout: '10m' }), [])
  assert.deepEqual(said({ idleTimeout: '599s' }), ['warning policies[0].idleTimeout'])
})
