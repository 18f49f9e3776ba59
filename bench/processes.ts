/**
 * Starts the bench's processes, each in a session of its own so that it and all its children can be
 * found again, and stops every one of them, whatever happens.
 */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** What a started program is called, and where its output goes. */
export interface Program {
  readonly command: string
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Standard output and error are written to this file. */
  readonly log: string
}

/** A peer's processes: the one that was started and all that descend from it. */
export interface Group {
  readonly root: number
  /** Why it is not running any more; `undefined` while it runs. */
  ended(): string | undefined
}

/** One line of /proc/PID/stat; times in clock ticks. */
export interface Stat {
  readonly pid: number
  readonly parent: number
  readonly group: number
  readonly session: number
  readonly cpuTicks: number
  readonly childTicks: number
}

const running = new Map<number, ChildProcess>()
/** How long a process may take to go by itself after SIGTERM, in milliseconds. */
const GRACE = 2000

/** Reads one process; `undefined` when it is gone. proc(5) gives the fields, counted after the name. */
export function readStat(pid: number): Stat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const field = text.slice(text.lastIndexOf(')') + 2).split(' ')
    const number = (index: number): number => Number(field[index - 3] ?? 0)
    if (field[0] === 'Z') return undefined
    return {
      pid,
      parent: number(4),
      group: number(5),
      session: number(6),
      cpuTicks: number(14) + number(15),
      childTicks: number(16) + number(17),
    }
  } catch {
    return undefined
  }
}

/** The live processes of a group: same session, same process group, or descended from the root. */
export function members(root: number): Stat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? [])
  const found = new Set<number>([root])
  for (let before = 0; before !== found.size; ) {
    before = found.size
    for (const stat of all)
      if (stat.session === root || stat.group === root || found.has(stat.parent)) found.add(stat.pid)
  }
  return all.filter((stat) => found.has(stat.pid))
}

/** Starts a program as leader of its own session. */
export function start(program: Program): Group {
  const output = openSync(program.log, 'a')
  const child = spawn(program.command, [...program.args], {
    detached: true,
    stdio: ['ignore', output, output],
    env: { ...process.env, ...program.env },
  })
  closeSync(output)
  let ended: string | undefined
  child.on('error', (error) => {
    ended = error.message
  })
  child.on('exit', (code, signal) => {
    ended ??= `ended with ${signal ?? code}`
  })
  const root = child.pid ?? 0
  if (root !== 0) running.set(root, child)
  return { root, ended: () => ended }
}

/** Starts one of the bench's own TypeScript processes, with an IPC channel, and waits for its first word. */
export async function startOwn<T>(
  file: string,
  args: readonly string[],
  isReady: (message: unknown) => message is T,
): Promise<{ child: ChildProcess; ready: T }> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [...args], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  if (child.pid !== undefined) running.set(child.pid, child)
  const ready = await nextMessage(child, isReady)
  return { child, ready }
}

/** The next message a child sends; an error when it ends instead or says something else. */
export const nextMessage = <T>(child: ChildProcess, is: (message: unknown) => message is T): Promise<T> =>
  new Promise((resolve, reject) => {
    const gone = (): void => reject(new Error('a process of the bench ended'))
    child.once('exit', gone)
    child.once('message', (message: unknown) => {
      child.off('exit', gone)
      if (is(message)) resolve(message)
      else reject(new Error(`a process of the bench said ${JSON.stringify(message)}`))
    })
  })

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // Already gone, which is what was wanted.
  }
}

/** Ends a group: SIGTERM to its root, and SIGKILL to whatever is left once that is gone or the grace is over. */
export async function stop(root: number): Promise<void> {
  if (!running.has(root)) return
  const before = members(root)
  signal(root, 'SIGTERM')
  for (let waited = 0; waited < GRACE && readStat(root) !== undefined; waited += 20) await sleep(20)
  const left = [...before, ...members(root)].filter((stat) => readStat(stat.pid) !== undefined)
  for (const stat of left) signal(stat.pid, 'SIGKILL')
  for (let waited = 0; waited < GRACE && left.some((stat) => readStat(stat.pid)); waited += 10)
    await sleep(10)
  running.delete(root)
}

/** Ends everything that was started and is still there, at once. For the way out. */
export function killAll(): void {
  for (const root of running.keys()) for (const stat of members(root)) signal(stat.pid, 'SIGKILL')
  running.clear()
}

/** A TCP port of 127.0.0.1 that nothing listens on now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no TCP address'))
        else resolve(address.port)
      })
    })
  })
