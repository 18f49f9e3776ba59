/** The way into policy: from facts and rules to a Decision. */
export {
  type Action,
  type ErrorAction,
  errorActions,
  type FaultAction,
  faultActions,
  type HeaderAction,
  headerActions,
  type PartAction,
  partActions,
  severity,
} from './actions.ts'
export { noMatch } from './ask.ts'
export { type DecideOptions, decide } from './decide.ts'
export { actingExtensions } from './extensions.ts'
export { unknownType } from './judge-rules.ts'
export {
  type Entity,
  type LockedEntity,
  lockedName,
  lockedPart,
  type NoticeOptions,
  strippedPart,
} from './notice.ts'
export {
  lockedMessage,
  type MessageNoticeOptions,
  noticeMessage,
  taggedSubject,
  unscannedHeaders,
} from './notice-message.ts'
export { oneLine } from './safe-text.ts'
export { readTemplate, type Template, type Variable, variables } from './template.ts'
export { isTrait, traits, traitsOf } from './traits.ts'
export type * from './types.ts'
