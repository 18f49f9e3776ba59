/**
 * Mail put together by chance from what readers disagree about: whatever it is, no reader gets the payload
 * out of what is delivered. The splitter is left out: it takes plain text for parts, which nobody else does.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import fc from 'fast-check'
import { embedded } from '../../support/inspection.ts'
import { skipWithout } from '../../support/programs.ts'
import { octetsOf, type Payload, payloads } from './builders.ts'
import { byMailparser, byPostalMime, byPython } from './extractors.ts'
import { explained } from './golden.ts'

after(() => embedded.close())

const types = [
  ...['multipart/mixed; boundary=b', 'multipart/mixed; boundary="c"', 'multipart/mixed; boundary=bb'],
  ...['multipart/mixed; boundary=b; boundary=c', 'multipart/mixed; boundary*0=b; boundary*1=b'],
  ...['multipart/mixed', 'MULTIPART/Mixed;\n boundary="b"', 'multipart/mixed; boundary="b "'],
  ...['multipart/mixed; boundary=(x)b', 'multipart/mixed; boundary=b (x)', 'multipart/mixed; boundary="b'],
  ...['multipart/mixed boundary=b', 'multipart/mixed, boundary=b', 'multipart/digest; boundary=b'],
  ...[
    'message/rfc822',
    'text/plain',
    'text/html',
    '',
    'foo',
    'text/plain; boundary=b',
    'message/partial; id=x',
  ],
].map((value) => `Content-Type: ${value}`)
const fields = [
  ...['base64', 'base64 ', '"base64"', '(x)base64', 'base64;x', 'quoted-printable', '7bit', '\n base64'],
  ...['x-uuencode', 'binary', 'BASE64', 'x', 'ba<NUL>se64'],
].map((value) => `Content-Transfer-Encoding: ${value}`)
const others = [
  ...['Content-Transfer-Encoding : base64', 'Content-Disposition: attachment; filename="a.exe"', 'X: y'],
  ...['odd line', ' ', '\tfolded', 'X: y<CR>Content-Transfer-Encoding: base64'],
  ...['X: y<LF>Content-Transfer-Encoding: base64', 'Content-Type\n : multipart/mixed; boundary=b'],
]
const boundaries = [
  ...[
    '--b',
    '--b',
    '--b',
    '--b--',
    '--b ',
    '--bb',
    '--bb--',
    '--c',
    '--c--',
    '--B',
    '--bx',
    '--b-',
    '--b--x',
  ],
  ...['-- b', ' --b', '--b<NUL>', '<CR>--b', '--b<CR>X', '--', 'x<LF>--b', 'x<LF>--b--'],
]

function contentsOf({ base64, base64Line, quoted, uu }: Payload): readonly string[] {
  const [begin, rest] = [base64Line.slice(0, 20), base64Line.slice(20)]
  return [
    ...[
      base64,
      base64Line,
      `${begin}\n${rest}`,
      `${begin}!${rest}`,
      `${begin}\n\n${rest}`,
      `${begin}<CR>${rest}`,
    ],
    ...[`${begin}<LF>--b<LF>${rest}`, `YQ==${base64Line}`, `YWI=\n${base64Line}`, quoted, uu, `x\n${uu}`],
    ...[uu.replace(/\n`\nend$/, ''), 'hello', ''],
  ]
}

function mailsOf(payload: Payload, numRuns: number, seed: number): readonly Buffer[] {
  const pick = (from: readonly string[]) => fc.constantFrom(...from)
  const header = fc.array(fc.oneof(pick(types), pick(fields), pick(others)), { maxLength: 3 })
  const part = fc
    .tuple(pick(boundaries), header, fc.boolean(), pick(contentsOf(payload)))
    .map(([line, each, blank, content]) => [
      line,
      ...each,
      ...(blank || each.length === 0 ? [''] : []),
      content,
    ])
  const mail = fc
    .tuple(pick(types), header, fc.array(part, { minLength: 1, maxLength: 5 }), fc.boolean())
    .map(([type, each, parts, closed]) =>
      octetsOf([type, ...each, '', ...parts.flat(), closed ? '--b--' : '', ''].join('\n')),
    )
  return fc.sample(mail, { numRuns, seed })
}

for (const [index, payload] of payloads.entries())
  test(`no reader gets at it: ${payload.name}`, { skip: skipWithout('python3') }, async () => {
    const mails = mailsOf(payload, 300, 20_261_124 + index)
    const carries = ({ octets }: { readonly octets: Buffer }) =>
      payload.needles.some((needle) => octets.includes(needle, 0, 'latin1') || octets.includes(needle))
    const readBy = async (all: readonly Buffer[]) => {
      const python = await byPython(all)
      const found: boolean[] = []
      for (const [at, mail] of all.entries())
        found.push(
          [...(python[at] ?? []), ...(await byPostalMime(mail)), ...(await byMailparser(mail))].some(carries),
        )
      return found
    }
    const delivered: Buffer[] = []
    for (const message of mails)
      delivered.push(Buffer.from((await explained({ name: 'chance', message })).delivered ?? []))
    const before = (await readBy(mails)).filter((found) => found).length
    assert.ok(before > mails.length / 15, `${before} carry it to begin with`)
    const leaks = (await readBy(delivered)).flatMap((found, at) =>
      found ? [mails[at]?.toString('latin1')] : [],
    )
    assert.deepEqual(leaks, [])
  })
