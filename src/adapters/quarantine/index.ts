/**
 * Quarantine in files: `SHA256.eml` is the message as it came, kept once however often it is fetched;
 * `EVENT.json` is what is known of it, once for each time it was kept from somebody. Both are written
 * under another name, forced to the disk and then renamed, so that after a crash they are whole or not
 * there. The note is renamed last: a message without one was never promised to anybody.
 */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Quarantine } from '../../ports.ts'

const unfinished = '.tmp'

/** Makes the directory (mode 0700) and clears what a crash has left unfinished. Throws when it cannot. */
export function openQuarantine(directory: string): Quarantine {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(directory)) if (name.endsWith(unfinished)) rmSync(join(directory, name))
  return {
    keep: async (content, note) => {
      const file = (name: string, ending: string) => join(directory, `${tidy(name)}${ending}`)
      const copy = file(note.sha256, '.eml')
      const known = file(note.event, '.json')
      // Named by the event: two sessions may keep the same message at the same time.
      const drafts = { copy: file(note.event, `.eml${unfinished}`), known: `${known}${unfinished}` }
      try {
        const isNew = !existsSync(copy)
        if (isNew) await writeWhole(drafts.copy, content)
        await writeWhole(drafts.known, [Buffer.from(`${JSON.stringify(note, null, 2)}\n`)])
        if (isNew) await rename(drafts.copy, copy)
        await rename(drafts.known, known)
        await syncDirectory(directory)
      } catch (error) {
        // Not the copy: somebody else may count on it by now.
        for (const name of [known, drafts.copy, drafts.known]) await rm(name, { force: true })
        throw error
      }
    },
  }
}

/** Names are ours, events and hashes; whatever else comes cannot leave the directory. */
function tidy(name: string): string {
  return name.replaceAll(/[^0-9A-Za-z-]/g, '_').slice(0, 100)
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
