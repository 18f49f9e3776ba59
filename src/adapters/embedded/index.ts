/** The scanner that is always there: EICAR, SHA-256 block lists, and YARA rules where some are given. */
import type { Scanner, ScannerHealth } from '../../ports.ts'
import { HashLists } from './hash-lists.ts'
import { EmbeddedScan } from './scan.ts'
import { readRules, YaraThread } from './yara.ts'

export { eicar } from './eicar.ts'

export interface EmbeddedOptions {
  /** Block lists: one SHA-256 in hex a line, `#` begins a comment. Read again when they change. */
  readonly hashes: readonly string[]
  /** Files of YARA rules: paths, or patterns with `*`. Empty: the library is not needed. */
  readonly yara: readonly string[]
  /** Largest content that the rules are given, in octets. Default: 25 MiB, as for clamd. */
  readonly yaraLimit?: number
  /** Milliseconds the rules may take for one content. */
  readonly yaraDeadline?: number
  /** Milliseconds that only go forward. Default: those of this process. */
  readonly monotonic?: () => number
}

/** Each content given to the rules is held in memory twice for a moment. */
const defaultYaraLimit = 25 * 1024 * 1024

/**
 * Reads lists and rules. Rejects with an `Error` that names file and line of what is wrong, or that says
 * how to install the YARA library when there are rules and no library.
 */
export async function openEmbedded({
  hashes,
  yara: patterns,
  yaraLimit = defaultYaraLimit,
  yaraDeadline,
  monotonic = () => performance.now(),
}: EmbeddedOptions): Promise<Scanner> {
  const lists = await HashLists.open(hashes, monotonic)
  const script = import.meta.url.endsWith('.ts') ? './yara-worker.ts' : './yara-worker.js'
  const yara =
    patterns.length === 0
      ? undefined
      : await YaraThread.open(readRules(patterns), new URL(script, import.meta.url), yaraDeadline)
  let lastFault: string | undefined
  const failed = (reason: string) => {
    lastFault = reason
  }
  return {
    name: 'embedded',
    start: () => new EmbeddedScan({ lists, yara, yaraLimit, failed }),
    health: (): ScannerHealth => {
      const lastError = lists.fault ?? lastFault
      return { state: 'up', ...(lastError !== undefined && { lastError }) }
    },
    close: () => yara?.close(),
  }
}
