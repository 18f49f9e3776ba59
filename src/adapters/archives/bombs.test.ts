// Archives that are made to hurt or to hide: bounded in time and memory, and never without a fault.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { crc32, deflateRawSync, gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { sevenZip, tar } from '../../../test/support/archives.ts'
import { zip } from '../../../test/support/file-builders.ts'
import type { ArchiveListing } from '../../ports.ts'
import { openArchives } from './index.ts'
import { defaultLimits } from './limits.ts'

const archives = openArchives()
const mebibyte = 1024 * 1024
const kinds = ({ faults }: ArchiveListing): string[] => [...new Set(faults.map(({ kind }) => kind))]
const limits = ({ faults }: ArchiveListing): string[] =>
  faults.flatMap((fault) => (fault.kind === 'limit-exceeded' ? [fault.limit] : []))

/** Opens, reads everything, and checks what that took. */
async function use(bytes: Buffer, type: string): Promise<{ listing: ArchiveListing; reads: Set<string> }> {
  const cpu = process.cpuUsage()
  const before = process.memoryUsage().rss
  let most = before
  const listing = await archives.open(bytes, type)
  const reads = new Set<string>()
  for (const member of listing.members) {
    const content = await member.read(200 * mebibyte)
    reads.add(content.kind === 'limit-exceeded' ? content.limit : content.kind)
    most = Math.max(most, process.memoryUsage().rss)
  }
  listing.close()
  const { user, system } = process.cpuUsage(cpu)
  assert.ok(user + system < 2_000_000, `${(user + system) / 1000} ms of CPU`)
  assert.ok(most - before < 200 * mebibyte, `${(most - before) / mebibyte} MiB`)
  return { listing, reads }
}

/** A zip whose one member unpacks to any number of octets, without holding them: blocks of zeros, repeated. */
function flatZip(octets: number): Buffer {
  const block = deflateRawSync(Buffer.alloc(mebibyte), { finishFlush: 2 })
  const packed = Buffer.concat([
    ...Array.from({ length: octets / mebibyte }, () => block),
    Buffer.from([3, 0]),
  ])
  const small = zip({ name: 'zeros', content: '' })
  const local = Buffer.from(small.subarray(0, 35))
  const rest = Buffer.from(small.subarray(small.indexOf('PK\x01\x02')))
  for (const [piece, at] of [
    [local, 18],
    [rest, 20],
  ] as const) {
    piece.writeUInt32LE(packed.length, at)
    piece.writeUInt32LE(octets % 2 ** 32, at + 4)
  }
  rest.writeUInt32LE(local.length + packed.length, rest.indexOf('PK\x05\x06') + 16)
  return Buffer.concat([local, packed, rest])
}

test('a flat zip of 10 MB that unpacks to 10 GB', async () => {
  const bomb = flatZip(10_000 * mebibyte)
  assert.ok(bomb.length > 9_000_000)
  const { listing, reads } = await use(bomb, 'application/zip')
  assert.deepEqual(limits(listing), ['expandedBytes'])
  assert.deepEqual([...reads], ['expandedBytes'])
})

test('a zip that lies about its sizes is stopped all the same', async () => {
  const bomb = flatZip(2000 * mebibyte)
  bomb.writeUInt32LE(5, 22)
  bomb.writeUInt32LE(5, bomb.lastIndexOf('PK\x01\x02') + 24)
  const { listing, reads } = await use(bomb, 'application/zip')
  assert.deepEqual(kinds(listing), [])
  assert.deepEqual([...reads], ['expandedBytes'])
})

test('a small bomb is stopped by its ratio', async () => {
  const { listing, reads } = await use(flatZip(50 * mebibyte), 'application/zip')
  assert.deepEqual(limits(listing), ['ratio'])
  assert.deepEqual([...reads], ['ratio'])
  for (const bytes of [
    gzipSync(Buffer.alloc(50 * mebibyte)),
    zstdCompressSync(Buffer.alloc(50 * mebibyte)),
  ]) {
    const type = bytes[0] === 0x1f ? 'application/gzip' : 'application/zstd'
    assert.deepEqual([...(await use(bytes, type)).reads], ['ratio'], type)
  }
})

test('zeros that are not many are no bomb', async () => {
  const { listing, reads } = await use(flatZip(9 * mebibyte), 'application/zip')
  assert.deepEqual(listing.faults, [])
  assert.deepEqual([...reads], ['content'])
})

test('zips within zips are each opened for themselves, within what is left', async () => {
  let nested = flatZip(9 * mebibyte)
  for (let level = 0; level < 3; level += 1)
    nested = zip(...Array.from({ length: 16 }, (_, index) => ({ name: `${index}.zip`, content: nested })))
  const { listing, reads } = await use(nested, 'application/zip')
  assert.equal(listing.members.length, 16)
  assert.deepEqual([...reads], ['content'])
  const inner = await archives.open(zip({ name: 'a', content: 'x'.repeat(1000) }), 'application/zip', {
    expandedBytes: 999,
  })
  assert.deepEqual(limits(inner), ['expandedBytes'])
})

/** All members of a zip point to the data of the first. */
function overlapping(count: number): Buffer {
  const bytes = zip(
    ...Array.from({ length: count }, (_, index) => ({
      name: String(index).padStart(5, '0'),
      content: Buffer.alloc(100_000),
    })),
  )
  for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 4))
    bytes.writeUInt32LE(0, at + 42)
  return bytes
}

test('members that share octets are overlapping', async () => {
  const { listing, reads } = await use(overlapping(2000), 'application/zip')
  assert.deepEqual(kinds(listing).sort(), ['ambiguous', 'limit-exceeded', 'overlapping'])
  assert.ok(reads.has('ratio') || reads.has('expandedBytes'))
})

test('too many members are too many', async () => {
  const many = Array.from({ length: defaultLimits.members + 1 }, (_, index) => ({
    name: `${index}`,
    content: '',
  }))
  for (const [bytes, type] of [
    [zip(...many), 'application/zip'],
    [await tar(...many), 'application/x-tar'],
  ] as const) {
    const { listing } = await use(bytes, type)
    assert.deepEqual(limits(listing), ['members'], type)
    assert.equal(listing.members.length, defaultLimits.members)
  }
  const seven = await archives.open(await sevenZip('7z', many.slice(0, 50)), 'application/x-7z-compressed', {
    members: 49,
  })
  assert.deepEqual(limits(seven), ['members'])
})

test('a bomb in 7z, xz and bzip2', async () => {
  const zeros = [{ name: 'zeros', content: Buffer.alloc(200 * mebibyte) }]
  for (const [format, type] of [
    ['7z', 'application/x-7z-compressed'],
    ['xz', 'application/x-xz'],
    ['bzip2', 'application/x-bzip2'],
  ] as const) {
    const { listing, reads } = await use(await sevenZip(format, zeros, '-mx=1'), type)
    assert.ok(
      ['ratio', 'expandedBytes'].includes(limits(listing)[0] ?? ''),
      `${format}: ${JSON.stringify(listing.faults)}`,
    )
    assert.equal(reads.has('content'), false)
  }
})

test('a thread that takes too long is ended, and the next archive is read', async () => {
  const bytes = await sevenZip('7z', [{ name: 'a', content: 'A' }])
  const endless = openArchives({ milliseconds: 200 }, new URL('data:text/javascript,for(;;){}'))
  const started = performance.now()
  // Two run at one time, so that the third waits for the end of one.
  const late = await Promise.all([1, 2, 3].map(() => endless.open(bytes, 'application/x-7z-compressed')))
  assert.ok(performance.now() - started < 5000)
  for (const listing of late) assert.deepEqual(limits(listing), ['milliseconds'])
})

test('a thread that dies is an archive that is unreadable', async () => {
  for (const script of ['throw new Error("x")', 'process.exit(0)']) {
    const dying = openArchives({}, new URL(`data:text/javascript,${script}`))
    assert.deepEqual(kinds(await dying.open(Buffer.from('7z'), 'application/x-7z-compressed')), [
      'unreadable',
    ])
  }
})

test('an archive without members is damaged', async () => {
  const header = Buffer.alloc(20)
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32LE(crc32(header))
  const empty = Buffer.concat([Buffer.from('377ABCAF271C0004', 'hex'), checksum, header])
  assert.deepEqual(kinds(await archives.open(empty, 'application/x-7z-compressed')), ['damaged'])
})

test('more archives than threads are all read', async () => {
  const bytes = await sevenZip('7z', [{ name: 'a', content: 'A' }])
  const listings = await Promise.all(
    Array.from({ length: 5 }, () => archives.open(bytes, 'application/x-7z-compressed')),
  )
  for (const listing of listings) assert.deepEqual([kinds(listing), listing.members.length], [[], 1])
})

const plain = zip({ name: 'a.txt', content: 'A' }, { name: 'b.txt', content: 'B' })
const localB = plain.indexOf('PK\x03\x04', 4)
const directory = plain.indexOf('PK\x01\x02')
const end = plain.indexOf('PK\x05\x06')

function changed(change: (bytes: Buffer) => void): Buffer {
  const bytes = Buffer.from(plain)
  change(bytes)
  return bytes
}

const hiding: readonly [what: string, bytes: Buffer, ...faults: string[]][] = [
  ['nothing changed', plain],
  ['something behind it', Buffer.concat([plain, Buffer.from('junk')])],
  ['something before it', Buffer.concat([Buffer.from('MZ junk'), plain])],
  [
    'a comment',
    Buffer.concat([changed((bytes) => void bytes.writeUInt16LE(3, end + 20)), Buffer.from('abc')]),
  ],
  ['another name before the data', changed((bytes) => void bytes.write('z.exe', localB + 30)), 'ambiguous'],
  [
    'another method before the data',
    changed((bytes) => void bytes.writeUInt16LE(0, localB + 8)),
    'ambiguous',
  ],
  ['another size before the data', changed((bytes) => void bytes.writeUInt32LE(1, localB + 18)), 'ambiguous'],
  ['two zips in one', Buffer.concat([zip({ name: 'evil.exe', content: 'E' }), plain]), 'ambiguous'],
  [
    'a member that the directory does not name',
    changed((bytes) => {
      bytes.writeUInt16LE(1, end + 8)
      bytes.writeUInt16LE(1, end + 10)
    }),
    'ambiguous',
  ],
  [
    'no members by its end record',
    Buffer.concat([plain.subarray(0, directory), Buffer.from(`PK\x05\x06${'\0'.repeat(18)}`)]),
    'ambiguous',
  ],
  [
    'a directory that is not there',
    changed((bytes) => void bytes.write('XX', directory)),
    'damaged',
    'ambiguous',
  ],
]
for (const [what, bytes, ...faults] of hiding)
  test(`a zip with ${what}`, async () => {
    const listing = await archives.open(bytes, 'application/zip')
    assert.deepEqual(kinds(listing), faults)
    if (faults.length > 0) return
    assert.deepEqual(
      listing.members.map(({ name }) => name),
      ['a.txt', 'b.txt'],
    )
    assert.deepEqual((await listing.members[1]?.read(10))?.kind, 'content')
  })

test('a member between two others that the directory skips', async () => {
  const three = zip(
    { name: 'a', content: 'A' },
    { name: 'evil.exe', content: 'E' },
    { name: 'c', content: 'C' },
  )
  const first = three.indexOf('PK\x01\x02')
  const second = three.indexOf('PK\x01\x02', first + 4)
  const third = three.indexOf('PK\x01\x02', second + 4)
  const last = three.indexOf('PK\x05\x06')
  const tail = Buffer.from(three.subarray(last))
  tail.writeUInt16LE(2, 8)
  tail.writeUInt16LE(2, 10)
  tail.writeUInt32LE(last - first - (third - second), 12)
  const listing = await archives.open(
    Buffer.concat([three.subarray(0, second), three.subarray(third, last), tail]),
    'application/zip',
  )
  assert.deepEqual(kinds(listing), ['ambiguous'])
  assert.match(listing.faults[0]?.evidence ?? '', /that the directory does not name/)
})

test('whatever the octets are, there is an answer', async () => {
  const starts: readonly [Buffer, string][] = [
    [plain, 'application/zip'],
    [
      zip({ name: 'a', content: 'A'.repeat(5000) }, { name: 'b', content: 'B', encrypted: true }),
      'application/zip',
    ],
    [
      await tar({ name: 'a', content: 'A'.repeat(600) }, { name: 'b'.repeat(150), content: 'B' }),
      'application/x-tar',
    ],
    [gzipSync('Hello'), 'application/gzip'],
    [Buffer.concat([zstdCompressSync('Hello'), zstdCompressSync('x')]), 'application/zstd'],
  ]
  const change = fc.tuple(fc.nat(), fc.nat(255))
  const changes = fc.array(change, { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...starts), changes, fc.nat(), async ([start, type], list, cut) => {
      const bytes = Buffer.from(start.subarray(0, cut % 4 === 0 ? cut % start.length : start.length))
      for (const [place, value] of list) if (bytes.length > 0) bytes[place % bytes.length] = value
      const listing = await archives.open(bytes, type)
      for (const member of listing.members) assert.ok((await member.read(10_000)).kind)
      listing.close()
    }),
    { numRuns: 500 },
  )
})
