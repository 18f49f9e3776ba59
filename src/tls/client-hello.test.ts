import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { type ClientHello, ja4, longestHello, readClientHello } from './index.ts'

const u16 = (value: number) => [value >> 8, value & 255]
const vector8 = (content: number[]) => [content.length, ...content]
const vector16 = (content: number[]) => [...u16(content.length), ...content]
const ascii = (text: string) => [...text].map((char) => char.charCodeAt(0))
const extension = (type: number, content: number[]) => [...u16(type), ...vector16(content)]
const hostEntry = (name: string) => [0, ...vector16(ascii(name))]
const serverName = (name: string) => extension(0, vector16(hostEntry(name)))
const alpn = (...names: string[]) => extension(16, vector16(names.flatMap((name) => vector8(ascii(name)))))
const versions = (...list: number[]) => extension(43, vector8(list.flatMap(u16)))
const algorithms = (...list: number[]) => extension(13, vector16(list.flatMap(u16)))

interface Parts {
  ciphers?: number[]
  extensions?: number[] | undefined
  compression?: number[]
  version?: number
}
function body({ ciphers = [0x1301], extensions = [], compression = [0], version = 0x0303 }: Parts): number[] {
  const head = [...u16(version), ...Array<number>(32).fill(7), ...vector8([])]
  return [...head, ...vector16(ciphers.flatMap(u16)), ...vector8(compression), ...vector16(extensions)]
}
const handshake = (content: number[], type = 1) => [type, 0, ...u16(content.length), ...content]
const record = (content: number[], type = 22) => [type, 3, 1, ...vector16(content)]
const hello = (parts: Parts) => Uint8Array.from(record(handshake(body(parts))))

function read(bytes: Uint8Array): ClientHello {
  const reading = readClientHello(bytes)
  assert.equal(reading.kind, 'hello', JSON.stringify(reading))
  return reading.kind === 'hello' ? reading.hello : assert.fail()
}

function refusal(bytes: readonly number[]): string {
  const reading = readClientHello(Uint8Array.from(bytes))
  assert.equal(reading.kind, 'not-tls', JSON.stringify(reading))
  return reading.kind === 'not-tls' ? reading.reason : assert.fail()
}

const full = hello({
  ciphers: [0x1a1a, 0x1301, 0xc02b],
  extensions: [
    ...extension(0x2a2a, []),
    ...serverName('Mail.Example.NET'),
    ...alpn('pop3', 'h2'),
    ...versions(0x3a3a, 0x0303, 0x0304),
    ...algorithms(0x0403, 0x0804),
    ...extension(51, [0, 0]),
  ],
})
const fullReading: ClientHello = {
  serverName: 'mail.example.net',
  alpn: ['pop3', 'h2'],
  version: 0x0304,
  ciphers: [0x1301, 0xc02b],
  extensions: [0, 16, 43, 13, 51],
  signatureAlgorithms: [0x0403, 0x0804],
}

test('a hello is read, its server name in lower case, GREASE left out', () => {
  assert.deepEqual(read(full), fullReading)
})

test('a hello reads the same whole, byte by byte, and with trailing bytes', () => {
  for (let length = 0; length < full.length; length += 1)
    assert.deepEqual(readClientHello(full.subarray(0, length)), { kind: 'incomplete' }, `${length} octets`)
  assert.deepEqual(read(Uint8Array.from([...full, 1, 2, 3])), fullReading)
})

test('a hello split over records at every octet reads the same', () => {
  const message = [...full.subarray(5)]
  for (let cut = 1; cut < message.length; cut += 1) {
    const bytes = [...record(message.slice(0, cut)), ...record(message.slice(cut))]
    assert.deepEqual(read(Uint8Array.from(bytes)), fullReading, `cut at ${cut}`)
    assert.equal(readClientHello(Uint8Array.from(bytes.slice(0, cut + 5))).kind, 'incomplete')
  }
})

test('a hello in records of one octet each reads the same', () => {
  assert.deepEqual(
    read(Uint8Array.from([...full.subarray(5)].flatMap((byte) => record([byte])))),
    fullReading,
  )
})

test('a hello without extensions, as TLS 1.2 allows, has no server name', () => {
  const bare = body({ version: 0x0302 }).slice(0, -2)
  const reading = read(Uint8Array.from(record(handshake(bare))))
  assert.deepEqual(reading, {
    ...{ serverName: undefined, alpn: [], version: 0x0302 },
    ...{ ciphers: [0x1301], extensions: [], signatureAlgorithms: [] },
  })
})

for (const name of [
  ...['', '.', 'a..b', 'a.', '127.0.0.1', '::1', '-a.example', 'a-.example', 'a b', 'a\u0000b', 'ä.example'],
  ...['0x7f.0x1', 'host.1', `${'a'.repeat(64)}.example`, `${'a.'.repeat(127)}example`, '*.example', '../x'],
])
  test(`the server name ${JSON.stringify(name.slice(0, 20))} is treated as absent`, () => {
    assert.equal(read(hello({ extensions: serverName(name) })).serverName, undefined)
  })

for (const name of ['localhost', 'xn--bcher-kva.example', '_pop3.example', 'a1.b-2.c3', '1.example'])
  test(`the server name ${name} is taken`, () => {
    assert.equal(read(hello({ extensions: serverName(name) })).serverName, name)
  })

test('a name of an unknown kind in the server name list is passed over', () => {
  const list = [9, ...vector16(ascii('x')), ...hostEntry('b.example')]
  assert.equal(read(hello({ extensions: extension(0, vector16(list)) })).serverName, 'b.example')
})

const overflow = [...u16(0x0303), ...Array<number>(32).fill(0), 99]
for (const [what, bytes, reason] of [
  ['clear text', ascii('USER alice\r\n'), /not a TLS handshake/],
  ['an SSL 2 hello', [0x80, 0x2e, 1, 3, 1], /not a TLS handshake/],
  ['a TLS alert', record([2, 40], 21), /not a TLS handshake/],
  ['a strange major version', [22, 2, 0, 0, 5], /record version/],
  ['a strange minor version', [22, 3, 9, 0, 5], /record version/],
  ['an empty record', record([]), /empty TLS record/],
  ['a record above 2^14 octets', [22, 3, 1, 0x40, 1], /record larger/],
  ['a ServerHello', record(handshake(body({}), 2)), /no ClientHello/],
  ['an alert in the middle of the hello', [...record([1, 0]), ...record([1], 21)], /broken off/],
  ['a hello that claims 64 KiB', record([1, 1, 0, 0]), /larger than 16 KiB/],
  ['a length over the end', record(handshake(overflow)), /over the end/],
  ['octets behind the extensions', record(handshake([...body({}), 0])), /left over/],
  ['an odd cipher list', record(handshake([...overflow.slice(0, -1), 0, 0, 1, 7, 1, 0])), /over the end/],
  ['no compression method', record(handshake(body({ compression: [] }))), /no compression/],
  ['an extension twice', record(handshake(body({ extensions: [...alpn('a'), ...alpn('b')] }))), /twice/],
  [
    'two host names',
    record(handshake(body({ extensions: extension(0, vector16([...hostEntry('a'), ...hostEntry('b')])) }))),
    /two server names/,
  ],
  [
    'octets behind the server name list',
    record(handshake(body({ extensions: extension(0, [...vector16(hostEntry('a')), 0]) }))),
    /left over/,
  ],
] satisfies [string, number[], RegExp][])
  test(`${what} is refused with its reason`, () => {
    assert.match(refusal(bytes), reason)
  })

test('a hello just under the cap is read and one above it is refused as soon as its length shows', () => {
  const padded = (size: number) => hello({ extensions: extension(21, Array<number>(size).fill(0)) })
  const spare = longestHello - padded(0).length
  assert.equal(readClientHello(padded(spare)).kind, 'hello')
  assert.match(refusal([...padded(spare + 1).subarray(0, 9)]), /larger than 16 KiB/)
})

test('a hello drawn out over tiny records is refused at the cap', () => {
  const claimed = handshake(Array<number>(8000).fill(0))
  const tiny = claimed.flatMap((byte) => record([byte]))
  assert.match(refusal(tiny.slice(0, longestHello + 6)), /larger than 16 KiB/)
  assert.ok(Uint8Array.from(tiny).length > longestHello)
})

test('no bytes make the reader throw', () => {
  const mutated = fc
    .array(fc.tuple(fc.nat(full.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 })
    .map((changes) => {
      const copy = Uint8Array.from(full)
      for (const [at, value] of changes) copy[at] = value
      return copy
    })
  const junk = fc.uint8Array({ maxLength: 80 }).map((tail) => Uint8Array.from([22, 3, 1, ...tail]))
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), junk, mutated), (bytes) => {
      const reading = readClientHello(bytes)
      if (reading.kind === 'hello' && reading.hello.serverName !== undefined)
        assert.match(reading.hello.serverName, /^[a-z0-9_.-]{1,253}$/)
    }),
    { numRuns: 5000 },
  )
})

const sha256Hex = (text: string) => createHash('sha256').update(text).digest('hex')

/** The example of the public JA4 specification (FoxIO, technical_details/JA4), and a browser's report of itself. */
const published: readonly [expected: string, ciphers: string, extensions: string][] = [
  [
    't13d1516h2_8daaf6152771_e5627efa2ab1',
    '1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035',
    '001b,0000,0033,0010,4469,0017,002d,000d,0005,0023,0012,002b,ff01,000b,000a,0015',
  ],
  [
    't13d1516h2_8daaf6152771_d8a2da3f94cd',
    '1301,1302,1303,c02b,c02f,c02c,c030,cca9,cca8,c013,c014,009c,009d,002f,0035',
    '002d,0033,0010,fe0d,0017,44cd,0000,000b,000a,002b,ff01,0023,0012,0005,000d,001b',
  ],
]
const numbers = (list: string) => list.split(',').map((hex) => Number.parseInt(hex, 16))

for (const [expected, ciphers, extensions] of published)
  test(`JA4 gives the published ${expected}`, () => {
    const sample: ClientHello = {
      ...{ serverName: 'x.example', alpn: ['h2', 'http/1.1'], version: 0x0304 },
      ...{ ciphers: numbers(ciphers), extensions: numbers(extensions) },
      signatureAlgorithms: numbers('0403,0804,0401,0503,0805,0501,0806,0601'),
    }
    assert.equal(ja4(sample, sha256Hex), expected)
  })

test('JA4 is the same whatever order ciphers and extensions come in', () => {
  const base: ClientHello = { ...fullReading, ciphers: [1, 2, 3], extensions: [0, 10, 16, 43] }
  const turned = { ...base, ciphers: [3, 1, 2], extensions: [43, 16, 0, 10] }
  assert.equal(ja4(turned, sha256Hex), ja4(base, sha256Hex))
})

const empty: ClientHello = {
  ...{ serverName: undefined, alpn: [], version: 0x0303 },
  ...{ ciphers: [], extensions: [], signatureAlgorithms: [] },
}
test('JA4 of a hello that offers nothing is all zeros', () => {
  assert.equal(ja4(empty, sha256Hex), 't12i000000_000000000000_000000000000')
})
test('JA4 leaves out the underscore when no signature algorithm is offered', () => {
  const expected = `t12i000100_000000000000_${sha256Hex('000a').slice(0, 12)}`
  assert.equal(ja4({ ...empty, extensions: [10] }, sha256Hex), expected)
})
test('JA4 counts at most 99 and shows an unknown version as 00', () => {
  const many = { ...empty, version: 0x7f1c, ciphers: Array.from({ length: 120 }, (_, index) => index) }
  assert.match(ja4(many, sha256Hex), /^t00i990000_/)
})
for (const [protocol, ends] of [
  ['pop3', 'p3'],
  ['h', 'hh'],
  ['\u00ab', 'ab'],
  ['h\u00cd', '6d'],
] as const)
  test(`JA4 shows the protocol ${JSON.stringify(protocol)} as ${ends}`, () => {
    assert.match(ja4({ ...empty, alpn: [protocol] }, sha256Hex), new RegExp(`^t12i0000${ends}_`))
  })
