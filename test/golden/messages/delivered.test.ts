/**
 * What no client may get out of what Postern delivers: the payload of any ambiguous mail, by any of four
 * readers that know nothing of Postern.
 */
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { embedded } from '../../support/inspection.ts'
import { skipWithout } from '../../support/programs.ts'
import { payloads } from './builders.ts'
import { type AmbiguousCase, ambiguousCases } from './cases.ts'
import { byMailparser, byPostalMime, byPython, bySplitting, type Extracted } from './extractors.ts'
import { explained } from './golden.ts'

after(() => embedded.close())

/** Who finds the payload in these octets. */
function finders(found: readonly Extracted[], needles: readonly string[]): string[] {
  // Readers that make text of octets write those above 127 as UTF-8, or lose them.
  const hits = found.filter(({ octets }) =>
    needles.some((needle) => octets.includes(Buffer.from(needle, 'latin1')) || octets.includes(needle)),
  )
  return [...new Set(hits.map(({ who }) => who))]
}

const byOthers = async (mail: Buffer): Promise<Extracted[]> => [
  ...(await byPostalMime(mail)),
  ...(await byMailparser(mail)),
  ...bySplitting(mail),
]

test('there are enough of them', () => {
  assert.ok(ambiguousCases.length / payloads.length >= 60)
})

/** What must keep the payload back: all that is recommended, and the setting for what is ambiguous alone. */
const actions = {
  'the recommended action': {},
  'what is ambiguous is locked, and nothing else': {
    antivirus: { enabled: false },
    contentTypes: { rules: [] },
    fileNames: { rules: [] },
  },
} as const

for (const [what, action] of Object.entries(actions))
  describe(`the payload of an ambiguous mail: ${what}`, { skip: skipWithout('python3') }, () => {
    let delivered: readonly Buffer[] = []
    let byPythonAfter: Extracted[][] = []
    before(async () => {
      const mails: Buffer[] = []
      for (const each of ambiguousCases)
        mails.push(Buffer.from((await explained({ ...each, action })).delivered ?? []))
      delivered = mails
      byPythonAfter = await byPython(mails)
    })

    const title = ({ name, payload }: AmbiguousCase) => `${name}, ${payload.name}`
    for (const [index, each] of ambiguousCases.entries())
      test(title(each), async () => {
        const mail = delivered[index] ?? Buffer.alloc(0)
        assert.notEqual(mail.length, 0)
        const found = [...(byPythonAfter[index] ?? []), ...(await byOthers(mail))]
        assert.deepEqual(finders(found, each.payload.needles), [], mail.toString('latin1'))
        const { findings } = await explained(each)
        const reasons = findings.filter(({ kind }) => kind === 'ambiguous').map(({ what }) => what)
        assert.ok(reasons.includes(each.reason), `${each.reason} is not said, but ${reasons.join(', ')}`)
      })
  })

test('most of the readers found it before', { skip: skipWithout('python3') }, async () => {
  const byPythonBefore = await byPython(ambiguousCases.map(({ message }) => message))
  const counts = new Map<string, number>()
  for (const [index, { message, payload }] of ambiguousCases.entries())
    for (const who of finders(
      [...(byPythonBefore[index] ?? []), ...(await byOthers(message))],
      payload.needles,
    ))
      counts.set(who, (counts.get(who) ?? 0) + 1)
  for (const who of ['Python', 'postal-mime', 'mailparser', 'splitter'])
    assert.ok((counts.get(who) ?? 0) > ambiguousCases.length / 3, `${who}: ${counts.get(who)}`)
})
