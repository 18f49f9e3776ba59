/**
 * The composition root: the one file that knows everybody. It reads the configuration, opens what the
 * gateway needs, hands it over, and ends the process in order.
 */
import { X509Certificate } from 'node:crypto'
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { getCACertificates } from 'node:tls'
import { setFlagsFromString } from 'node:v8'
import { DEMO_CREDENTIALS, demoCertificates, demoMailbox, startDemoServer } from '../demo/index.ts'
import { openArchives } from './adapters/archives/index.ts'
import { type OpenedAuthority, openAuthority, openTrust } from './adapters/ca/index.ts'
import { openClamav } from './adapters/clamav/index.ts'
import { openEmbedded } from './adapters/embedded/index.ts'
import { lockerFor, openLocker, openUnlocker, recipientName } from './adapters/lock/index.ts'
import { type Log, openLog } from './adapters/log/index.ts'
import { openQuarantine } from './adapters/quarantine/index.ts'
import { sniffer } from './adapters/sniff/index.ts'
import { openSpools } from './adapters/spool/index.ts'
import {
  type CliActions,
  type CliWorld,
  type DemoOptions,
  demoConfiguration,
  demoText,
  EXIT,
  type ExplainRequest,
  loadSnapshot,
  runCli,
} from './cli/index.ts'
import {
  type CertificateFiles,
  compile,
  compileActions,
  formatProblem,
  type Settings,
  type Snapshot,
} from './config/index.ts'
import { catalogue } from './events/index.ts'
import { explain, type Gateway, type GatewayServices, startGateway } from './gateway/index.ts'
import type { InspectServices } from './inspect/index.ts'
import type { Clock, Explanation, Locker, Scanner } from './ports.ts'

/** After TERM sessions have this long to come to a pause between two replies, in milliseconds. */
const drainTime = 30_000

// The young generation stays as small as it begins. It would grow to 32 MiB under load and never
// shrink, and what a gateway holds for long lies outside of it.
setFlagsFromString('--semi-space-growth-factor=1')

const clock: Clock = { now: () => Date.now(), monotonic: () => performance.now() }

const world: CliWorld = {
  version: readVersion(),
  workingDirectory: process.cwd(),
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
}

// A reader that went away (`postern … | head`) is no fault.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {})

const actions: CliActions = {
  run: ({ config }) => run(config),
  demo,
  explain: explainMessage,
  openUnlocker,
}
process.exitCode = await runCli(process.argv.slice(2), actions, world)

async function run(config: string): Promise<number> {
  const snapshot = load(config)?.snapshot
  if (snapshot === undefined) return EXIT.configuration
  return serve(
    snapshot,
    openLog((code) => catalogue[code]),
  )
}

/** The gateway in front of a server with sample mail, both in this process. */
async function demo({ pop3Port, pop3sPort, directory }: DemoOptions): Promise<number> {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const certificates = await demoCertificates(directory)
  const mailbox = demoMailbox()
  const server = await startDemoServer({ mailbox, credentials: DEMO_CREDENTIALS, tls: certificates })
  const file = join(directory, 'postern.yaml')
  writeFileSync(
    file,
    demoConfiguration({
      pop3Port,
      pop3sPort,
      upstreamPort: server.ports.pop3s,
      trusted: resolve(certificates.caFile),
    }),
  )
  const logFile = join(directory, 'postern.log')
  const snapshot = load(file)?.snapshot
  if (snapshot === undefined) return EXIT.error
  const shown = (path: string): string => relative(world.workingDirectory, path) || path
  const code = await serve(
    snapshot,
    openLog((event) => catalogue[event], openSync(logFile, 'a', 0o600)),
    ({ certificateFile }) =>
      world.out(
        demoText({
          ...{ pop3Port, pop3sPort, credentials: DEMO_CREDENTIALS, mails: mailbox },
          ...{
            authorityFile: shown(certificateFile),
            configurationFile: shown(file),
            logFile: shown(logFile),
          },
        }),
      ),
  )
  await server.close()
  return code
}

interface Loaded {
  readonly settings: Settings
  readonly snapshot: Snapshot
}

/** What a file comes to, its warnings said; `undefined` when it has errors, and they were said. */
function load(file: string): Loaded | undefined {
  const loaded = loadSnapshot(file, world.workingDirectory)
  for (const problem of loaded.ok ? loaded.warnings : loaded.problems)
    world.err(`${formatProblem(problem)}\n`)
  if (loaded.ok) return loaded
  world.err(`postern: ${file} is not accepted; nothing was started\n`)
  return undefined
}

/** Leaves nothing behind: what it needs on disk, the key of the lock too, is thrown away. */
async function explainMessage({
  message,
  action: name,
  config,
}: ExplainRequest): Promise<Explanation | number> {
  const loaded = config === undefined ? predefined() : load(config)
  if (loaded === undefined) return EXIT.configuration
  const { settings, snapshot } = loaded
  const all = compileActions(settings)
  const action = all.get(name)
  if (action === undefined) {
    world.err(`postern: there is no proxy action "${name}"; there are ${[...all.keys()].join(', ')}\n`)
    return EXIT.usage
  }
  const directory = mkdtempSync(join(tmpdir(), 'postern-explain-'))
  const scanners = await openScanners(snapshot)
  try {
    return await explain(message, {
      ...{ action, scanners },
      services: { ...(await inspectServices(directory, snapshot)), ...lockerOf(snapshot) },
    })
  } finally {
    for (const scanner of scanners.values()) scanner.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** For the key that is there, so that `unlock` opens what `explain` wrote; nothing is made where there is none. */
function lockerOf({ dataDirectory }: Snapshot): { readonly locker?: Locker } {
  try {
    return { locker: lockerFor(readFileSync(join(dataDirectory, recipientName), 'utf8').trim()) }
  } catch {
    return {}
  }
}

/** Without a configuration there are the predefined proxy actions and the embedded scanner. */
function predefined(): Loaded {
  const settings: Settings = { version: 1, policies: [] }
  return { settings, snapshot: compile(settings, world.workingDirectory, 'none') }
}

/** Runs until a signal ends it. Resolves with the exit code. */
async function serve(
  snapshot: Snapshot,
  log: Log,
  started: (authority: OpenedAuthority) => void = () => {},
): Promise<number> {
  let authority: OpenedAuthority | undefined
  try {
    authority = await openTheAuthority(snapshot)
    const { created, certificateFile: certificate } = authority
    const fingerprint = new X509Certificate(authority.authority).fingerprint256
    if (created) log.record({ code: 'authority.created', certificate, fingerprint })
    const gateway = await startGateway(snapshot, await services(snapshot, authority, log))
    const { listeners } = gateway
    log.record({ code: 'gateway.started', version: world.version, listeners, configuration: snapshot.file })
    started(authority)
    log.record({ code: 'gateway.stopped', reason: await untilStopped(gateway) })
    return EXIT.ok
  } catch (error) {
    world.err(`postern: ${error instanceof Error ? error.message : String(error)}\n`)
    return EXIT.error
  } finally {
    authority?.close()
    await log.end()
  }
}

function openTheAuthority({ dataDirectory, certificates }: Snapshot): Promise<OpenedAuthority> {
  return openAuthority(certificates.proxyAuthority ?? { directory: dataDirectory })
}

async function services(snapshot: Snapshot, issuer: OpenedAuthority, events: Log): Promise<GatewayServices> {
  const { dataDirectory, certificates } = snapshot
  return {
    ...{ issuer, clock, events },
    trust: openTrust(trusted(certificates)),
    servers: certificates.proxyServer.map(({ certificate, key }) => ({
      chain: readFileSync(certificate, 'utf8'),
      key: readFileSync(key, 'utf8'),
    })),
    inspect: await inspectServices(dataDirectory, snapshot),
    scanners: await openScanners(snapshot),
    quarantine: openQuarantine(join(dataDirectory, 'quarantine')),
  }
}

async function inspectServices(
  directory: string,
  { delivery: { memory } }: Snapshot,
): Promise<InspectServices> {
  return {
    ...{ clock, sniffer, archives: openArchives() },
    spools: openSpools({ directory: join(directory, 'spool'), memory }),
    locker: await openLocker(directory),
  }
}

async function openScanners({ scanners: { embedded, clamav } }: Snapshot): Promise<Map<string, Scanner>> {
  const scanners = new Map<string, Scanner>([['embedded', await openEmbedded(embedded)]])
  if (clamav !== undefined) {
    const { address, ...bounds } = clamav
    scanners.set('clamav', openClamav({ address, bounds }))
  }
  return scanners
}

/** Texts with PEM certificates of all who are believed. */
function trusted({ trusted: { system, files } }: CertificateFiles): string[] {
  const own = files.map((file) => readFileSync(file, 'utf8'))
  return system ? [...getCACertificates('system'), ...own] : own
}

/** TERM and INT drain; a second one cuts what is left. Resolves with what asked for the end. */
function untilStopped(gateway: Gateway): Promise<string> {
  return new Promise((resolve) => {
    let draining = false
    for (const signal of ['SIGTERM', 'SIGINT'] as const)
      process.on(signal, () => {
        if (draining) return gateway.abort()
        draining = true
        gateway.drain(drainTime).then(
          () => resolve(signal),
          (error: unknown) => resolve(String(error)),
        )
      })
  })
}

function readVersion(): string {
  // The sources are one folder below package.json, the build two.
  for (const path of ['../package.json', '../../package.json']) {
    const manifest = readManifest(new URL(path, import.meta.url))
    if (manifest !== undefined) return manifest
  }
  return 'unknown'
}

function readManifest(url: URL): string | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(url, 'utf8'))
    if (typeof value !== 'object' || value === null || !('name' in value) || value.name !== 'postern')
      return undefined
    return 'version' in value && typeof value.version === 'string' ? value.version : undefined
  } catch {
    return undefined
  }
}
