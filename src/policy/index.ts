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
export { readTemplate, type Template, type Variable, variables } from './template.ts'
export { isTrait, traits } from './traits.ts'
export type * from './types.ts'
