/**
 * The thread of 7-Zip: lists one archive and unpacks all of it in memory, then ends. It counts what is
 * written and breaks off over the bound; time is its owner's business, who ends the thread.
 */
import { readFile } from 'node:fs/promises'
import { parentPort, workerData } from 'node:worker_threads'
import type { FileSystem, FSNode, SevenZipModule, SevenZipModuleFactory } from '7z-wasm'
import { type ListedMember, readListing } from './seven-zip-listing.ts'
import type { SevenZipAnswer, SevenZipTask, UnpackedMember } from './seven-zip-messages.ts'

/** Given so that 7-Zip does not ask for one. */
const password = '-pnone'
const archive = '/archive'
const target = '/out'
/** Lines of 7-Zip's complaints that are kept. */
const mostComplaints = 1000

class OverBound extends Error {}

if (parentPort !== null) {
  // Set by seven-zip.ts, which is typed; the thread boundary forgets the type.
  const answer = await work(workerData as SevenZipTask)
  const buffers =
    answer.kind === 'unpacked' ? answer.members.flatMap(({ content }) => content?.buffer ?? []) : []
  parentPort.postMessage(answer, buffers)
}

async function work({ bytes, format, single, members: most, room }: SevenZipTask): Promise<SevenZipAnswer> {
  const program = await start()
  if (program === undefined) return { kind: 'missing' }
  const { FS } = program.module
  FS.writeFile(archive, bytes)
  FS.mkdir(target)
  const common = ['-sccUTF-8', `-t${format}`, password]
  const { lines, complaints: first } = program.run('l', '-slt', ...common, archive)
  if (first.some((line) => line.includes('Cannot open encrypted archive'))) return { kind: 'encrypted' }
  const listed = readListing(lines, most)
  // An archive without members is as good as one that could not be read.
  if (listed.length === 0)
    return { kind: 'unpacked', members: [], over: undefined, complaint: first[0] ?? 'nothing is in it' }
  const bare = (over: 'members' | 'room' | undefined): SevenZipAnswer => ({
    ...{ kind: 'unpacked', over, complaint: first[0] },
    members: listed.slice(0, most).map((member) => ({ ...member, content: undefined, complaint: undefined })),
  })
  if (listed.length > most) return bare('members')
  if (listed.every(({ encrypted, directory }) => encrypted || directory)) return bare(undefined)
  // What it says is written in advance, so that a lie about sizes takes memory too.
  if (listed.reduce((sum, { size = 0 }) => sum + size, 0) > room) return bare('room')
  const broke = countWrites(program.module, room)
  const { complaints } = program.run('x', '-y', '-aou', ...common, `-o${target}`, archive)
  if (broke()) return bare('room')
  const contents = new Map<string, Uint8Array<ArrayBuffer>>()
  collect(FS, target, contents)
  return {
    ...{
      kind: 'unpacked',
      over: undefined,
      members: single ? onlyOne(listed, contents) : joined(listed, contents, complaints),
    },
    complaint: first[0] ?? complaints[0],
  }
}

type Contents = Map<string, Uint8Array<ArrayBuffer>>

/** The one content of a format without names. */
function onlyOne([listed]: readonly ListedMember[], contents: Contents): UnpackedMember[] {
  const [content] = contents.values()
  return listed === undefined ? [] : [{ ...listed, name: '', content, complaint: undefined }]
}

function joined(
  listed: readonly ListedMember[],
  contents: Contents,
  complaints: readonly string[],
): UnpackedMember[] {
  const places = new Map([...contents.keys()].map((place) => [asPrinted(place), place]))
  const members: UnpackedMember[] = listed.map((member) => {
    const place = places.get(asPrinted(placeOf(member.name))) ?? ''
    const content = contents.get(place)
    contents.delete(place)
    return { ...member, content, complaint: complaints.find((line) => line.endsWith(` : ${member.name}`)) }
  })
  // Written under a name that is not listed, as the second of two members of one name is.
  for (const [name, content] of contents)
    members.push({
      ...{
        name,
        size: content.length,
        packedSize: undefined,
        encrypted: false,
        directory: false,
        method: '',
      },
      ...{ content, complaint: undefined },
    })
  return members
}

interface Program {
  readonly module: SevenZipModule
  run(...words: string[]): { lines: readonly string[]; complaints: readonly string[] }
}

/** The library; `undefined` when it is not installed. */
async function start(): Promise<Program | undefined> {
  let lines: string[] = []
  let complaints: string[] = []
  try {
    const library: unknown = await import('7z-wasm')
    if (!hasFactory(library)) throw new Error('7z-wasm has no program')
    const wasm = await readFile(new URL(import.meta.resolve('7z-wasm/7zz.wasm')))
    const module = await library.default({
      wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.length),
      print: (line) => void lines.push(line),
      printErr: (line) => {
        if (line !== '' && complaints.length < mostComplaints) complaints.push(line)
      },
    })
    return {
      module,
      run: (...words) => {
        lines = []
        complaints = []
        try {
          module.callMain(words)
        } catch (error) {
          // It ends by throwing, after errors too, which it has printed by then.
          if (!(error instanceof OverBound) && complaints.length === 0) complaints.push(String(error))
        }
        return { lines, complaints }
      },
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw error
  }
}

/** The package is of an older kind of module, whose types say otherwise than Node loads it. */
function hasFactory(library: unknown): library is { default: SevenZipModuleFactory } {
  return (
    typeof library === 'object' &&
    library !== null &&
    'default' in library &&
    typeof library.default === 'function'
  )
}

/** Counts the octets written to files from now on, and throws over the bound. Says whether it has. */
function countWrites({ FS }: SevenZipModule, room: number): () => boolean {
  const probe = '/probe'
  FS.writeFile(probe, '')
  // All files in memory share these operations.
  const operations = operationsOf(FS.lookupPath(probe).node)
  FS.unlink(probe)
  const write = operations.write
  let written = 0
  let broke = false
  operations.write = (...given) => {
    written += given[3]
    if (written > room) {
      broke = true
      throw new OverBound('too much')
    }
    return write(...given)
  }
  return () => broke
}

type Write = (stream: unknown, buffer: unknown, offset: number, length: number, ...rest: unknown[]) => number

function operationsOf(node: FSNode): { write: Write } {
  if (!('stream_ops' in node)) throw new Error('7z-wasm keeps files otherwise than expected')
  return node.stream_ops as { write: Write }
}

/** Takes every file below a folder out of memory, by its path from the target. */
function collect(files: FileSystem, folder: string, into: Contents): void {
  for (const name of files.readdir(folder)) {
    if (name === '.' || name === '..') continue
    const path = `${folder}/${name}`
    const { mode } = files.lookupPath(path).node
    if (files.isDir(mode)) collect(files, path, into)
    if (!files.isFile(mode)) continue
    into.set(path.slice(target.length + 1), new Uint8Array(files.readFile(path)))
    files.unlink(path)
  }
}

/** As 7-Zip prints a name: without characters that would break its lines. */
function asPrinted(name: string): string {
  return name.replace(/[\x00-\x1f\x7f]/g, '_')
}

/** Where 7-Zip puts a member: no root, no way up. */
function placeOf(name: string): string {
  return name
    .replaceAll('\\', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/')
}
