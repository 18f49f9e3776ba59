// What is listed and read of each format, and what is said of archives that are encrypted or broken.
import assert from 'node:assert/strict'
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { cab, lzh, sevenZip, tar } from '../../../test/support/archives.ts'
import { zip } from '../../../test/support/file-builders.ts'
import type { ArchiveListing, ArchiveReader } from '../../ports.ts'
import { openArchives } from './index.ts'

const archives = openArchives()
const files = [
  { name: 'a.txt', content: 'Hello' },
  { name: 'folder/b.bin', content: Buffer.alloc(10_000, 'b') },
  { name: 'empty', content: '' },
]

/** Every file that is no folder: its name and its content, or why there is none. */
async function all(listing: ArchiveListing): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const member of listing.members) {
    if (member.directory) continue
    const content = await member.read(1_000_000)
    found[member.name] =
      content.kind === 'content' ? Buffer.from(content.bytes).toString('latin1') : content.kind
  }
  listing.close()
  return found
}

const kinds = ({ faults }: ArchiveListing): string[] => faults.map(({ kind }) => kind)
const content = (text: string | Buffer): string => Buffer.from(text).toString('latin1')
const whole = Object.fromEntries(files.map((file) => [file.name, content(file.content)]))

const formats: readonly [
  type: string,
  make: () => Buffer | Promise<Buffer>,
  holds: Record<string, string>,
][] = [
  ['application/zip', () => zip(...files), whole],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', () => zip(...files), whole],
  ['application/x-tar', () => tar(...files, { name: 'folder/', content: '' }), whole],
  ['application/x-7z-compressed', () => sevenZip('7z', files), whole],
  ['application/x-ms-wim', () => sevenZip('wim', files), whole],
  ['application/vnd.ms-cab-compressed', () => cab(...files), whole],
  ['application/x-lzh-compressed', () => lzh({ name: 'a.txt', content: 'Hello' }), { 'a.txt': 'Hello' }],
  ['application/x-xz', () => sevenZip('xz', [{ name: 'a.txt', content: 'Hello' }]), { '': 'Hello' }],
  ['application/x-bzip2', () => sevenZip('bzip2', [{ name: 'a.txt', content: 'Hello' }]), { '': 'Hello' }],
  ['application/gzip', () => gzipSync('Hello'), { '': 'Hello' }],
  ['application/gzip', () => Buffer.concat([gzipSync('Hel'), gzipSync('lo')]), { '': 'Hello' }],
  ['application/gzip', () => named('x.txt', gzipSync('Hello')), { 'x.txt': 'Hello' }],
  ['application/zstd', () => zstdCompressSync('Hello'), { '': 'Hello' }],
  [
    'application/zstd',
    () => Buffer.concat([zstdCompressSync('Hel'), skippable, zstdCompressSync('lo')]),
    { '': 'Hello' },
  ],
]

const skippable = Buffer.from('502A4D1803000000313233', 'hex')

/** A gzip with the field FNAME. */
function named(name: string, plain: Buffer): Buffer {
  const head = Buffer.from(plain.subarray(0, 10))
  head[3] = 8
  return Buffer.concat([head, Buffer.from(`${name}\0`), plain.subarray(10)])
}

for (const [index, [type, make, holds]] of formats.entries())
  test(`${type} is listed and read (${index})`, async () => {
    assert.equal(archives.reads(type), true)
    const listing = await archives.open(await make(), type)
    assert.deepEqual(listing.faults, [])
    assert.deepEqual(await all(listing), holds)
  })

test('what is no archive is not read, and an archive that nothing opens is unreadable', async () => {
  for (const type of ['text/plain', 'application/pdf', 'application/x-cfb'])
    assert.equal(archives.reads(type), false)
  assert.equal(archives.reads('application/x-ace-compressed'), true)
  assert.deepEqual(kinds(await archives.open(Buffer.from('x'), 'application/x-ace-compressed')), [
    'unreadable',
  ])
})

test('names, sizes and folders of a zip are as stored', async () => {
  const names = ['../../up.txt', '/root.txt', 'C:\\x.txt', 'naïve‮exe.txt', 'folder/']
  const { members } = await archives.open(
    zip(...names.map((name) => ({ name, content: name.endsWith('/') ? '' : 'x' }))),
    'application/zip',
  )
  assert.deepEqual(
    members.map(({ name }) => name),
    names,
  )
  assert.deepEqual(
    members.map(({ size }) => size),
    [1, 1, 1, 1, 0],
  )
})

test('no name of a member can pass for a line of the listing', async () => {
  const sly = { name: 'a\nSize = 7\n\nPath = forged', content: 'Hello' }
  const listing = await archives.open(await sevenZip('7z', [sly]), 'application/x-7z-compressed')
  assert.deepEqual(await all(listing), { 'a_Size = 7__Path = forged': 'Hello' })
})

test('names of a zip without a mark are UTF-8 where they can be, else of code page 437', async () => {
  const bytes = zip({ name: '\u00fcber', content: '' }, { name: 'x\u00ff', content: '' })
  const old = Buffer.from(
    bytes.toString('latin1').replaceAll('x\xc3\xbf', 'x\x81\x82').replaceAll('\x14\0\0\x08', '\x14\0\0\0'),
    'latin1',
  )
  const { members } = await archives.open(old, 'application/zip')
  assert.deepEqual(
    members.map(({ name }) => name),
    ['\u00fcber', 'xüé'],
  )
})

test('an encrypted member is encrypted, the others are read', async () => {
  const mixed = await archives.open(
    zip({ name: 'a', content: 'A' }, { name: 'b', content: 'B', encrypted: true }),
    'application/zip',
  )
  assert.deepEqual(
    mixed.members.map(({ encrypted }) => encrypted),
    [false, true],
  )
  assert.deepEqual(await all(mixed), { a: 'A', b: 'encrypted' })
  for (const [format, type, how] of [
    ['zip', 'application/zip', '-mem=AES256'],
    ['zip', 'application/zip', '-mem=ZipCrypto'],
    ['7z', 'application/x-7z-compressed', '-mhe=off'],
  ] as const) {
    const listing = await archives.open(await sevenZip(format, files.slice(0, 1), '-psecret', how), type)
    assert.deepEqual(listing.faults, [], how)
    assert.deepEqual(await all(listing), { 'a.txt': 'encrypted' }, how)
  }
})

test('an archive whose names are encrypted is encrypted', async () => {
  const listing = await archives.open(
    await sevenZip('7z', files, '-psecret', '-mhe=on'),
    'application/x-7z-compressed',
  )
  assert.deepEqual(kinds(listing), ['encrypted'])
})

test('members of a zip in other methods are read too', async () => {
  for (const method of ['BZip2', 'LZMA', 'PPMd', 'Deflate64']) {
    const file = { name: 'folder/b.txt', content: 'text '.repeat(5000) }
    const listing = await archives.open(await sevenZip('zip', [file], `-mm=${method}`), 'application/zip')
    assert.deepEqual(await all(listing), { 'folder/b.txt': file.content }, method)
  }
})

test('what is cut short is damaged, whatever the format', async () => {
  for (const [type, make] of formats) {
    const bytes = await make()
    for (const length of [bytes.length - 12, bytes.length >> 1, 11]) {
      const listing = await archives.open(bytes.subarray(0, length), type)
      const contents = await Promise.all(listing.members.map((member) => member.read(1e6)))
      const complete = contents.filter(({ kind }) => kind === 'content').length
      assert.ok(
        listing.faults.length > 0 || complete < listing.members.length,
        `${type} cut to ${length}: ${JSON.stringify(listing)}`,
      )
    }
  }
})

test('octets of anything else are no archive', async () => {
  for (const type of new Set(formats.map(([each]) => each)))
    for (const bytes of [Buffer.alloc(0), Buffer.from('Hello'), Buffer.alloc(3000, 0xa5)]) {
      const listing = await archives.open(bytes, type)
      const contents = await Promise.all(listing.members.map((member) => member.read(1e6)))
      const clean = listing.faults.length === 0 && contents.every(({ kind }) => kind === 'content')
      // An empty tar is a tar without members.
      assert.equal(clean && !(type.endsWith('tar') && bytes.length === 0), false, `${type} ${bytes.length}`)
    }
})

test('a member is read up to a bound', async () => {
  for (const [type, make] of formats) {
    const { members } = await archives.open(await make(), type)
    const member = members.find(({ name }) => ['a.txt', 'x.txt', ''].includes(name))
    assert.deepEqual(await member?.read(4), { kind: 'limit-exceeded', limit: 'bound' }, type)
    assert.equal((await member?.read(5))?.kind, 'content', type)
  }
})

test('after closing nothing is read', async () => {
  for (const bytes of [zip(...files), await sevenZip('7z', files)]) {
    const listing = await archives.open(
      bytes,
      bytes[0] === 0x50 ? 'application/zip' : 'application/x-7z-compressed',
    )
    listing.close()
    listing.close()
    assert.equal((await listing.members[0]?.read(1000))?.kind, 'unreadable')
  }
})

test('without 7z-wasm its formats are unreadable, and the reason says what to install', async (t) => {
  // From this folder no package is found.
  const directory = mkdtempSync(join(tmpdir(), 'postern-7zip-'))
  t.after(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }')
  const here = new URL('.', import.meta.url)
  for (const name of readdirSync(here))
    if (name.startsWith('seven-zip')) copyFileSync(new URL(name, here), join(directory, name))
  const lacking: ArchiveReader = openArchives({}, pathToFileURL(join(directory, 'seven-zip-worker.ts')))
  const listing = await lacking.open(await sevenZip('7z', files), 'application/x-7z-compressed')
  assert.deepEqual(kinds(listing), ['unreadable'])
  assert.match(listing.faults[0]?.evidence ?? '', /npm install 7z-wasm/)
  const other = await lacking.open(
    await sevenZip('zip', [{ name: 'a.txt', content: 'text '.repeat(5000) }], '-mm=LZMA'),
    'application/zip',
  )
  assert.deepEqual(await all(other), { 'a.txt': 'unreadable' })
})
