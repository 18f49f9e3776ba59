/**
 * The block lists in use: files that people and programs change while Postern runs. They are looked at
 * again when a scan starts, at most once a second. One that has become unreadable stays in use as it was.
 */
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { readHashes } from './hash-file.ts'

/** A changed list is in use this many milliseconds later at most; checking costs a system call for each file. */
const checkEvery = 1000
/** Largest list, in octets: a million hashes, which take some 100 MiB of memory. */
export const largestList = 65 * 1024 * 1024

interface List {
  /** What tells one state of the file from another. */
  readonly stamp: string
  readonly hashes: ReadonlySet<string>
}

export class HashLists {
  readonly #files: readonly string[]
  readonly #monotonic: () => number
  readonly #lists = new Map<string, List>()
  readonly #faults = new Map<string, string>()
  #checkedAt: number
  #checking: Promise<void> | undefined

  private constructor(files: readonly string[], monotonic: () => number) {
    this.#files = files
    this.#monotonic = monotonic
    this.#checkedAt = monotonic()
  }

  /** Rejects with an `Error` that names file, and line where it is one. */
  static async open(files: readonly string[], monotonic: () => number): Promise<HashLists> {
    const lists = new HashLists(files, monotonic)
    await lists.#check()
    for (const fault of lists.#faults.values()) throw new Error(fault)
    return lists
  }

  /** What is wrong with a list now, when something is. */
  get fault(): string | undefined {
    return this.#faults.values().next().value
  }

  /** Resolves when the lists in use are at most a second older than the files. Never rejects. */
  refresh(): Promise<void> {
    if (this.#checking !== undefined) return this.#checking
    if (this.#files.length === 0 || this.#monotonic() - this.#checkedAt < checkEvery) return Promise.resolve()
    this.#checkedAt = this.#monotonic()
    this.#checking = this.#check().finally(() => {
      this.#checking = undefined
    })
    return this.#checking
  }

  /** The name of the list that has a hash. */
  find(sha256: string): string | undefined {
    for (const [file, { hashes }] of this.#lists) if (hashes.has(sha256)) return basename(file)
    return undefined
  }

  async #check(): Promise<void> {
    for (const file of this.#files) {
      try {
        await this.#checkFile(file)
        this.#faults.delete(file)
      } catch (error) {
        this.#faults.set(file, reasonOf(file, error))
      }
    }
  }

  async #checkFile(file: string): Promise<void> {
    const { mtimeMs, size, ino } = await stat(file)
    const stamp = `${mtimeMs} ${size} ${ino}`
    if (this.#lists.get(file)?.stamp === stamp) return
    if (size > largestList) throw new Error(`${file} is larger than ${largestList} octets; split it`)
    const hashes = new Set(readHashes(file, await readFile(file, 'utf8')))
    this.#lists.set(file, { stamp, hashes })
  }
}

function reasonOf(file: string, error: unknown): string {
  if (!(error instanceof Error)) return `${file}: ${String(error)}`
  return 'code' in error ? `cannot read the block list ${file} (${String(error.code)})` : error.message
}
