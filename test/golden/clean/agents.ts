/** All mail programs. What is the same in what they write lies in shapes.ts. */
import { others } from './others.ts'
import { widespread } from './widespread.ts'
import type { Agent } from './writing.ts'

export type { Agent } from './writing.ts'

export const agents: readonly Agent[] = [...widespread, ...others]
