/** Locks content into age files (age-encryption.org/v1), for the holder of one key to open. */
import { Decrypter, Encrypter } from 'age-encryption'
import type { Locker, Unlocker } from '../../ports.ts'
import { LockError } from './files.ts'
import { openKey, readIdentity } from './identity.ts'

export { identityName, recipientName } from './identity.ts'

export interface OpenedLocker extends Locker {
  /** The key was made just now: a copy of it should be kept. */
  readonly created: boolean
}

/**
 * Opens the key of a data directory (`lock-identity.txt`, 0600, and `lock-recipient.txt`), made at the
 * first start. Rejects with an `Error` that names the file and says what to do.
 */
export async function openLocker(directory: string): Promise<OpenedLocker> {
  const { recipient, created } = await openKey(directory)
  return { ...lockerFor(recipient), created }
}

/** Locks for any age recipient. Throws when it is none. */
export function lockerFor(recipient: string): Locker {
  const encrypter = new Encrypter()
  encrypter.addRecipient(recipient)
  return {
    recipient,
    lock: (plain) => encrypter.encrypt(plain),
    lockStream: async function* (plain) {
      yield* await encrypter.encrypt(ReadableStream.from(copies(plain)))
    },
  }
}

/** The source may use its memory again for the next piece, and the cipher works on whole 64 KiB. */
async function* copies(plain: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncIterable<Uint8Array> {
  for await (const piece of plain) yield Uint8Array.from(piece)
}

/**
 * Opens what was locked for the identity in a file, such as `lock-identity.txt`. Throws an `Error` that
 * names the file when there is no identity in it.
 */
export function openUnlocker(file: string): Unlocker {
  const decrypter = new Decrypter()
  try {
    decrypter.addIdentity(readIdentity(file))
  } catch (error) {
    if (error instanceof LockError) throw error
    throw new LockError(`the age identity in ${file} is damaged; put the original back from a backup`)
  }
  return {
    unlock: async (locked) => {
      try {
        return await decrypter.decrypt(locked)
      } catch (error) {
        throw new LockError(reasonOf(locked, file, error))
      }
    },
  }
}

const firstLine = 'age-encryption.org/v1\n'

/** The library says little; whose fault it is can be told. */
function reasonOf(locked: Uint8Array, file: string, error: unknown): string {
  const start = new TextDecoder('latin1').decode(locked.subarray(0, firstLine.length))
  if (start !== firstLine)
    return 'this is no age file; give the attachment as it was saved, with the ending .age'
  const message = error instanceof Error ? error.message : String(error)
  return /no identity matched/i.test(message)
    ? `this file was locked with another key than ${file}; use the identity of the Postern that locked it`
    : `this age file is damaged or incomplete (${message}); fetch it again`
}
