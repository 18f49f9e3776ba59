import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createDecoder, decodeAll, type Encoding, encodeBase64, type Natives } from './index.ts'

const natives: Natives = {
  base64(run, into) {
    const decoded = Buffer.from(latin1(run), 'base64')
    into.set(decoded.subarray(0, into.length))
    return decoded.length
  },
}
const latin1 = (octets: Uint8Array) => Buffer.from(octets).toString('latin1')

/** All decodings of a text, by name, and the reasons for doubt. */
function decode(encoding: Encoding, text: string) {
  const { results, ambiguities } = decodeAll(Buffer.from(text, 'latin1'), encoding, natives)
  return {
    usual: latin1(results[0]?.octets ?? new Uint8Array(0)),
    all: results.map(({ octets }) => latin1(octets)),
    reasons: ambiguities.map(({ reason }) => reason),
  }
}

const clean: readonly [encoding: Encoding, text: string, content: string][] = [
  ['7bit', 'a\r\nb', 'a\r\nb'],
  ['unknown', '=41', '=41'],
  ['base64', '', ''],
  ['base64', 'QUJD', 'ABC'],
  ['base64', 'QUI=\r\n', 'AB'],
  ['base64', 'QQ==\r\n\r\n', 'A'],
  ['base64', ' QU\r\nJ\tD\r\n', 'ABC'],
  ['base64', 'QUI=====', 'AB'],
  ['quoted-printable', 'a=3Db=3db', 'a=b=b'],
  ['quoted-printable', 'a=\r\nb=\nc', 'abc'],
  ['quoted-printable', 'a= \t\r\nb', 'ab'],
  ['quoted-printable', 'end=', 'end'],
  ['quoted-printable', 'g\xfc', 'g\xfc'],
  ['uuencode', 'begin 644 x\r\n#0V%T\r\n`\r\nend\r\n', 'Cat'],
  ['uuencode', 'text before\nbegin 644 x\n#0V%T\n \nend\ntext behind\n', 'Cat'],
  ['uuencode', 'begin 644 x\n"0V$\n#0V%TA\n`\nend', 'CaCat'],
  ['yenc', '=ybegin line=128 size=4 name=x\r\nkl=}\r\nm\r\n=yend size=4\r\n', 'AB\x13C'],
]
for (const [encoding, text, content] of clean)
  test(`${encoding}: ${JSON.stringify(text)}`, () => {
    assert.deepEqual(decode(encoding, text), { usual: content, all: [content], reasons: [] })
  })

const doubtful: readonly [encoding: Encoding, text: string, reason: string, contents: readonly string[]][] = [
  ['base64', 'QU!JD', 'base64-junk', ['ABC', 'A']],
  ['base64', 'QUJD\0QUJD', 'base64-junk', ['ABCABC', 'ABC']],
  ['base64', 'QUJDQUJ-', 'base64-junk', ['ABCAB\x7e']],
  ['base64', 'QQ==QUJD', 'base64-padding', ['AABC', 'A']],
  ['base64', 'QU=JD', 'base64-padding', ['ABC', 'A']],
  ['base64', 'QUI=QUI=', 'base64-padding', ['ABAB', 'AB']],
  ['base64', 'QUJDQ', 'base64-length', ['ABC']],
  ['base64', 'QUJDQQ', 'base64-length', ['ABCA']],
  ['base64', 'QUJDQQ=', 'base64-length', ['ABCA']],
  ['quoted-printable', 'a=XYb', 'quoted-printable-escape', ['a=XYb', 'aXYb', 'ab']],
  ['quoted-printable', 'a=4', 'quoted-printable-escape', ['a=4', 'a4']],
  ['quoted-printable', 'a==41b', 'quoted-printable-escape', ['a=Ab', 'a=41b']],
  ['quoted-printable', 'a= b', 'quoted-printable-escape', ['a= b', 'a b']],
  ['uuencode', '#0V%T\n`\nend', 'uuencode-damaged', ['', 'Cat']],
  ['uuencode', 'begin 644 x\n#0V%T\n', 'uuencode-damaged', ['Cat']],
  ['uuencode', 'begin 644 x\n#0V%T\nend\nbegin 644 y\n#0V%T\nend\n', 'uuencode-damaged', ['Cat', 'CatCat']],
  ['yenc', '=ybegin line=128 name=x\r\nkl', 'yenc-damaged', ['AB']],
  ['binhex', '(This file must be converted with BinHex 4.0)\r\n:!!', 'binhex-damaged', ['']],
]
for (const [encoding, text, reason, contents] of doubtful)
  test(`${encoding} in doubt: ${JSON.stringify(text)}`, () => {
    const { reasons, all } = decode(encoding, text)
    assert.ok(
      reasons.some((each) => each === reason),
      reasons.join(),
    )
    for (const content of contents)
      assert.ok(all.includes(content), `${content} among ${JSON.stringify(all)}`)
  })

const hqx = '!"#$%&\'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr'

/** A BinHex file, each octet three or more times in a row as a run. */
function binhex(name: string, data: string, resource: string): string {
  const number = (value: number) =>
    String.fromCharCode(value >> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255)
  const header = `${String.fromCharCode(name.length)}${name}\0TEXTttxt\0\0${number(data.length)}${number(resource.length)}cc`
  const runs = `${header}${data}cc${resource}cc`.replace(/(.)\1{2,}|\x90/gs, (run) =>
    run === '\x90' ? '\x90\0' : `${run.charAt(0)}\x90${String.fromCharCode(run.length)}`,
  )
  const bits = [...runs].map((char) => char.charCodeAt(0).toString(2).padStart(8, '0')).join('')
  const characters = (bits.match(/.{1,6}/g) ?? []).map((six) =>
    hqx.charAt(Number.parseInt(six.padEnd(6, '0'), 2)),
  )
  const lines = `:${characters.join('')}:`.match(/.{1,64}/g) ?? []
  return `(This file must be converted with BinHex 4.0)\r\n\r\n${lines.join('\r\n')}\r\n`
}

test('BinHex gives the data fork, and the resource fork where there is one', () => {
  assert.deepEqual(decode('binhex', binhex('a.exe', 'data \x90 aaaaaaa', '')), {
    ...{ usual: 'data \x90 aaaaaaa', all: ['data \x90 aaaaaaa'], reasons: [] },
  })
  assert.deepEqual(decode('binhex', binhex('a.exe', 'data', 'more')).all, ['data', 'more'])
})

test('what encodes octets is undone, with the native decoder and without', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.integer({ min: 1, max: 300 }), (octets, size) => {
      const encoded = encodeBase64(octets)
      assert.equal(latin1(encoded).replaceAll('\r\n', ''), Buffer.from(octets).toString('base64'))
      for (const hooks of [natives, {}]) {
        const decoder = createDecoder('base64', hooks)
        const pieces: Uint8Array[] = []
        for (let at = 0; at < encoded.length; at += size)
          pieces.push(decoder.push(encoded.subarray(at, at + size)))
        const { octets: last, ambiguities } = decoder.finish()
        assert.deepEqual(Buffer.concat([...pieces, last]), Buffer.from(octets))
        assert.deepEqual(ambiguities, [])
      }
    }),
    { numRuns: 200 },
  )
})

test('junk anywhere in long base64 is not lost on the native decoder', () => {
  const content = Buffer.alloc(3000, 'content of a file ')
  const encoded = latin1(encodeBase64(content))
  for (const [junk, reason] of [
    ['!', 'base64-junk'],
    ['-', 'base64-junk'],
    ['=', 'base64-padding'],
    ['\0', 'base64-junk'],
  ] as const)
    for (const at of [100, 1001, 2500]) {
      const { reasons, all } = decode('base64', encoded.slice(0, at) + junk + encoded.slice(at))
      assert.ok(reasons.includes(reason), `${junk} at ${at}: ${reasons.join()}`)
      assert.ok(all.includes(latin1(content)), `${junk} at ${at}`)
    }
})

test('any chunking decodes alike, whatever the octets', () => {
  const encodings: readonly Encoding[] = ['base64', 'quoted-printable', 'uuencode', 'yenc', 'binhex']
  const text = fc.array(
    fc.constantFrom(
      'QUJD',
      'Q',
      '=',
      '==',
      '=41',
      '=4',
      '= ',
      '\r\n',
      '\n',
      '\r',
      'x',
      '!',
      '-',
      ':',
      'begin 644 x',
      '#0V%T',
      'end',
      '=y',
      'end\n',
      '\x90',
    ),
    { maxLength: 60 },
  )
  fc.assert(
    fc.property(
      fc.constantFrom(...encodings),
      text,
      fc.array(fc.integer({ min: 1, max: 7 })),
      (encoding, words, cuts) => {
        const octets = Buffer.from(words.join(''), 'latin1')
        const whole = decodeAll(octets, encoding, natives)
        const names = [undefined, ...whole.results.slice(1).map(({ decoding }) => decoding)]
        for (const [index, name] of names.entries()) {
          const decoder = createDecoder(encoding, natives, name)
          const pieces: Uint8Array[] = []
          let at = 0
          for (const cut of [...cuts, octets.length]) {
            pieces.push(Buffer.from(decoder.push(octets.subarray(at, at + cut))))
            at += cut
          }
          const { octets: last, ambiguities } = decoder.finish()
          assert.equal(
            latin1(Buffer.concat([...pieces, last])),
            latin1(whole.results[index]?.octets ?? Buffer.from('?')),
          )
          if (index === 0) assert.deepEqual(ambiguities, whole.ambiguities)
        }
      },
    ),
    { numRuns: 1000 },
  )
})
