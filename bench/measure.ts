/**
 * Reads what a peer's processes have used: CPU time to the microsecond where the kernel tells it, to
 * the clock tick otherwise, and memory as the kernel shares it out (PSS) or holds it (RSS).
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { members } from './processes.ts'

/** CPU of a group at one moment. */
export interface CpuReading {
  /** Nanoseconds on a CPU for each live thread, by thread id. */
  readonly threads: ReadonlyMap<number, number>
  /** user + system, of live processes and of the children they have waited for; milliseconds. */
  readonly ticks: number
  /** Of which waited-for children. */
  readonly childTicks: number
}

const TICK = 1000 / Number(spawnSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }).stdout || 100)

/** The first field of schedstat is the time on a CPU in nanoseconds (kernel, sched-stats.rst). */
function threadTimes(pid: number, into: Map<number, number>): void {
  try {
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const text = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'latin1')
      into.set(Number(thread), Number(text.split(' ')[0]))
    }
  } catch {
    // The thread or process ended between listing and reading, or the kernel keeps no schedstat.
  }
}

export function readCpu(root: number): CpuReading {
  const threads = new Map<number, number>()
  let ticks = 0
  let childTicks = 0
  for (const stat of members(root)) {
    ticks += (stat.cpuTicks + stat.childTicks) * TICK
    childTicks += stat.childTicks * TICK
    threadTimes(stat.pid, threads)
  }
  return { threads, ticks, childTicks }
}

/**
 * Milliseconds of CPU between two readings. Exact when no thread went away in between; when one
 * did, what it used last is only in the tick counters, so they answer.
 */
export function cpuBetween(before: CpuReading, after: CpuReading): number {
  const lost = [...before.threads.keys()].some((thread) => !after.threads.has(thread))
  if (lost || after.threads.size === 0 || after.childTicks !== before.childTicks)
    return after.ticks - before.ticks
  let nanoseconds = 0
  for (const [thread, used] of after.threads) nanoseconds += used - (before.threads.get(thread) ?? 0)
  return nanoseconds / 1e6
}

/** Memory of a group in KiB. */
export interface MemoryReading {
  readonly rss: number
  readonly pss: number
}

export function readMemory(root: number): MemoryReading {
  let rss = 0
  let pss = 0
  for (const { pid } of members(root)) {
    try {
      const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1')
      rss += Number(/^Rss:\s+(\d+)/m.exec(text)?.[1] ?? 0)
      pss += Number(/^Pss:\s+(\d+)/m.exec(text)?.[1] ?? 0)
    } catch {
      // A process that ended holds no memory.
    }
  }
  return { rss, pss }
}

/** The middle value; the mean of the two middle ones; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN
  const high = sorted[Math.ceil((sorted.length - 1) / 2)] ?? Number.NaN
  return (low + high) / 2
}
