/** Bounds on looking into an archive, and the account of what has been used of them. */
import type { ArchiveFault, ArchiveLimits } from '../../ports.ts'

export const defaultLimits: ArchiveLimits = {
  /** As many as a message may have parts; larger archives are sets of sources or of pictures, and rare in mail. */
  members: 10_000,
  /** Four times the largest mail that servers commonly take (25 MiB), as clamd's MaxFileSize. */
  expandedBytes: 100 * 1024 * 1024,
  /** Text packs 20 to 1, spreadsheets up to 100 to 1; deflate cannot do more than 1032 to 1, which bombs come near. */
  ratio: 200,
  /** A hundred times what an ordinary archive takes; seldom more than a second of it on a machine with nothing else to do. */
  milliseconds: 5_000,
}

/** Below this many octets no ratio is a bomb: a sheet of blank cells and an empty picture pack a thousand to 1. */
export const ratioFloor = 10 * 1024 * 1024

/** What one archive has used. Once a limit is exceeded, everything else is over it too. */
export class Budget {
  readonly limits: ArchiveLimits
  readonly #packed: number
  #expanded = 0
  #spent = 0
  #over: keyof ArchiveLimits | undefined

  /** @param packed octets of the archive */
  constructor(limits: ArchiveLimits, packed: number) {
    this.limits = limits
    this.#packed = packed
  }

  get over(): keyof ArchiveLimits | undefined {
    return this.#over
  }

  /** Milliseconds that are left. */
  get remaining(): number {
    return Math.max(0, this.limits.milliseconds - this.#spent)
  }

  /** Octets that may yet be unpacked before a limit is met. */
  get room(): number {
    const byRatio = Math.max(ratioFloor, this.limits.ratio * this.#packed)
    return Math.max(0, Math.min(this.limits.expandedBytes, byRatio) - this.#expanded)
  }

  /** Accounts for unpacked octets. A limit: it is exceeded now. */
  take(octets: number): keyof ArchiveLimits | undefined {
    if (octets > this.room && this.#over === undefined)
      this.#over = this.#expanded + octets > this.limits.expandedBytes ? 'expandedBytes' : 'ratio'
    this.#expanded += octets
    return this.#over
  }

  /** Accounts for time, in milliseconds. */
  spend(milliseconds: number): keyof ArchiveLimits | undefined {
    this.#spent += milliseconds
    if (this.#spent >= this.limits.milliseconds) this.#over ??= 'milliseconds'
    return this.#over
  }

  exceed(limit: keyof ArchiveLimits): void {
    this.#over ??= limit
  }
}

/** The fault of an archive that is over a limit. */
export function exceeded(limit: keyof ArchiveLimits, limits: ArchiveLimits): ArchiveFault {
  const most = limits[limit]
  const sentences: Readonly<Record<keyof ArchiveLimits, string>> = {
    members: `more than ${most} members`,
    expandedBytes: `more than ${most} octets unpacked`,
    ratio: `unpacks to more than ${most} times its size`,
    milliseconds: `takes longer than ${most} ms`,
  }
  return { kind: 'limit-exceeded', limit, evidence: sentences[limit] }
}
