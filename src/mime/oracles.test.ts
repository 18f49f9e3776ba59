/**
 * Other readers of mail as oracles: what postal-mime, mailparser or Python's email extract from a message
 * made to be misread, is among the contents that we see.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import PostalMime from 'postal-mime'
import { readInside } from './index.ts'

const payload = 'PAYLOAD OF A PROGRAM 1234567890'
const base64 = Buffer.from(payload).toString('base64')
const escaped = payload.replaceAll(' ', '=20')

const headers = [
  ...['multipart/mixed; boundary=b', 'multipart/mixed; boundary="c"', 'multipart/mixed; boundary=bb'],
  ...['multipart/mixed; boundary=b; boundary=c', 'multipart/mixed; boundary*0=b; boundary*1=b'],
  ...['multipart/mixed', 'MULTIPART/Mixed;\r\n boundary="b"', 'multipart/mixed; boundary="b "'],
  ...['multipart/mixed; boundary=(x)b', 'multipart/mixed; boundary=b (x)', 'multipart/mixed; boundary="b'],
  ...['multipart/mixed boundary=b', 'multipart/mixed, boundary=b', 'message/rfc822', 'text/plain', '', 'foo'],
  ...['application/octet-stream; name=a.exe', 'text/plain; boundary=b'],
].map((value) => `Content-Type: ${value}`)
const encodings = [
  ...['base64', 'base64 ', '"base64"', '(x)base64', 'base64;x', 'quoted-printable', '7bit', '\r\n base64'],
].map((value) => `Content-Transfer-Encoding: ${value}`)
const others = [
  ...['Content-Transfer-Encoding : base64', 'Content-Disposition: attachment; filename="a.exe"', 'X: y'],
  ...['odd line', ' ', '\tfolded', 'Subject: a\rContent-Transfer-Encoding: base64'],
]
const contents = [
  ...[base64, `${base64.slice(0, 20)}\r\n${base64.slice(20)}`, `${base64.slice(0, 8)}!${base64.slice(8)}`],
  ...[
    `YQ==${base64}`,
    `YWI=\r\n${base64}`,
    base64.replace(/=+$/, ''),
    escaped,
    `${escaped.slice(0, 10)}=\r\n${escaped.slice(10)}`,
  ],
]
const boundaries = [
  ...[
    '--b',
    '--b',
    '--b--',
    '--b ',
    '--b\t',
    '--bb',
    '--bb--',
    '--c',
    '--c--',
    '--B',
    '--bx',
    '--b-',
    '--b--x',
  ],
  ...['-- b', ' --b', '--b\0', '\r--b', '--b\rX', '--'],
]

const header = fc.array(fc.oneof(...[headers, encodings, others].map((each) => fc.constantFrom(...each))), {
  maxLength: 3,
})
const part = fc
  .tuple(fc.constantFrom(...boundaries), header, fc.boolean(), fc.constantFrom(...contents))
  .map(([boundary, fields, blank, content]) => [
    boundary,
    ...fields,
    ...(blank || fields.length === 0 ? [''] : []),
    content,
  ])
const message = fc
  .tuple(fc.constantFrom(...headers), header, fc.array(part, { minLength: 1, maxLength: 5 }), fc.boolean())
  .map(([type, fields, parts, closed]) =>
    Buffer.from([type, ...fields, '', ...parts.flat(), closed ? '--b--' : '', ''].join('\r\n'), 'latin1'),
  )

interface Extracted {
  readonly who: string
  /** All text of a message in one: only what is in it can be compared. */
  readonly joined?: boolean
  readonly octets: Buffer
}

async function extractedByJavaScript(octets: Buffer): Promise<Extracted[]> {
  const postal = await PostalMime.parse(octets)
  const parser = await simpleParser(octets)
  return [
    ...postal.attachments.map(({ content }) => ({
      who: 'postal-mime',
      octets: typeof content === 'string' ? Buffer.from(content) : Buffer.from(new Uint8Array(content)),
    })),
    ...parser.attachments.map(({ content }) => ({ who: 'mailparser', octets: content })),
    { who: 'postal-mime', joined: true, octets: Buffer.from(postal.text ?? '') },
    { who: 'mailparser', joined: true, octets: Buffer.from(parser.text ?? '') },
  ]
}

const python = `
import base64, email, json, sys
for line in sys.stdin:
    found = []
    for part in email.message_from_bytes(base64.b64decode(line)).walk():
        try:
            content = None if part.is_multipart() else part.get_payload(decode=True)
        except Exception:
            content = None
        if content is not None:
            found.append(base64.b64encode(content).decode())
    print(json.dumps(found))
`

function extractedByPython(messages: readonly Buffer[]): Extracted[][] {
  const input = messages.map((octets) => `${octets.toString('base64')}\n`).join('')
  const { stdout, status } = spawnSync('python3', ['-c', python], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  })
  assert.equal(status, 0)
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => {
      const found: unknown = JSON.parse(line)
      assert.ok(Array.isArray(found))
      return found.map((each) => ({ who: 'python', octets: Buffer.from(String(each), 'base64') }))
    })
}

test('whatever another reader extracts, we have seen', async () => {
  const messages = fc.sample(message, { numRuns: 1500, seed: 20260101 })
  const byPython = extractedByPython(messages)
  let extracted = 0
  let whole = 0
  let same = 0
  for (const [index, octets] of messages.entries()) {
    const inside = readInside(octets)
    if (inside.limits.length > 0) continue
    const seen = inside.contents.map((each) => Buffer.from(each.octets))
    for (const { who, joined, octets: content } of [
      ...(byPython[index] ?? []),
      ...(await extractedByJavaScript(octets)),
    ]) {
      // What was decoded and then taken for text has lost its octets.
      if (!content.includes(payload) || content.includes('\ufffd')) continue
      extracted += 1
      const text = octets.toString('latin1')
      assert.ok(
        seen.some((each) => each.includes(payload)),
        `${who}: ${JSON.stringify(text)}`,
      )
      if (joined === true) continue
      whole += 1
      if (seen.some((each) => shape(each) === shape(content))) same += 1
    }
  }
  assert.ok(extracted > 200, `${extracted} extracted`)
  assert.ok(same / whole > 0.99, `${same} of ${whole} octet for octet`)
})

/** Without blanks and line ends at the ends of lines: each reader treats them in its own way. */
const shape = (octets: Buffer) =>
  octets
    .toString('latin1')
    .replace(/[ \t]*\r?\n|\r/g, '\n')
    .replace(/[\s\0]+$/, '')
    .trimStart()
