/** Starting programs so that nothing of them is left behind: each leads a process group of its own. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

const running = new Set<ChildProcess>()

// The last resort, when a test ended without its after hooks.
process.on('exit', () => {
  for (const child of running) signalGroup(child, 'SIGKILL')
})

/** Starts a program as the leader of a process group. It is killed at the latest when this process ends. */
export function start(program: string, args: readonly string[], options: SpawnOptions = {}): ChildProcess {
  const child = spawn(program, args, { ...options, detached: true })
  running.add(child)
  child.on('exit', () => {
    signalGroup(child, 'SIGKILL')
    running.delete(child)
  })
  child.on('error', () => running.delete(child))
  return child
}

/** Sends `signal`, waits up to `patience` milliseconds, then kills the group. Resolves with the exit code, `null` after a signal. */
export async function stop(
  child: ChildProcess,
  signal: NodeJS.Signals = 'SIGTERM',
  patience = 10_000,
): Promise<number | null> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const gone = once(child, 'exit')
  child.kill(signal)
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), patience)
  await gone
  clearTimeout(timer)
  return child.exitCode
}

export interface Outcome {
  /** Exit code; `null` when a signal ended it. */
  readonly code: number | null
  readonly stdout: Buffer
  readonly stderr: string
}

export interface RunOptions extends SpawnOptions {
  readonly input?: string | Buffer
  /** Milliseconds until the program is killed. */
  readonly patience?: number
}

/** Runs a program to its end. Rejects when it cannot be started; any exit code is a result. */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  const { input, patience = 120_000, ...rest } = options
  const child = start(program, args, { ...rest, stdio: ['pipe', 'pipe', 'pipe'] })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk))
  child.stdin?.on('error', () => {})
  child.stdin?.end(input)
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), patience)
  try {
    await once(child, 'close')
  } finally {
    clearTimeout(timer)
  }
  return { code: child.exitCode, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }
}

/** Resident memory of a process in octets, from /proc (Linux). */
export function residentMemory(pid: number): number {
  const line = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  if (line === null) throw new Error(`no resident memory for process ${pid}`)
  return Number(line[1]) * 1024
}

/** Resolves when `condition` holds; rejects with `what` after `patience` milliseconds. */
export async function until(condition: () => boolean, what: string, patience = 15_000): Promise<void> {
  const end = performance.now() + patience
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited ${patience} ms in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // The group is empty already.
  }
}
