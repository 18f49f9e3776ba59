/** All clean mails, written by us after the manner of the programs they are named after. */
import type { Draft } from './pieces.ts'
import { everyShapeByEveryAgent } from './shapes.ts'

export function cleanMails(): Draft[] {
  return [...everyShapeByEveryAgent()]
}
