/** What an examination found, and what is needed to act on it. */
import type { Reading } from '../mime/index.ts'
import type { MessageFacts } from '../policy/index.ts'

export interface Findings {
  /** Octets, as it came. */
  readonly size: number
  /** Of the same octets, lower-case hex. */
  readonly sha256: string
  readonly facts: MessageFacts
  /** Where everything stands in the message. */
  readonly reading: Reading
}
