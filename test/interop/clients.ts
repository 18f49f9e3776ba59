/**
 * The mail clients of the interop tests. Each driver fetches a whole mailbox the way the program's
 * users do, and says what the program itself does to a mail on its way to the disk.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Outcome, run, start, stop } from '../support/processes.ts'
import { type Program, pathOf } from '../support/programs.ts'
import { dial, Wire } from '../support/wire.ts'

/** How the client comes: in clear, in clear and then STLS, TLS from the first byte. */
export type Mode = 'plain' | 'stls' | 'implicit'
export const MODES: readonly Mode[] = ['plain', 'stls', 'implicit']

/** What a client must be told. */
export interface Account {
  /** Host is always localhost. */
  readonly ports: { readonly pop3: number; readonly pop3s: number }
  readonly user: string
  readonly password: string
  /** File with the authority to trust, PEM. */
  readonly authorityFile: string
  /** How many mails are in the mailbox. */
  readonly count: number
}

export interface Client {
  readonly name: string
  readonly program: Program
  /** Fetches all mails, in order. Rejects when the program reports an error. */
  readonly fetch: (account: Account, mode: Mode) => Promise<Buffer[]>
  /** What it makes of a mail that POP3 delivered so; `undefined`: it keeps every octet. */
  readonly keeps?: (expected: Buffer) => Buffer
  /** Mails that it rewrites on its own account, whoever serves them, with the reason. */
  readonly rewrites?: ReadonlyMap<string, string>
}

const LINE_ENDS = /\r\n/g
const SEPARATOR = Buffer.from('<<<end of mail>>>')

const portFor = (account: Account, mode: Mode) =>
  mode === 'implicit' ? account.ports.pop3s : account.ports.pop3

const curl: Client = {
  name: 'curl',
  program: 'curl',
  fetch: (account, mode) =>
    inFolder(async (folder) => {
      const scheme = mode === 'implicit' ? 'pop3s' : 'pop3'
      const url = `${scheme}://localhost:${portFor(account, mode)}/[1-${account.count}]`
      const secured = mode === 'stls' ? ['--ssl-reqd'] : []
      succeeded(
        await run(pathOf('curl'), [
          ...[
            '--silent',
            '--show-error',
            '--fail-early',
            '--max-time',
            '60',
            '--cacert',
            account.authorityFile,
          ],
          ...[
            '--user',
            `${account.user}:${account.password}`,
            ...secured,
            url,
            '--output',
            join(folder, '#1'),
          ],
        ]),
      )
      return numbered(folder, account.count)
    }),
}

const poplib: Client = {
  name: "Python's poplib",
  program: 'python3',
  fetch: (account, mode) =>
    inFolder(async (folder) => {
      const script = fileURLToPath(new URL('fetch_with_poplib.py', import.meta.url))
      const { user, password, authorityFile, count } = account
      const words = [mode, portFor(account, mode), user, password, authorityFile, count, folder]
      succeeded(await run(pathOf('python3'), [script, ...words.map(String)]))
      return numbered(folder, count)
    }),
}

const BAD_HEADER = 'no header to speak of: fetchmail writes one'

const fetchmail: Client = {
  name: 'fetchmail',
  program: 'fetchmail',
  rewrites: new Map([
    ['dot-in-header', 'fetchmail leaves the stuffed dot of a header line as it is'],
    ['headers-only', 'fetchmail adds the empty line after the header'],
    ['headers-only-open', 'fetchmail adds the empty line after the header'],
    ['from-line-first', 'fetchmail drops a first line "From …"'],
    ['no-headers', BAD_HEADER],
    ['empty', BAD_HEADER],
    ['one-newline', BAD_HEADER],
    ['one-letter', BAD_HEADER],
    ['body-is-a-dot', BAD_HEADER],
    ['body-is-a-dot-open', BAD_HEADER],
    ['body-is-two-dots', BAD_HEADER],
    ['long-line-dots-100000', 'fetchmail drops a dot after each break it makes in a line'],
  ]),
  fetch: (account, mode) =>
    inFolder(async (folder) => {
      const box = join(folder, 'box')
      const tls = {
        plain: "sslproto ''",
        stls: `sslproto 'tls1.2+' sslcertck sslcertfile '${account.authorityFile}'`,
        implicit: `ssl sslproto 'tls1.2+' sslcertck sslcertfile '${account.authorityFile}'`,
      }
      // `invisible`: no Received line of its own. `badheader accept`: mails without a header are no error.
      const file = secret(
        folder,
        `set invisible
set no bouncemail
set pidfile '${join(folder, 'pid')}'
poll localhost protocol POP3 service ${portFor(account, mode)} no dns no envelope bad-header accept timeout 60
  user '${account.user}' password '${account.password}' is nobody here
  fetchall keep no rewrite no stripcr no forcecr no mimedecode no dropstatus no dropdelivered
  ${tls[mode]}
  mda "{ cat; printf '${SEPARATOR.toString()}'; } >> '${box}'"
`,
      )
      succeeded(
        await run(pathOf('fetchmail'), ['-f', file, '--nodetach', '--nosyslog', '--silent'], {
          env: { ...process.env, FETCHMAILHOME: folder },
        }),
      )
      return separated(readFileSync(box)).map(unbroken)
    }),
}

/**
 * Takes out what fetchmail 6.4 puts into a line after each 8191 octets: NUL, an octet of chance, CRLF.
 * No mail of the corpus holds a NUL.
 */
function unbroken(mail: Buffer): Buffer {
  return mail.includes(0) ? Buffer.from(mail.toString('latin1').replaceAll(/\0.\r\n/gs, ''), 'latin1') : mail
}

const mpop: Client = {
  name: 'mpop',
  program: 'mpop',
  // It hands mails on with the line ends of the machine.
  keeps: (expected) => Buffer.from(expected.toString('latin1').replaceAll(LINE_ENDS, '\n'), 'latin1'),
  fetch: (account, mode) =>
    inFolder(async (folder) => {
      const box = join(folder, 'box')
      const tls = {
        plain: 'tls off',
        stls: `tls on\ntls_starttls on\ntls_trust_file ${account.authorityFile}`,
        implicit: `tls on\ntls_starttls off\ntls_trust_file ${account.authorityFile}`,
      }
      const file = secret(
        folder,
        `account t
host localhost
port ${portFor(account, mode)}
timeout 60
${tls[mode]}
auth user
user ${account.user}
password ${account.password}
keep on
only_new off
received_header off
uidls_file ${join(folder, 'uidls')}
delivery mda { cat; printf '${SEPARATOR.toString()}'; } >> ${box}
`,
      )
      succeeded(await run(pathOf('mpop'), ['-C', file, '--quiet', 't']))
      return separated(readFileSync(box))
    }),
}

/** `openssl s_client` is a terminal and no client: somebody types the commands and reads the replies. */
const openssl: Client = {
  name: 'openssl s_client',
  program: 'openssl',
  fetch: async (account, mode) => {
    const port = portFor(account, mode)
    if (mode === 'plain') {
      // It cannot speak in clear, so for this mode the same script is typed into a bare socket.
      const { socket, wire } = await dial(port)
      try {
        await wire.line()
        return await typed(wire, account)
      } finally {
        socket.destroy()
      }
    }
    const how = mode === 'stls' ? ['-starttls', 'pop3'] : []
    const child = start(
      pathOf('openssl'),
      [
        ...['s_client', '-connect', `localhost:${port}`, '-servername', 'localhost', ...how, '-quiet'],
        ...['-verify_return_error', '-verify_hostname', 'localhost', '-CAfile', account.authorityFile],
      ],
      { stdio: ['pipe', 'pipe', 'ignore'] },
    )
    if (child.stdout === null || child.stdin === null) throw new Error('openssl has no pipes')
    const wire = new Wire(child.stdout, child.stdin)
    try {
      // With -starttls it reads the greeting itself.
      if (mode === 'implicit') await wire.line()
      return await typed(wire, account)
    } finally {
      await stop(child)
    }
  },
}

export const CLIENTS: readonly Client[] = [curl, fetchmail, mpop, poplib, openssl]

/** Logs in, fetches all, one command at a time, and leaves. The stuffed dots are undone here, and only they. */
async function typed(wire: Wire, { user, password, count }: Account): Promise<Buffer[]> {
  for (const command of [`USER ${user}`, `PASS ${password}`]) {
    const reply = await wire.command(command)
    if (!reply.startsWith('+OK')) throw new Error(`${command.slice(0, 4)}: ${reply}`)
  }
  const mails: Buffer[] = []
  for (let number = 1; number <= count; number += 1) {
    const { status, body } = await wire.fetch(`RETR ${number}`)
    if (!status.startsWith('+OK')) throw new Error(`RETR ${number}: ${status}`)
    mails.push(unstuffed(body))
  }
  const farewell = await wire.command('QUIT')
  if (!farewell.startsWith('+OK')) throw new Error(`QUIT: ${farewell}`)
  return mails
}

function unstuffed(body: Buffer): Buffer {
  return Buffer.from(body.toString('latin1').replaceAll(/(?<=^|\n)\.\./g, '.'), 'latin1')
}

/** Runs `use` with a folder that is gone afterwards. */
async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-client-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A configuration file that only its owner may read, as these programs insist. */
function secret(folder: string, text: string): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'configuration')
  writeFileSync(file, text, { mode: 0o600 })
  return file
}

function succeeded({ code, stdout, stderr }: Outcome): void {
  if (code !== 0) throw new Error(`exit code ${code}: ${stderr}${stdout.subarray(-2000).toString('latin1')}`)
}

function numbered(folder: string, count: number): Buffer[] {
  return Array.from({ length: count }, (_, index) => readFileSync(join(folder, String(index + 1))))
}

function separated(box: Buffer): Buffer[] {
  const mails: Buffer[] = []
  for (let start = 0; start < box.length; ) {
    const end = box.indexOf(SEPARATOR, start)
    if (end === -1) throw new Error('the last mail was not finished')
    mails.push(box.subarray(start, end))
    start = end + SEPARATOR.length
  }
  return mails
}
