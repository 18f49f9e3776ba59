import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clean, header, message, part, rule, rules } from '../../test/support/facts.ts'
import { type Action, headerActions, mostSevere, partActions, severity } from './actions.ts'
import { decide } from './decide.ts'
import type { Ambiguity, ContentRules, Decision, HeaderFact, NameSubject, TypeSubject } from './types.ts'

/** The parts of a Decision that say what is done. */
function done({ outcome, parts, headers, tags, quarantine }: Decision) {
  return {
    outcome,
    parts: parts.map(({ top, action }) => `${action} ${top}`),
    headers,
    tags,
    quarantine,
  }
}
const nothing = { outcome: 'deliver', parts: [], headers: [], tags: [], quarantine: false } as const

test('the order of severity', () => {
  const order = ['allow', 'scan', 'tag', 'lock', 'strip', 'refuse', 'replace', 'quarantine', 'drop', 'block']
  const sorted = Object.entries(severity).toSorted(([, a], [, b]) => a - b)
  assert.deepEqual(
    sorted.map(([action]) => action),
    order,
  )
  assert.equal(new Set(Object.values(severity)).size, order.length)
  const two: { action: Action; n: number }[] = [
    { action: 'lock', n: 1 },
    { action: 'strip', n: 2 },
    { action: 'strip', n: 3 },
  ]
  assert.equal(mostSevere(two)?.n, 2, 'of equals the first')
})

test('a clean message is delivered as it came', () => {
  const decision = decide(message(), rules())
  assert.deepEqual(done(decision), nothing)
  assert.equal(decision.action, 'allow')
  assert.equal(decision.why, undefined)
  assert.deepEqual(decision.verdicts, [])
})

const onHeader: Readonly<Record<(typeof headerActions)[number], Partial<ReturnType<typeof done>>>> = {
  allow: {},
  tag: { tags: ['[odd]'] },
  strip: { headers: [2] },
  replace: { outcome: 'notice' },
  quarantine: { outcome: 'notice', quarantine: true },
  drop: { outcome: 'drop' },
  block: { outcome: 'block' },
}
for (const action of headerActions)
  test(`${action} of a header`, () => {
    const matches = ({ name }: HeaderFact) => name === 'Subject'
    const decision = decide(
      message(),
      rules({ headers: { rules: [rule(action, matches)], noMatch: { action: 'allow', log: false } } }),
    )
    assert.deepEqual(done(decision), { ...nothing, ...onHeader[action] })
    assert.equal(decision.action, action)
    assert.equal(decision.why?.rule, action === 'allow' ? undefined : `${action} it`)
  })

const onPart: Readonly<Record<(typeof partActions)[number], Partial<ReturnType<typeof done>>>> = {
  allow: {},
  scan: {},
  tag: { tags: ['[odd]'] },
  lock: { parts: ['lock 2'] },
  strip: { parts: ['strip 2'] },
  replace: { outcome: 'notice' },
  quarantine: { outcome: 'notice', quarantine: true },
  drop: { outcome: 'drop' },
  block: { outcome: 'block' },
}
const two = message({
  parts: [
    part(),
    part({ id: '2', sniffedType: 'application/zip', names: ['a.zip'] }),
    part({ id: '2/1', names: ['in.exe'] }),
  ],
})
for (const action of partActions) {
  test(`${action} of a part by its content type`, () => {
    const matches = ({ types }: TypeSubject) => types.includes('application/zip')
    const contentTypes = {
      autoDetect: true,
      rules: [rule(action, matches)],
      noMatch: { action: 'allow', log: false },
    } as const
    const decision = decide(two, rules({ contentTypes }))
    assert.deepEqual(done(decision), { ...nothing, ...onPart[action] })
  })
  test(`${action} of a member of an archive by its file name acts on the part it lies in`, () => {
    const matches = ({ name }: NameSubject) => name === 'in.exe'
    const fileNames = { rules: [rule(action, matches)], noMatch: { action: 'allow', log: false } } as const
    const decision = decide(two, rules({ fileNames }))
    assert.deepEqual(done(decision), { ...nothing, ...onPart[action] })
    if (action !== 'allow') assert.equal(decision.why?.evidence, 'in.exe in archive.zip')
  })
}

const faults = ['allow', 'tag', 'lock', 'strip', 'replace', 'quarantine', 'drop', 'block'] as const
const onMessage: Readonly<Record<(typeof faults)[number], Partial<ReturnType<typeof done>>>> = {
  allow: {},
  tag: { tags: ['[odd]'] },
  lock: { outcome: 'lock' },
  strip: { outcome: 'notice' },
  replace: { outcome: 'notice' },
  quarantine: { outcome: 'notice', quarantine: true },
  drop: { outcome: 'drop' },
  block: { outcome: 'block' },
}
const odd: Ambiguity = { reason: 'two boundaries', evidence: 'x', top: undefined, repair: undefined }
for (const action of faults) {
  test(`${action} of an ambiguous message`, () => {
    const decision = decide(message({ ambiguities: [odd] }), rules({ ambiguous: action }))
    assert.deepEqual(done(decision), { ...nothing, ...onMessage[action] })
  })
  test(`${action} of a message past a limit`, () => {
    const limits = [{ limit: 'parts', evidence: '10001', top: undefined }]
    const decision = decide(message({ limits }), rules({ limitExceeded: action }))
    assert.deepEqual(done(decision), { ...nothing, ...onMessage[action] })
  })
  for (const setting of ['unscannable', 'unreadable', 'partial'] as const)
    test(`${action} of a part that is ${setting}`, () => {
      const parts = [part(), part({ id: '2', traits: [setting] })]
      const decision = decide(message({ parts }), rules({ [setting]: action }))
      assert.deepEqual(done(decision), { ...nothing, ...onPart[action] })
      assert.ok(decision.verdicts.some(({ ruleset, log }) => ruleset === setting && log))
    })
}

test('an ambiguity of one leaf is that leaf’s; of a leaf that is unknown it is the message’s', () => {
  const at = (top: string) => decide({ ...two, ambiguities: [{ ...odd, top }] }, rules())
  assert.deepEqual(done(at('2')).parts, ['lock 2'])
  assert.equal(at('7').outcome, 'lock')
})

test('what can be written anew is, where lock is wanted, and else what is wanted', () => {
  const ambiguities = [{ ...odd, repair: 'epilogue' }]
  const locked = decide(message({ ambiguities, signatures: ['dkim', 'pgp'] }), rules())
  assert.deepEqual(done(locked), nothing)
  assert.deepEqual(locked.repairs, ambiguities)
  assert.deepEqual(locked.broken, ['dkim', 'pgp'])
  const replaced = decide(message({ ambiguities }), rules({ ambiguous: 'replace' }))
  assert.equal(replaced.outcome, 'notice')
  assert.deepEqual(replaced.repairs, [])
})

test('first match wins inside a ruleset, the most severe over all', () => {
  const any = () => true
  const noMatch = { action: 'allow', log: false } as const
  const contentTypes = { autoDetect: true, rules: [rule('lock', any), rule('block', any)], noMatch } as const
  const fileNames = { rules: [rule('strip', any), rule('drop', any)], noMatch } as const
  const decision = decide(message(), rules({ contentTypes, fileNames }))
  assert.deepEqual(done(decision).parts, ['strip 1'])
  assert.equal(decision.why?.ruleset, 'fileNames')
  assert.equal(decision.parts[0]?.all.length, 2)
})

test('where a rule and a scanner ask for the same, people are told of the virus', () => {
  const fileNames = {
    rules: [rule('strip', () => true)],
    noMatch: { action: 'allow', log: false },
  } as const
  const infected = { scanner: 'clamav', result: { kind: 'infected', virus: 'Eicar' }, deep: true } as const
  const decision = decide(
    message({ parts: [part({ scans: [infected] })] }),
    rules({ fileNames, antivirus: { infected: 'strip' } }),
  )
  assert.equal(decision.why?.virus, 'Eicar')
  assert.equal(decision.parts[0]?.why.virus, 'Eicar')
})

test('without a match the ruleset’s own action holds', () => {
  const fileNames = { rules: [], noMatch: { action: 'strip', log: true } } as const
  const decision = decide(message(), rules({ fileNames }))
  assert.equal(decision.why?.rule, 'no match')
  assert.deepEqual(done(decision).parts, ['strip 1'])
})

test('an allowed name does not cover for another name, nor for another spelling', () => {
  const allowed = rule('allow', ({ name }: NameSubject) => name.endsWith('.txt'))
  const fileNames: ContentRules['fileNames'] = { rules: [allowed], noMatch: { action: 'strip', log: false } }
  const of = (...names: string[]) =>
    done(decide(message({ parts: [part({ names })] }), rules({ fileNames }))).parts
  assert.deepEqual(of('a.txt'), [])
  assert.deepEqual(of('a.txt', 'a.exe'), ['strip 1'])
  assert.deepEqual(of('a.exe\0.txt'), ['strip 1'])
  assert.deepEqual(of(), ['strip 1'])
})

test('autoDetect: the sniffed type decides; what is unknown can be matched, and falls back to the declared type', () => {
  const seen = (autoDetect: boolean, sniffedType: string | undefined) => {
    let types: readonly string[] = []
    const spy = rule('allow', (subject: TypeSubject) => {
      types = subject.types
      return true
    })
    const contentTypes: ContentRules['contentTypes'] = {
      autoDetect,
      rules: [spy],
      noMatch: { action: 'allow', log: false },
    }
    decide(message({ parts: [part({ declaredType: 'image/png', sniffedType })] }), rules({ contentTypes }))
    return types
  }
  assert.deepEqual(seen(true, 'application/zip'), ['application/zip'])
  assert.deepEqual(seen(true, undefined), ['unknown', 'image/png'])
  assert.deepEqual(seen(false, 'application/zip'), ['image/png'])
})

test('what lies in a changed leaf is not changed a second time, and its action counts', () => {
  const parts = [
    part({ id: '2', kind: 'message', traits: ['partial'] }),
    part({ id: '2.1', top: '2.1', scans: [{ ...clean, result: { kind: 'infected', virus: 'V' } }] }),
    part({ id: '21' }),
  ]
  const decision = decide(message({ parts }), rules())
  assert.deepEqual(done(decision).parts, ['strip 2'])
})

test('TOP n 0: headers under the header rules; nothing of the body is asked for', () => {
  const given = message({ scope: 'headers', parts: [], ambiguities: [odd] })
  assert.deepEqual(done(decide(given, rules())), nothing)
  const strip = rule('strip', ({ name }: HeaderFact) => name === 'To')
  const headers: ContentRules['headers'] = { rules: [strip], noMatch: { action: 'allow', log: false } }
  assert.deepEqual(done(decide(given, rules({ headers }))).headers, [1])
  const limits = [{ limit: 'headers', evidence: '', top: undefined }]
  assert.equal(decide({ ...given, limits }, rules()).outcome, 'notice')
  const quarantine = decide(given, rules({ ambiguous: 'quarantine' }))
  assert.equal(quarantine.outcome, 'notice')
  assert.equal(quarantine.quarantine, false)
})

test('quarantine keeps its copy also where something more severe is done', () => {
  const noMatch = { action: 'allow', log: false } as const
  const headers = { rules: [rule('quarantine', () => true)], noMatch } as const
  const fileNames = { rules: [rule('drop', () => true)], noMatch } as const
  assert.deepEqual(done(decide(message(), rules({ headers, fileNames }))), {
    ...nothing,
    outcome: 'drop',
    quarantine: true,
  })
})

test('alarms and the log are told of allowed things too', () => {
  const fileNames = {
    rules: [rule('allow', () => true, { alarm: true, log: true })],
    noMatch: { action: 'allow', log: false },
  } as const
  const decision = decide(message(), rules({ fileNames }))
  assert.equal(decision.alarms.length, 1)
  assert.equal(decision.verdicts.length, 1)
  assert.equal(decision.why, undefined)
})

test('signatures: a changed header breaks DKIM, a changed part breaks all', () => {
  const signed = message({ signatures: ['dkim', 'smime'] })
  const headers = {
    rules: [rule('strip', ({ name }: HeaderFact) => name === 'To')],
    noMatch: { action: 'allow', log: false },
  } as const
  assert.deepEqual(decide(signed, rules()).broken, [])
  assert.deepEqual(decide(signed, rules({ headers })).broken, ['dkim'])
  const parts = [part({ traits: ['partial'] })]
  assert.deepEqual(decide({ ...signed, parts }, rules()).broken, ['dkim', 'smime'])
})

test('the trace has every rule that was asked, in order, when it is wanted', () => {
  const noMatch = { action: 'allow', log: false } as const
  const fileNames = { rules: [rule('strip', () => false), rule('tag', () => true)], noMatch } as const
  const given = message({ headers: [header('To', 'b')], parts: [part({ names: ['a.txt'] })] })
  assert.deepEqual(decide(given, rules({ fileNames })).trace, [])
  const { trace } = decide(given, rules({ fileNames }), { trace: true })
  assert.deepEqual(
    trace.map(({ ruleset, rule: name, subject, matched }) => [ruleset, name, subject, matched]),
    [
      ['contentTypes', 'no match', '1', true],
      ['fileNames', 'strip it', '1', false],
      ['fileNames', 'tag it', '1', true],
      ['antivirus', 'clamav', '1', false],
      ['headers', 'no match', 'To', true],
    ],
  )
})
