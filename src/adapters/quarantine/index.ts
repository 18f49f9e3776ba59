/**
 * Quarantine in files: `EVENT.eml` is the message as it came, `EVENT.json` what is known of it. A copy is
 * written under another name, forced to the disk and then renamed, so that after a crash it is whole or
 * not there. The note is renamed last: a message without one was never promised to anybody.
 */
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Quarantine, QuarantineNote } from '../../ports.ts'

const unfinished = '.tmp'

/** Makes the directory (mode 0700) and clears what a crash has left unfinished. Throws when it cannot. */
export function openQuarantine(directory: string): Quarantine {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(directory)) if (name.endsWith(unfinished)) rmSync(join(directory, name))
  return {
    keep: async (content, note) => {
      const file = (ending: string) => join(directory, `${nameOf(note)}${ending}`)
      const kept = ['.eml', '.json'] as const
      try {
        await writeWhole(file(`.eml${unfinished}`), content)
        await writeWhole(file(`.json${unfinished}`), [Buffer.from(`${JSON.stringify(note, null, 2)}\n`)])
        for (const ending of kept) await rename(file(`${ending}${unfinished}`), file(ending))
        await syncDirectory(directory)
      } catch (error) {
        for (const ending of kept)
          for (const name of [file(ending), file(`${ending}${unfinished}`)]) await rm(name, { force: true })
        throw error
      }
    },
  }
}

/** Events are named by us; whatever else comes cannot leave the directory. */
function nameOf({ event }: QuarantineNote): string {
  return event.replaceAll(/[^0-9A-Za-z-]/g, '_').slice(0, 100)
}

async function writeWhole(
  path: string,
  content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): Promise<void> {
  const handle = await open(path, 'wx', 0o600)
  try {
    for await (const piece of content) await writeAll(handle, piece)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function writeAll(handle: FileHandle, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.length; ) {
    const { bytesWritten } = await handle.write(piece, at)
    at += bytesWritten
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
