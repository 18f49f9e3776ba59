/**
 * Dovecot with a mailbox, Postern before it with one policy for each proxy action of a test, and a
 * client that fetches. For tests of what is in the mail.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { makeCertificates } from './certificates.ts'
import { type Dovecot, startDovecot } from './dovecot.ts'
import { freePorts } from './ports.ts'
import { type Postern, startPostern } from './postern.ts'
import { dialTls, type TlsConnection, unstuffed } from './wire.ts'

export interface MailroomOptions<M extends string, A extends string> {
  /** By name, in the order of POP3; CRLF at the line ends. */
  readonly mails: Readonly<Record<M, Buffer>>
  /** Settings over those of `POP3-Client.Standard`, by name. */
  readonly actions: Readonly<Record<A, Readonly<Record<string, unknown>>>>
  /** More for postern.yaml: `scanners`, `delivery`, … */
  readonly configuration?: Readonly<Record<string, unknown>>
}

/** What a client got for RETR. */
export interface Fetched {
  readonly status: string
  /** As a mail program keeps it; empty after `-ERR`. */
  readonly mail: Buffer
}

export interface Mailroom<M extends string, A extends string> {
  readonly postern: Postern
  readonly dataDirectory: string
  /** Logs in where that proxy action judges. */
  login(action: A): Promise<TlsConnection>
  /** One session: login, RETR, QUIT. */
  fetch(action: A, mail: M): Promise<Fetched>
  /** Everything that was fetched so far, one after the other. */
  seen(): Buffer
  /** Names of the mails that lie on the server. */
  stored(): string[]
  stop(): Promise<void>
}

const USER = 'ann'

export async function startMailroom<M extends string, A extends string>(
  options: MailroomOptions<M, A>,
): Promise<Mailroom<M, A>> {
  const { mails, actions, configuration = {} } = options
  const directory = mkdtempSync(join(tmpdir(), 'postern-mailroom-'))
  const certificates = makeCertificates(directory)
  const names = Object.keys(mails)
  const messages = Object.entries<Buffer>(mails).map(([name, stored]) => ({ name, stored }))
  const dovecot: Dovecot = await startDovecot({ ...certificates, users: [USER], messages })
  const end = async () => {
    await dovecot.stop()
    rmSync(directory, { recursive: true, force: true })
  }
  const ports = new Map<string, number>()
  const policies = []
  for (const action of Object.keys(actions)) {
    const [pop3 = 0, pop3s = 0] = await freePorts(2)
    ports.set(action, pop3s)
    const upstream = `pop3s://localhost:${dovecot.ports.pop3s}`
    policies.push({
      name: action,
      from: 'any',
      action,
      listen: ['127.0.0.1'],
      ports: { pop3, pop3s },
      upstream,
    })
  }
  const proxyActions = Object.entries<Readonly<Record<string, unknown>>>(actions).map(([name, settings]) => ({
    ...{ name, basedOn: 'POP3-Client.Standard' },
    ...settings,
  }))
  const postern = await startPostern({
    configuration: {
      ...{ certificates: { trusted: [certificates.authorityFile] }, policies, proxyActions },
      ...configuration,
    },
  }).catch(async (error: unknown) => {
    await end()
    throw error
  })
  const authority = readFileSync(postern.authorityFile, 'utf8')
  const seen: Buffer[] = []
  const login = async (action: A) => {
    const connection = await dialTls(ports.get(action) ?? 0, { authority })
    const { wire } = connection
    for (const reply of [
      await wire.line(),
      await wire.command(`USER ${USER}`),
      await wire.command(`PASS ${dovecot.password}`),
    ])
      if (!reply.startsWith('+OK')) throw new Error(`no login: ${reply}`)
    return connection
  }
  return {
    ...{ postern, login },
    dataDirectory: dirname(postern.authorityFile),
    fetch: async (action, mail) => {
      const { wire, socket } = await login(action)
      const { status, body } = await wire.fetch(`RETR ${names.indexOf(mail) + 1}`)
      const fetched = { status, mail: unstuffed(body) }
      seen.push(fetched.mail)
      const bye = await wire.command('QUIT')
      socket.destroy()
      if (!bye.startsWith('+OK')) throw new Error(`no good end: ${bye}`)
      return fetched
    },
    seen: () => Buffer.concat(seen),
    stored: () => dovecot.mailbox(USER),
    stop: async () => {
      await postern.stop()
      await end()
    },
  }
}
