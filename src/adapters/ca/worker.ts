/**
 * The authority's own thread: the only place where its private key is. It opens or makes the authority
 * when it starts, then answers one message for each leaf asked for, in turn.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { openAuthority } from './authority.ts'
import { AuthorityError } from './files.ts'
import type { AuthorityOptions, FromWorker, ToWorker } from './messages.ts'
import { mint } from './mint.ts'

const port = parentPort
if (port !== null) await serve((message) => port.postMessage(message))

async function serve(say: (message: FromWorker) => void): Promise<void> {
  // Set by minter.ts, which is typed; the thread boundary forgets the type.
  const options = workerData as AuthorityOptions
  try {
    const authority = await openAuthority(options)
    let last = Promise.resolve()
    port?.on('message', ({ id, leaf }: ToWorker) => {
      last = last.then(async () => {
        try {
          say({ kind: 'issued', id, credentials: await mint(authority, leaf, Date.now()) })
        } catch (error) {
          say({ kind: 'refused', id, reason: reasonOf(error) })
        }
      })
    })
    say({ kind: 'opened', facts: authority.facts })
  } catch (error) {
    say({ kind: 'failed', reason: reasonOf(error) })
  }
}

/** Only our own words leave the thread as they are: a library's message might quote what it was given. */
function reasonOf(error: unknown): string {
  if (error instanceof AuthorityError) return error.message
  return `the certificate could not be made (${error instanceof Error ? error.name : 'unknown error'})`
}
