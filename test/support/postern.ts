/** Postern as its users run it: `bin/postern run -c FILE` as a process, its log read from stdout. */
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { EventCode } from '../../src/events/index.ts'
import { residentMemory, start, stop, until } from './processes.ts'

/** One line of the log; the fields are those of the catalogue. */
export interface LoggedEvent {
  readonly code: EventCode
  readonly [field: string]: unknown
}

export interface Postern {
  readonly process: ChildProcess
  readonly pid: number
  /** Everything logged so far, in order. */
  readonly events: readonly LoggedEvent[]
  /** The Proxy Authority's certificate, for clients to trust. */
  readonly authorityFile: string
  /** What was written to stderr. */
  errors(): string
  /** Resolves with the first event of that code that fits. */
  event(code: EventCode, fits?: (event: LoggedEvent) => boolean): Promise<LoggedEvent>
  /** Resident memory in octets. */
  memory(): number
  /** Ends it with SIGTERM, kills it after ten seconds, removes its folder. Resolves with the exit code. */
  stop(): Promise<number | null>
}

export interface PosternOptions {
  /** What stands in postern.yaml, without `version` and `dataDirectory`. */
  readonly configuration: Readonly<Record<string, unknown>>
  /** Default: a folder of its own, removed by `stop`. */
  readonly dataDirectory?: string
  /** More arguments for Node, such as `--import=…`. */
  readonly nodeArguments?: readonly string[]
}

const PROGRAM = fileURLToPath(new URL('../../bin/postern', import.meta.url))

/** Starts Postern and waits until it listens. Rejects with all it said when it does not. */
export async function startPostern(options: PosternOptions): Promise<Postern> {
  const directory = mkdtempSync(join(tmpdir(), 'postern-test-'))
  const dataDirectory = options.dataDirectory ?? join(directory, 'data')
  const file = join(directory, 'postern.yaml')
  // Every JSON text is YAML.
  writeFileSync(file, JSON.stringify({ version: 1, dataDirectory, ...options.configuration }, null, 2))
  const child = start(process.execPath, [...(options.nodeArguments ?? []), PROGRAM, 'run', '-c', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const events: LoggedEvent[] = []
  let said = ''
  if (child.stdout === null || child.stderr === null) throw new Error('Postern has no pipes')
  createInterface(child.stdout).on('line', (line) => {
    const event = readEvent(line)
    if (event === undefined) said += `${line}\n`
    else events.push(event)
  })
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const end = async () => {
    const code = await stop(child)
    rmSync(directory, { recursive: true, force: true })
    return code
  }
  const find = (code: EventCode, fits: (event: LoggedEvent) => boolean) =>
    events.find((each) => each.code === code && fits(each))
  try {
    const gone = () => child.exitCode !== null || child.signalCode !== null
    await until(() => find('gateway.started', () => true) !== undefined || gone(), 'gateway.started', 30_000)
    if (gone()) throw new Error(`it ended with code ${child.exitCode}`)
  } catch (error) {
    await end()
    throw new Error(`Postern did not start: ${said}`, { cause: error })
  }
  return {
    process: child,
    pid: child.pid ?? 0,
    events,
    authorityFile: join(dataDirectory, 'proxy-authority.pem'),
    errors: () => said,
    event: async (code, fits = () => true) => {
      await until(() => find(code, fits) !== undefined, `the event ${code}`)
      const event = find(code, fits)
      if (event === undefined) throw new Error(`no event ${code}`)
      return event
    },
    memory: () => residentMemory(child.pid ?? 0),
    stop: end,
  }
}

function readEvent(line: string): LoggedEvent | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return isEvent(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isEvent(value: unknown): value is LoggedEvent {
  return typeof value === 'object' && value !== null && 'code' in value && typeof value.code === 'string'
}
