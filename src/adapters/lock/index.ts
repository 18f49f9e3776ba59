/**
 * Locks content into age files (age-encryption.org/v1), which the program `age` opens too. The key is
 * made at first start: whoever has `lock-identity.txt` can open what Postern has locked.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import type { Locker, Unlocker } from '../../ports.ts'

const identityName = 'lock-identity.txt'
const recipientName = 'lock-recipient.txt'

/** Opens the key in a directory, or makes it (mode 0600). Rejects with a sentence that names the file at fault. */
export async function openLocker(directory: string): Promise<Locker> {
  const identity = await openIdentity(directory)
  const recipient = await identityToRecipient(identity)
  writeFileSync(join(directory, recipientName), `${recipient}\n`)
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  return {
    recipient,
    lock: (plain) => encrypter.encrypt(plain),
    lockStream: async function* (plain) {
      yield* await encrypter.encrypt(ReadableStream.from<Uint8Array>(copies(plain)))
    },
  }
}

/** @param identityFile as `openLocker` made it, or as `age-keygen` writes one. Rejects when there is no key in it. */
export async function openUnlocker(identityFile: string): Promise<Unlocker> {
  const identity = readIdentity(identityFile)
  if (identity === undefined) throw new Error(`there is no key file ${identityFile}; check the path`)
  await identityToRecipient(identity)
  return {
    unlock: async (locked) => {
      const decrypter = new Decrypter()
      decrypter.addIdentity(identity)
      try {
        return await decrypter.decrypt(locked)
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new Error(
          /no identity/i.test(reason)
            ? `the file was not locked for the key in ${identityFile}; use the key of the Postern that locked it`
            : `this is no whole age file (${reason}); save the attachment again`,
        )
      }
    },
  }
}

async function openIdentity(directory: string): Promise<string> {
  const file = join(directory, identityName)
  const known = readIdentity(file)
  if (known !== undefined) return known
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const made = await generateX25519Identity()
  const draft = `${file}.new`
  writeFileSync(draft, `# Opens what Postern has locked. Keep it safe, and keep a copy.\n${made}\n`, {
    mode: 0o600,
  })
  renameSync(draft, file)
  return made
}

/** `undefined`: there is no such file. Errors name the file and never quote it. */
function readIdentity(file: string): string | undefined {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    if (code === 'ENOENT') return undefined
    throw new Error(`cannot read ${file} (${code}); check its owner and mode`)
  }
  const identity = text.split('\n').find((line) => /^AGE-SECRET-KEY-1[0-9A-Z]+\s*$/.test(line))
  if (identity === undefined) throw new Error(`${file} holds no age key; put the right file back`)
  return identity.trim()
}

/** The source may use its memory again for the next piece. */
async function* copies(plain: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const piece of plain) yield Uint8Array.from(piece)
}
