/**
 * The key that locked files open with. Made at the first start, in the data directory, in the format of
 * `age-keygen`, so that `age -d -i` takes the file as it is.
 */
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { closeToOthers, create, LockError, readIfThere } from './files.ts'

export const identityName = 'lock-identity.txt'
export const recipientName = 'lock-recipient.txt'

export interface LockKey {
  /** Secret: `AGE-SECRET-KEY-1...`. */
  readonly identity: string
  /** Public: `age1...`. */
  readonly recipient: string
  /** Made just now. */
  readonly created: boolean
}

/**
 * Opens the key of a data directory, or makes it: `lock-identity.txt` with mode 0600, and the recipient
 * in `lock-recipient.txt`. Rejects with an `Error` that names the file and says what to do.
 */
export async function openKey(directory: string): Promise<LockKey> {
  const file = join(directory, identityName)
  const there = readIfThere(file)
  const made = there === undefined && (await make(file))
  const identity = made === false ? readIdentity(file) : made
  closeToOthers(file)
  const recipient = await recipientOf(identity, file)
  publish(join(directory, recipientName), recipient)
  return { identity, recipient, created: made !== false }
}

/** The key in a file. Throws `LockError` when there is none. */
export function readIdentity(file: string): string {
  const text = readIfThere(file)
  if (text === undefined) throw new LockError(`there is no ${file}; Postern makes it at its first start`)
  const identity = text.split('\n').find((line) => line.startsWith('AGE-SECRET-KEY-'))
  if (identity === undefined)
    throw new LockError(`${file} holds no age identity; put the original back from a backup`)
  return identity.trim()
}

/** `false`: another process was faster. */
async function make(file: string): Promise<string | false> {
  const identity = await generateX25519Identity()
  const recipient = await identityToRecipient(identity)
  const text = `# Opens what Postern has locked. Keep it secret, and keep a copy in a safe place.\n# public key: ${recipient}\n${identity}\n`
  return create(file, text, 0o600) && identity
}

async function recipientOf(identity: string, file: string): Promise<string> {
  try {
    return await identityToRecipient(identity)
  } catch {
    throw new LockError(`the age identity in ${file} is damaged; put the original back from a backup`)
  }
}

/** Anybody may read this one. One that is there must be of the same key. */
function publish(file: string, recipient: string): void {
  const there = readIfThere(file) ?? (create(file, `${recipient}\n`, 0o644) ? recipient : readIfThere(file))
  if (there?.trim() === recipient) return
  throw new LockError(
    `${file} is of another key than ${identityName}; remove it when the identity is the right one, else put that back`,
  )
}
