/**
 * All mails of the golden pairs. Each ambiguous one is there twice, around the EICAR file and around a
 * program; the first has a golden file.
 */
import type { AmbiguityReason } from '../../../src/mime/index.ts'
import { contentForms } from './ambiguous-content.ts'
import { structureForms } from './ambiguous-structure.ts'
import { type MailCase, octetsOf, type Payload, payloads } from './builders.ts'
import { contentCases } from './content.ts'
import { ordinaryCases } from './ordinary.ts'

export interface AmbiguousCase extends MailCase {
  readonly reason: AmbiguityReason
  readonly payload: Payload
}

export const ambiguousCases: readonly AmbiguousCase[] = payloads.flatMap((payload) =>
  Object.entries({ ...structureForms, ...contentForms }).map(([name, [reason, build]]) => ({
    ...{ name: `ambiguous-${name}`, reason, payload, message: octetsOf(build(payload)) },
  })),
)

/** Those with a golden file. */
export const goldenCases: readonly MailCase[] = [
  ...ordinaryCases,
  ...contentCases,
  ...ambiguousCases.filter(({ payload }) => payload.name === 'eicar'),
]
