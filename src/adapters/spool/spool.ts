/** One held message: blocks in memory, then a file that was unlinked as soon as it was open. */
import { randomUUID } from 'node:crypto'
import { type FileHandle, open, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Spool } from '../../ports.ts'

/** From the first block of a message, which is enough for most mails, to the largest; several leave in one write. */
const blockLengths: readonly number[] = [16 * 1024, 32 * 1024, 64 * 1024, 128 * 1024]
const largestBlock = 128 * 1024
/** Blocks that may wait for the disk before the sender is asked to wait. */
const mostWaiting = 4
/** Octets of one read: what a stalled client keeps in memory. */
const readPiece = 64 * 1024

export class HybridSpool implements Spool {
  readonly #directory: string
  readonly #memory: number
  /** In order, all but the last full; once there is a file, emptied from the front. */
  #blocks: Block[] = []
  #size = 0
  #onDisk = false
  #file: FileHandle | undefined
  /** Octets that are in the file. */
  #written = 0
  /** A round of writing under way. */
  #round: Promise<void> | undefined
  #fault: Error | undefined
  #discarded = false

  constructor(directory: string, memory: number) {
    this.#directory = directory
    this.#memory = memory
  }

  write(chunk: Uint8Array): boolean {
    if (this.#discarded) return true
    this.#append(chunk)
    if (this.#size > this.#memory) this.#onDisk = true
    if (!this.#onDisk) return true
    this.#kick()
    return this.#blocks.length <= mostWaiting
  }

  async drained(): Promise<void> {
    while (this.#round !== undefined && this.#blocks.length > mostWaiting) await this.#round
    this.#complain()
  }

  async finish(): Promise<number> {
    const last = this.#blocks.at(-1)
    if (this.#onDisk && last !== undefined) {
      last.closed = true
      this.#kick()
    }
    while (this.#round !== undefined) await this.#round
    this.#complain()
    return this.#size
  }

  read(start = 0, end = this.#size): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
    this.#complain()
    const last = Math.min(end, this.#size)
    return this.#file === undefined ? this.#fromMemory(start, last) : fromFile(this.#file, start, last)
  }

  discard(): void {
    if (this.#discarded) return
    this.#discarded = true
    this.#blocks = []
    if (this.#round === undefined) this.#close()
  }

  #append(chunk: Uint8Array): void {
    let at = 0
    while (at < chunk.length) {
      let block = this.#blocks.at(-1)
      if (block === undefined || isFull(block)) {
        block = { bytes: takeBlock(this.#nextLength()), used: 0, closed: false }
        this.#blocks.push(block)
      }
      const count = Math.min(chunk.length - at, block.bytes.length - block.used)
      block.bytes.set(chunk.subarray(at, at + count), block.used)
      block.used += count
      at += count
      this.#size += count
    }
  }

  /** Blocks double, so that a message takes at most twice its size. */
  #nextLength(): number {
    return blockLengths.find((length) => length >= this.#size) ?? largestBlock
  }

  /** Starts a round of writing when none runs and there is a full block. */
  #kick(): void {
    const [first] = this.#blocks
    if (this.#round !== undefined || this.#fault !== undefined || first === undefined || !isFull(first))
      return
    this.#round = this.#writeFull().then(() => {
      this.#round = undefined
      if (this.#discarded) this.#close()
      else this.#kick()
    })
  }

  /** The blocks that can be written, in order. */
  #full(): readonly Block[] {
    const open = this.#blocks.findIndex((block) => !isFull(block))
    return this.#blocks.slice(0, open < 0 ? this.#blocks.length : open)
  }

  /** Never rejects: a fault is kept for whoever asks next. */
  async #writeFull(): Promise<void> {
    try {
      this.#file ??= await nameless(this.#directory)
      for (let full = this.#full(); full.length > 0; full = this.#full()) {
        await writeAll(
          this.#file,
          full.map(({ bytes, used }) => bytes.subarray(0, used)),
          this.#written,
        )
        for (const { bytes, used } of full) {
          this.#written += used
          giveBlock(bytes)
        }
        // Discarded meanwhile: the list is empty.
        if (this.#blocks[0] === full[0]) this.#blocks.splice(0, full.length)
      }
    } catch (error) {
      this.#fault = error instanceof Error ? error : new Error(String(error))
      this.#blocks = []
    }
  }

  #close(): void {
    // Nothing can be done about a failed close, and nobody needs the file any more.
    this.#file?.close().catch(() => {})
    this.#file = undefined
  }

  #complain(): void {
    if (this.#fault !== undefined) throw this.#fault
    if (this.#discarded) throw new Error('The message was discarded')
  }

  *#fromMemory(start: number, end: number): Iterable<Uint8Array> {
    let offset = 0
    for (const { bytes, used } of this.#blocks) {
      const from = Math.max(0, start - offset)
      const to = Math.min(used, end - offset)
      if (from < to) yield bytes.subarray(from, to)
      offset += used
    }
  }
}

/**
 * Blocks that are free, by length. The collector is in no hurry with memory outside of its heap: without
 * these a burst of mails would leave 64 MiB of it lying about.
 */
const free = new Map<number, Buffer[]>()
/** Of each length; 32 MiB of the largest. */
const mostFree = 256

function takeBlock(length: number): Buffer {
  return free.get(length)?.pop() ?? Buffer.allocUnsafeSlow(length)
}

/** Only for blocks that nobody reads from any more. */
function giveBlock(bytes: Buffer): void {
  const same = free.get(bytes.length) ?? []
  if (same.length >= mostFree || !blockLengths.includes(bytes.length)) return
  same.push(bytes)
  free.set(bytes.length, same)
}

interface Block {
  readonly bytes: Buffer
  used: number
  /** Takes no more, though there may be room. */
  closed: boolean
}

function isFull({ bytes, used, closed }: Block): boolean {
  return closed || used === bytes.length
}

async function nameless(directory: string): Promise<FileHandle> {
  const path = join(directory, randomUUID())
  const file = await open(path, 'wx+', 0o600)
  await unlink(path)
  return file
}

async function writeAll(file: FileHandle, pieces: readonly Uint8Array[], position: number): Promise<void> {
  let left = pieces
  let at = position
  while (left.length > 0) {
    const { bytesWritten } = await file.writev([...left], at)
    at += bytesWritten
    left = behind(left, bytesWritten)
  }
}

/** What is left of some pieces when their first `count` octets are taken away. */
function behind(pieces: readonly Uint8Array[], count: number): Uint8Array[] {
  let skip = count
  return pieces.flatMap((piece) => {
    const taken = Math.min(skip, piece.length)
    skip -= taken
    return taken === piece.length ? [] : [piece.subarray(taken)]
  })
}

/** One buffer for all pieces: each is valid until the next is asked for. */
async function* fromFile(file: FileHandle, start: number, end: number): AsyncIterable<Uint8Array> {
  const buffer = Buffer.allocUnsafeSlow(Math.min(readPiece, Math.max(1, end - start)))
  let at = start
  while (at < end) {
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end - at), at)
    if (bytesRead === 0) throw new Error('The spool file is shorter than what was written to it')
    at += bytesRead
    yield bytesRead === buffer.length ? buffer : buffer.subarray(0, bytesRead)
  }
}
