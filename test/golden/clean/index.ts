/** All clean mails, written by us after the manner of the programs they are named after. */
import { attachmentMails } from './attachments.ts'
import { bulkMails } from './bulk.ts'
import { listMails } from './lists.ts'
import type { Draft } from './pieces.ts'
import { quirks } from './quirks.ts'
import { reportMails } from './reports.ts'
import { everyShapeByEveryAgent } from './shapes.ts'
import { signedMails } from './signed.ts'
import { textMails } from './texts.ts'

export function cleanMails(): Draft[] {
  return [
    ...everyShapeByEveryAgent(),
    ...bulkMails(),
    ...reportMails(),
    ...signedMails(),
    ...listMails(),
    ...textMails(),
    ...quirks(),
    ...attachmentMails(),
  ]
}
