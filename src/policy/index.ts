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
export { readTemplate, type Template, type Variable, variables } from './template.ts'
export type * from './types.ts'
