/** The way into POP3: a session, the door's types, and the table of verbs for the reference. */
export type * from './door.ts'
export { type Fault, faults } from './faults.ts'
export { createSession } from './session.ts'
export { describeVerbs } from './verbs.ts'
