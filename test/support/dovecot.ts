/**
 * A Dovecot of our own: Debian's program in the foreground, with a configuration, mailboxes and ports
 * of its own, in a temporary folder that goes with it. Any user name is let in with the one password.
 */
import type { ChildProcess } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { freePorts } from './ports.ts'
import { start, stop } from './processes.ts'
import { pathOf } from './programs.ts'

/** One mail as it lies in the maildir. */
export interface Stored {
  /** Unique, at most 40 characters of `[a-z0-9-]`: part of the file's name. */
  readonly name: string
  readonly stored: Buffer
}

export interface DovecotOptions {
  /** Files, PEM. */
  readonly certificateFile: string
  readonly keyFile: string
  /** Each gets a mailbox with all `messages`. */
  readonly users: readonly string[]
  readonly messages: readonly Stored[]
  /** More lines for the end of the configuration. */
  readonly settings?: string
}

export interface Dovecot {
  /** `pop3`: clear, and STLS; `pop3s`: TLS from the first byte. */
  readonly ports: { readonly pop3: number; readonly pop3s: number }
  readonly password: string
  readonly process: ChildProcess
  /** Adds a mailbox with all messages, while Dovecot runs. */
  addUser(user: string): void
  /** Names of the mails that are in a mailbox, in the order of POP3. */
  mailbox(user: string): string[]
  /** What Dovecot has logged. */
  log(): string
  /** Stops it and removes the folder. */
  stop(): Promise<void>
}

const PASSWORD = 'correct-horse'
/** A mail's place in the mailbox is that of its file name, which begins with a time. */
const FIRST_SECOND = 1_700_000_000

/** Starts Dovecot and waits until it answers. */
export async function startDovecot(options: DovecotOptions): Promise<Dovecot> {
  const directory = mkdtempSync(join(tmpdir(), 'postern-dovecot-'))
  // Its login processes, which run as another user, must be able to pass.
  chmodSync(directory, 0o755)
  const store = join(directory, 'messages')
  mkdirSync(store)
  const owner = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : userInfo()
  const own = (path: string) => {
    if (process.getuid?.() === 0) chownSync(path, owner.uid, owner.gid)
  }
  const files = options.messages.map(({ name, stored }, index) => {
    const file = `${FIRST_SECOND + index}.${name}.localhost`
    writeFileSync(join(store, file), stored)
    own(join(store, file))
    return file
  })
  const current = (user: string) => join(directory, 'users', user, 'Maildir', 'cur')
  const addUser = (user: string): void => {
    const home = join(directory, 'users', user)
    const maildir = join(home, 'Maildir')
    for (const folder of ['cur', 'new', 'tmp']) mkdirSync(join(maildir, folder), { recursive: true })
    // A hard link is as good as a copy: Dovecot removes mails, but never writes into one.
    for (const file of files) linkSync(join(store, file), join(maildir, 'cur', `${file}:2,`))
    for (const path of [home, maildir, ...['cur', 'new', 'tmp'].map((each) => join(maildir, each))]) own(path)
  }
  for (const user of options.users) addUser(user)

  const [pop3 = 0, pop3s = 0] = await freePorts(2)
  const file = join(directory, 'dovecot.conf')
  writeFileSync(file, configuration({ directory, pop3, pop3s, owner, options }))
  const child = start(pathOf('dovecot'), ['-F', '-c', file], { stdio: ['ignore', 'ignore', 'pipe'] })
  let complaints = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    complaints += chunk.toString()
  })
  const log = () => complaints + read(join(directory, 'log'))
  const end = async () => {
    await stop(child)
    rmSync(directory, { recursive: true, force: true })
  }
  try {
    await answers(pop3, child)
  } catch (error) {
    const said = log()
    await end()
    throw new Error(`Dovecot did not start:\n${said}`, { cause: error })
  }
  return {
    ports: { pop3, pop3s },
    password: PASSWORD,
    process: child,
    addUser,
    mailbox: (user) =>
      readdirSync(current(user))
        .sort()
        .map((each) => each.split('.')[1] ?? each),
    log,
    stop: end,
  }
}

interface Given {
  readonly directory: string
  readonly pop3: number
  readonly pop3s: number
  readonly owner: { readonly uid: number; readonly gid: number }
  readonly options: DovecotOptions
}

function configuration({ directory, pop3, pop3s, owner, options }: Given): string {
  const root = process.getuid?.() === 0
  const me = userInfo().username
  return `# Made by test/support/dovecot.ts.
protocols = pop3
base_dir = ${directory}/run
state_dir = ${directory}/state
log_path = ${directory}/log
auth_verbose = yes
default_login_user = ${root ? 'dovenull' : me}
default_internal_user = ${root ? 'dovecot' : me}
${root ? '' : `default_internal_group = ${owner.gid}`}
first_valid_uid = ${owner.uid}
first_valid_gid = ${owner.gid}
mail_location = maildir:~/Maildir
maildir_stat_dirs = yes
mail_max_userip_connections = 1000
disable_plaintext_auth = no
auth_mechanisms = plain login
ssl = yes
ssl_cert = <${options.certificateFile}
ssl_key = <${options.keyFile}
ssl_min_protocol = TLSv1.2
passdb {
  driver = static
  args = password=${PASSWORD}
}
userdb {
  driver = static
  args = uid=${owner.uid} gid=${owner.gid} home=${directory}/users/%u
}
# The file's name as UIDL shows which mail is which.
protocol pop3 {
  pop3_uidl_format = %f
}
service pop3-login {
  ${root ? '' : 'chroot ='}
  service_count = 0
  client_limit = 1000
  inet_listener pop3 {
    address = 127.0.0.1
    port = ${pop3}
  }
  inet_listener pop3s {
    address = 127.0.0.1
    port = ${pop3s}
    ssl = yes
  }
}
service pop3 {
  process_limit = 400
}
service anvil {
  ${root ? '' : 'chroot ='}
  client_limit = 2000
}
service auth {
  client_limit = 2000
}
service stats {
  ${root ? '' : 'chroot ='}
  client_limit = 2000
}
${options.settings ?? ''}
`
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Waits for the greeting. */
async function answers(port: number, child: ChildProcess): Promise<void> {
  const end = performance.now() + 20_000
  while (performance.now() < end && child.exitCode === null) {
    const greeted = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.setTimeout(2000, () => resolve(false))
      socket.once('data', () => {
        resolve(true)
        socket.destroy()
      })
      socket.once('error', () => resolve(false))
      socket.once('close', () => resolve(false))
    })
    if (greeted) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(child.exitCode === null ? 'no greeting' : `it ended with code ${child.exitCode}`)
}
