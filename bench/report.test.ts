import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PeerName } from './peers/peer.ts'
import { judge, ratio } from './report.ts'
import { session } from './rows/session.ts'
import type { Findings } from './run.ts'

const findings = (values: Partial<Record<PeerName, number[]>>): Findings => {
  const ofPeer = (name: PeerName) => (values[name] ?? []).map((value) => ({ value, detail: {} }))
  const names: readonly PeerName[] = ['postern', 'haproxy', 'sslsplit', 'dovecot']
  return {
    samples: new Map([['session', new Map(names.map((name) => [name, ofPeer(name)]))]]),
    failures: new Map(),
  }
}

describe('a ratio', () => {
  it('compares within each repetition, so that a slow spell moves both peers', () => {
    const seen = findings({ postern: [1.2, 6, 1.2], haproxy: [1, 5, 1] })
    assert.equal(ratio(seen, 'session', 'postern', 'haproxy')?.toFixed(3), '1.200')
  })

  it('is missing when one of the peers is', () => {
    assert.equal(ratio(findings({ postern: [1.2] }), 'session', 'postern', 'haproxy'), undefined)
  })
})

describe('the bars', () => {
  it('are ok at the bar, missed above it, and not measured without a figure', () => {
    const results = judge(findings({ postern: [1.25], haproxy: [1], sslsplit: [1] }), [session])
    const verdicts = results.map((bar) => [bar.against, bar.issueVerdict, bar.designVerdict])
    assert.deepEqual(verdicts, [
      ['haproxy', 'ok', 'missed'],
      ['dovecot', 'not measured', 'not measured'],
      ['sslsplit', 'missed', 'missed'],
    ])
  })
})
