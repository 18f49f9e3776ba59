/**
 * A clamd of our own: Debian's program in the foreground, with a socket, a port and a signature database
 * of its own, in a temporary folder that goes with it. It knows EICAR and whatever a test adds.
 */
import type { ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { freePort } from './ports.ts'
import { start, stop } from './processes.ts'
import { pathOf } from './programs.ts'

/** The 68 octets of the EICAR test file, put together here so that no scanner takes this source for it. */
export const eicar = Buffer.from(
  ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE', '!$H+H*'].join(''),
)

export interface ClamdOptions {
  /** Whole files it calls infected, by name of the virus. */
  readonly known?: Readonly<Record<string, Uint8Array>>
  /** More lines for the end of clamd.conf. */
  readonly settings?: string
}

export interface Clamd {
  /** `unix:/path`. */
  readonly socket: string
  /** `tcp://127.0.0.1:port`. */
  readonly tcp: string
  readonly process: ChildProcess
  /** Adds a whole file to its database; it knows it after `reload`. */
  learn(virus: string, file: Uint8Array): void
  /** Sends RELOAD and waits until its new database is in use. */
  reload(): Promise<void>
  /** Stops the process (SIGSTOP): it hangs, as its socket still accepts. */
  hang(): void
  /** Lets it go on. */
  resume(): void
  /** Ends it; the folder stays. */
  kill(): Promise<void>
  /** Starts it again after `kill`, with the same addresses. */
  restart(): Promise<void>
  log(): string
  /** Ends it and removes the folder. */
  stop(): Promise<void>
}

/** Starts clamd and waits until it answers. */
export async function startClamd(options: ClamdOptions = {}): Promise<Clamd> {
  const directory = mkdtempSync(join(tmpdir(), 'postern-clamd-'))
  const database = join(directory, 'database')
  mkdirSync(database)
  mkdirSync(join(directory, 'tmp'))
  const port = await freePort()
  const file = join(directory, 'clamd.conf')
  writeFileSync(file, configuration(directory, port, options.settings ?? ''))
  // As an .ndb: found at any place (`*`) of any kind of file (`0`).
  writeFileSync(join(database, 'eicar.ndb'), `Eicar-Test-Signature:0:*:${eicar.toString('hex')}\n`)
  const hashes = new Map(Object.entries(options.known ?? {}))
  const writeHashes = () =>
    writeFileSync(
      join(database, 'known.hdb'),
      [...hashes].map(([virus, bytes]) => hashLine(virus, bytes)).join(''),
    )
  hashes.set('Postern.Placeholder', Buffer.from('a database without any line is an error'))
  writeHashes()

  const launch = async (): Promise<ChildProcess> => {
    const child = start(pathOf('clamd'), ['--foreground', '-c', file], { stdio: 'ignore' })
    try {
      await answers(port, child)
    } catch (error) {
      await stop(child)
      throw new Error(`clamd did not start:\n${read(join(directory, 'log'))}`, { cause: error })
    }
    return child
  }
  let child: ChildProcess
  try {
    child = await launch()
  } catch (error) {
    rmSync(directory, { recursive: true, force: true })
    throw error
  }
  const kill = async () => {
    child.kill('SIGCONT')
    await stop(child)
  }
  const log = () => read(join(directory, 'log'))
  return {
    socket: `unix:${join(directory, 'clamd.ctl')}`,
    tcp: `tcp://127.0.0.1:${port}`,
    get process() {
      return child
    },
    learn: (virus, bytes) => {
      hashes.set(virus, bytes)
      writeHashes()
    },
    reload: async () => {
      const loads = () => log().split('Database correctly reloaded').length
      const before = loads()
      await say(port, 'RELOAD')
      const end = performance.now() + 20_000
      while (loads() === before) {
        if (performance.now() > end) throw new Error(`clamd did not reload:\n${log()}`)
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    },
    hang: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    kill,
    restart: async () => {
      child = await launch()
    },
    log,
    stop: async () => {
      await kill()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

const hashLine = (virus: string, bytes: Uint8Array): string =>
  `${createHash('md5').update(bytes).digest('hex')}:${bytes.length}:${virus}\n`

function configuration(directory: string, port: number, settings: string): string {
  return `# Made by test/support/clamd.ts.
Foreground yes
LogFile ${directory}/log
DatabaseDirectory ${directory}/database
TemporaryDirectory ${directory}/tmp
LocalSocket ${directory}/clamd.ctl
TCPSocket ${port}
TCPAddr 127.0.0.1
User ${userInfo().username}
AlertEncryptedArchive yes
AlertExceedsMax yes
SelfCheck 0
${settings}
`
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** The answer to a command; empty when there is none. */
function say(port: number, command: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(`z${command}\0`))
    socket.setTimeout(5000, () => socket.destroy())
    socket.on('data', (bytes: Buffer) => {
      answer += bytes.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(answer))
  })
}

async function answers(port: number, child: ChildProcess): Promise<void> {
  const end = performance.now() + 20_000
  while (performance.now() < end && child.exitCode === null) {
    if ((await say(port, 'PING')) === 'PONG\0') return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(child.exitCode === null ? 'no PONG' : `it ended with code ${child.exitCode}`)
}
