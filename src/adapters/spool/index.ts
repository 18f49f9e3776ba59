/**
 * Holds messages while they are judged: in memory up to a size, beyond it in a file that has no name
 * any more, so that nothing is left of it when the process ends, in whatever way.
 */
import { mkdirSync } from 'node:fs'
import type { SpoolFactory } from '../../ports.ts'
import { HybridSpool } from './spool.ts'

export interface SpoolOptions {
  /** Made with mode 0700 when it is not there. */
  readonly directory: string
  /** Largest message that is held in memory, in octets. */
  readonly memory: number
}

/** Throws when the directory cannot be made. */
export function openSpools({ directory, memory }: SpoolOptions): SpoolFactory {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  return { open: () => new HybridSpool(directory, memory) }
}
