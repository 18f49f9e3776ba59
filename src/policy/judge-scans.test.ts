import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { clean, message, part, rule, rules } from '../../test/support/facts.ts'
import { type ErrorAction, type FaultAction, letsPass } from './actions.ts'
import { decide } from './decide.ts'
import { aroundAndItself } from './ids.ts'
import type { ContentRules, Decision, MessageFacts, PartFacts, ScanAnswer, ScanFact, Trait } from './types.ts'

const infected = { kind: 'infected', virus: 'Eicar' } as const
/** Outside its type on purpose: what a scanner's adapter of tomorrow may say. */
const strange = { kind: 'OK' } as unknown as ScanAnswer
const broken = { kind: 'error', reason: 'connection refused' } as const
const scan = (result: ScanAnswer, deep = true): ScanFact => ({ scanner: 'clamav', result, deep })

/** What is done, in a few words. */
function did({ outcome, parts, why }: Decision): string {
  const changes = parts.map(({ top, action }) => `${action} ${top}`)
  return [outcome, ...changes, why?.rule ?? 'nothing'].join(', ')
}

const two = [part({ id: '1', scans: [] }), part({ id: '2', scans: [] })]
const withScans = (first: readonly ScanFact[], second: readonly ScanFact[]) => [
  part({ id: '1', scans: first }),
  part({ id: '2', scans: second }),
]
const cases: readonly [what: string, facts: Partial<MessageFacts>, done: string][] = [
  [
    'a deep clean answer for the message holds for its parts',
    { parts: two, scans: [clean] },
    'deliver, nothing',
  ],
  [
    'one that is not deep does not',
    { parts: two, scans: [scan({ kind: 'clean' }, false)] },
    'refuse, antivirus.scanError',
  ],
  ['no answer at all', { parts: two }, 'refuse, antivirus.scanError'],
  ['no answer for one part', { parts: withScans([clean], []) }, 'refuse, antivirus.scanError'],
  ['every part answered', { parts: withScans([clean], [clean]) }, 'deliver, nothing'],
  [
    'an infected part',
    { parts: withScans([clean], [scan(infected)]), scans: [scan(infected)] },
    'deliver, strip 2, antivirus.infected',
  ],
  [
    'an infected message, no part to blame',
    { parts: withScans([clean], [clean]), scans: [scan(infected)] },
    'notice, antivirus.infected',
  ],
  [
    'an infected message, one part to blame, the other without an answer',
    { parts: withScans([], [scan(infected)]), scans: [scan(infected)] },
    'refuse, antivirus.scanError',
  ],
  [
    'blame by another scanner does not count',
    {
      parts: withScans([clean], [clean, { scanner: 'embedded', result: infected, deep: false }]),
      scans: [scan(infected)],
    },
    'notice, antivirus.infected',
  ],
  ['a message without parts and without an answer', { parts: [] }, 'refuse, antivirus.scanError'],
  ['a message without parts, clean', { parts: [], scans: [clean] }, 'deliver, nothing'],
  ['the scanner failed on the message', { parts: two, scans: [scan(broken)] }, 'refuse, antivirus.scanError'],
  [
    'the scanner failed on the message and did every part',
    { parts: withScans([clean], [clean]), scans: [scan(broken)] },
    'deliver, nothing',
  ],
  [
    'the message is too large, no part was scanned',
    { parts: two, scans: [scan({ kind: 'too-large', limit: 10 })] },
    'lock, antivirus.tooLarge',
  ],
  [
    'the message is too large, every part is clean',
    { parts: withScans([clean], [clean]), scans: [scan({ kind: 'too-large', limit: 10 })] },
    'deliver, nothing',
  ],
  ['a part above scanLimit', { parts: [part({ size: 1_000_001 })] }, 'deliver, lock 1, antivirus.tooLarge'],
  ['a part at scanLimit', { parts: [part({ size: 1_000_000 })] }, 'deliver, nothing'],
  [
    'a part above scanLimit that nobody scanned',
    { parts: [part({ size: 1_000_001, scans: [] })] },
    'deliver, lock 1, antivirus.tooLarge',
  ],
  [
    'members of an archive above scanLimit',
    { parts: [part({ size: 1_000_001, scans: [] }), part({ id: '1/1', scans: [] })] },
    'deliver, lock 1, antivirus.tooLarge',
  ],
  [
    'a part above scanLimit, infected all the same',
    { parts: [part({ size: 1_000_001, scans: [scan(infected)] })] },
    'deliver, strip 1, antivirus.infected',
  ],
  [
    'a size that is no number',
    { parts: [part({ size: Number.NaN })] },
    'deliver, lock 1, antivirus.tooLarge',
  ],
  [
    'a member is covered by a deep answer for its archive',
    { parts: [part(), part({ id: '1/1', scans: [] })] },
    'deliver, nothing',
  ],
  [
    'and not by one that is not deep',
    { parts: [part({ scans: [scan({ kind: 'clean' }, false)] }), part({ id: '1/1', scans: [] })] },
    'refuse, antivirus.scanError',
  ],
  [
    'an infected member',
    { parts: [part(), part({ id: '1/1', scans: [scan(infected)] })] },
    'deliver, strip 1, antivirus.infected',
  ],
  [
    'an encrypted member has no content to scan',
    {
      parts: [
        part({ scans: [scan({ kind: 'clean' }, false)] }),
        part({ id: '1/1', traits: ['encrypted'], scans: [] }),
      ],
    },
    'deliver, lock 1, antivirus.encrypted',
  ],
  [
    'an encrypted leaf has',
    { parts: [part({ traits: ['encrypted'], scans: [] })] },
    'refuse, antivirus.scanError',
  ],
  [
    'the scanner calls it encrypted',
    { parts: [part({ scans: [scan({ kind: 'encrypted' })] })], scans: [scan({ kind: 'encrypted' })] },
    'deliver, lock 1, antivirus.encrypted',
  ],
  [
    'the scanner calls the message encrypted, and no part is',
    { parts: withScans([clean], [clean]), scans: [scan({ kind: 'encrypted' })] },
    'lock, antivirus.encrypted',
  ],
]
for (const [what, facts, expected] of cases)
  test(what, () => {
    assert.equal(did(decide(message(facts), rules())), expected)
  })

test('an answer of a kind that is not known is a scan error', () => {
  const parts = [part({ scans: [scan(strange)] })]
  assert.equal(did(decide(message({ parts }), rules())), 'refuse, antivirus.scanError')
  assert.equal(
    did(decide(message({ scans: [scan(strange)], parts: [] }), rules())),
    'refuse, antivirus.scanError',
  )
})

test('every scanner must answer', () => {
  const both = rules({ antivirus: { scanners: ['clamav', 'embedded'] } })
  const decision = decide(message(), both)
  assert.equal(decision.outcome, 'refuse')
  assert.equal(decision.why?.scanner, 'embedded')
})

test('antivirus off: nobody is waited for', () => {
  const off = rules({ antivirus: { scanners: [] } })
  assert.equal(did(decide(message({ parts: [part({ scans: [] })] }), off)), 'deliver, nothing')
})

test('failOpen delivers, and says who was out of order', () => {
  const open = rules({ antivirus: { failOpen: true } })
  const decision = decide(message({ parts: [part({ scans: [scan(broken)] })] }), open)
  assert.equal(decision.outcome, 'deliver')
  assert.deepEqual(decision.unscanned, [
    { scanner: 'clamav', reason: 'clamav could not scan it: connection refused' },
  ])
  assert.ok(decision.verdicts.some(({ rule: name }) => name === 'antivirus.failOpen'))
  const dangerous = decide(message({ parts: [part({ scans: [scan(infected)] })] }), open)
  assert.equal(did(dangerous), 'deliver, strip 1, antivirus.infected')
})

test('the refusal is one readable line that names the culprit', () => {
  const reason = `down\r\n+OK ${'ä'.repeat(1000)}`
  const { refusal } = decide(
    message({ parts: [part({ scans: [scan({ kind: 'error', reason })] })] }),
    rules(),
  )
  assert.match(
    refusal ?? '',
    /^This message was not delivered: clamav could not scan it: down\?\+OK [\x20-\x7e]*try again later\.$/,
  )
  assert.ok((refusal ?? '').length <= 400)
})

test('a rule that says scan locks what is not clean, where antivirus would let it pass', () => {
  const lenient = { infected: 'allow', scanError: 'allow', tooLarge: 'allow', encrypted: 'allow' } as const
  const contentTypes: ContentRules['contentTypes'] = {
    autoDetect: true,
    rules: [rule('scan', () => true, { name: 'must be clean' })],
    noMatch: { action: 'allow', log: false },
  }
  const judged = (scans: readonly ScanFact[], given: Parameters<typeof rules>[0]) =>
    did(decide(message({ parts: [part({ scans })] }), rules({ contentTypes, ...given })))
  for (const result of [infected, broken, { kind: 'encrypted' }, { kind: 'too-large', limit: 1 }] as const)
    assert.equal(judged([scan(result)], { antivirus: lenient }), 'deliver, lock 1, must be clean')
  assert.equal(judged([scan(broken)], { antivirus: { failOpen: true } }), 'deliver, lock 1, must be clean')
  assert.equal(judged([scan(broken)], {}), 'refuse, antivirus.scanError')
  assert.equal(judged([], { antivirus: { scanners: [] } }), 'deliver, lock 1, must be clean')
  assert.equal(judged([clean], {}), 'deliver, must be clean')
  const open = rules({ contentTypes, antivirus: { failOpen: true } })
  const archive = [part(), part({ id: '1/1', scans: [scan(broken)] }), part({ id: '2' })]
  assert.equal(did(decide(message({ parts: archive }), open)), 'deliver, lock 1, must be clean')
  const wrapped = [part({ id: '3', scans: [scan(broken)] }), part({ id: '3.1' })]
  assert.equal(did(decide(message({ parts: wrapped }), open)), 'deliver, lock 3, must be clean')
  const whole = message({ parts: two, scans: [scan(broken)] })
  assert.equal(did(decide(whole, open)), 'deliver, lock 1, lock 2, must be clean')
})

/* Properties */

/** Most of what is drawn is sound, so that whole messages are too, often enough. */
const mostly = <T>(sound: T, others: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: fc.constant(sound), weight: 12 }, { arbitrary: others, weight: 1 })

const answer = mostly<ScanAnswer>(
  { kind: 'clean' },
  fc.constantFrom<ScanAnswer[]>(
    infected,
    broken,
    strange,
    { kind: 'encrypted' },
    { kind: 'too-large', limit: undefined },
  ),
)
const oneScan = (scanner: string) =>
  fc.record({ scanner: fc.constant(scanner), result: answer, deep: fc.boolean() })
const scans = mostly<readonly string[]>(
  ['clamav', 'embedded'],
  fc.subarray(['clamav', 'clamav', 'embedded']),
).chain((scanners) => fc.tuple(...scanners.map(oneScan)))
const traits = mostly<readonly Trait[]>(
  [],
  fc.subarray<Trait>(['encrypted', 'nested-encrypted', 'unreadable', 'partial', 'unscannable']),
)
const parts: fc.Arbitrary<PartFacts[]> = fc
  .subarray(['1', '2', '2/1', '2/1/1', '3.1', '3'], { minLength: 0 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc
          .record({ scans, traits, size: mostly(1, fc.constant(2_000_000)) })
          .map((given) => part({ id, ...given })),
      ),
    ),
  )
const ambiguity = fc.record({
  reason: fc.constant('odd'),
  evidence: fc.constant(''),
  top: fc.constantFrom(undefined, '1', '9'),
  repair: fc.constantFrom(undefined, 'epilogue'),
})
const limit = fc.record({
  limit: fc.constant('parts'),
  evidence: fc.constant(''),
  top: fc.constantFrom(undefined, '2', '9'),
})
const seldom = <T>(item: fc.Arbitrary<T>) =>
  mostly<readonly T[]>(
    [],
    item.map((one) => [one]),
  )
const facts: fc.Arbitrary<MessageFacts> = fc
  .record({
    parts,
    scans: fc.oneof(scans, fc.constant([])),
    ambiguities: seldom(ambiguity),
    limits: seldom(limit),
  })
  .map((given) => message(given))
const liesIn = (id: string, around: string) => aroundAndItself(id).slice(1).includes(around)
const strict = fc.constantFrom<FaultAction[]>('lock', 'strip', 'replace', 'quarantine', 'drop', 'block')
const any = fc.oneof(strict, fc.constantFrom<FaultAction[]>('allow', 'tag'))
const settings = (action: fc.Arbitrary<FaultAction>, failOpen: fc.Arbitrary<boolean>) =>
  fc
    .record({
      ambiguous: action,
      limitExceeded: action,
      unscannable: action,
      unreadable: action,
      partial: action,
      antivirus: fc.record({
        infected: action,
        scanError: fc.oneof(action, fc.constant<ErrorAction>('refuse')),
        tooLarge: action,
        encrypted: action,
        failOpen,
        scanners: fc.constant(['clamav', 'embedded']),
      }),
    })
    .map((given) => rules(given))

const unchanged = ({ outcome, parts: changed, repairs }: Decision) =>
  outcome === 'deliver' && changed.length === 0 && repairs.length === 0

test('what is delivered unchanged was called clean by every scanner in all its parts, and is read by all in one way', () => {
  let seen = 0
  const isClean = (given: readonly ScanFact[], scanner: string, deep: boolean) =>
    given.some((fact) => fact.scanner === scanner && fact.result.kind === 'clean' && (fact.deep || !deep))
  fc.assert(
    fc.property(facts, settings(strict, fc.constant(false)), (given, with_) => {
      if (!unchanged(decide(given, with_))) return
      seen += 1
      assert.equal(given.ambiguities.length + given.limits.length, 0)
      for (const each of given.parts) {
        assert.ok(each.scans.every(({ result }) => result.kind === 'clean'))
        assert.deepEqual(each.traits, [])
        assert.equal(each.size, 1)
        for (const scanner of ['clamav', 'embedded'])
          assert.ok(
            isClean(each.scans, scanner, false) ||
              isClean(given.scans, scanner, true) ||
              given.parts.some((other) => liesIn(each.id, other.id) && isClean(other.scans, scanner, true)),
            `${each.id} ${scanner}`,
          )
      }
      for (const { scanner, result } of given.scans) {
        const byPart =
          given.parts.length > 0 && given.parts.every((each) => isClean(each.scans, scanner, false))
        const couldNot = result.kind !== 'infected' && result.kind !== 'encrypted'
        assert.ok(result.kind === 'clean' || (couldNot && byPart), `${scanner} ${result.kind}`)
      }
    }),
    { numRuns: 20_000 },
  )
  assert.ok(seen > 1000, `enough are delivered: ${seen}`)
})

test('whatever the settings: a part passes with what its own setting lets pass, and with nothing else', () => {
  fc.assert(
    fc.property(facts, settings(any, fc.boolean()), (given, with_) => {
      const decision = decide(given, with_)
      if (decision.outcome !== 'deliver') return
      const { antivirus } = with_
      const acted = (id: string) => decision.parts.some(({ top }) => top === id || liesIn(id, top))
      for (const { id, top, traits: shown, size, scans: own } of given.parts) {
        const tooLarge = size > antivirus.scanLimit
        const needed = [
          ...own.flatMap(({ result: { kind } }) => {
            if (kind === 'clean') return []
            if (kind === 'infected') return [antivirus.infected]
            if (tooLarge) return [antivirus.tooLarge]
            if (kind === 'encrypted') return [antivirus.encrypted]
            if (kind === 'too-large') return [antivirus.tooLarge]
            return antivirus.failOpen ? [] : [antivirus.scanError]
          }),
          ...(tooLarge ? [antivirus.tooLarge] : []),
          ...(shown.includes('encrypted') || shown.includes('nested-encrypted') ? [antivirus.encrypted] : []),
          ...(['unreadable', 'partial', 'unscannable'] as const)
            .filter((trait) => shown.includes(trait))
            .map((trait) => with_[trait]),
        ]
        if (!needed.every(letsPass)) assert.ok(acted(top), `${id}: ${needed.join(', ')}`)
      }
      const needed = [
        ...given.ambiguities
          .filter(({ repair }) => repair === undefined || with_.ambiguous !== 'lock')
          .map(() => with_.ambiguous),
        ...given.limits.map(() => with_.limitExceeded),
      ]
      if (!needed.every(letsPass)) assert.ok(decision.parts.length > 0)
    }),
    { numRuns: 20_000 },
  )
})

test('ten thousand parts, each with something wrong, are decided in less than two seconds', () => {
  const ids = Array.from({ length: 10_000 }, (_, index) => `1.${index}`)
  const bad = ids.map((id) => part({ id, scans: [scan(broken)] }))
  const ambiguities = ids.map((top) => ({ reason: 'odd', evidence: '', top, repair: undefined }))
  const contentTypes: ContentRules['contentTypes'] = {
    autoDetect: true,
    rules: [rule('scan', () => true)],
    noMatch: { action: 'allow', log: false },
  }
  const start = performance.now()
  const { parts: changed } = decide(
    message({ parts: bad, ambiguities }),
    rules({ contentTypes, antivirus: { failOpen: true } }),
  )
  assert.equal(changed.length, 10_000)
  assert.ok(performance.now() - start < 2000)
})
