/** Sound settings to a Snapshot: defaults filled in, chains resolved, texts read, everything frozen. */
import { wildcard } from '../bytes/index.ts'
import type { TlsProfile } from '../tls/index.ts'
import { matcher } from './addresses.ts'
import { compileContent } from './compile-content.ts'
import { type Resolved, resolveActions, resolveProfiles } from './inherit.ts'
import { plan, toList } from './plan.ts'
import type { WholeAction, WholeProfile } from './predefined.ts'
import { defaults, type PolicySettings, type Settings } from './schema.ts'
import { clamavDefaults } from './schema-scanners.ts'
import type {
  CertificateFiles,
  CertificatePair,
  Policy,
  ProxyAction,
  Scanners,
  Snapshot,
} from './snapshot.ts'
import { parseDuration, parseSize, validated } from './values.ts'

/**
 * @param settings as `readConfiguration` gave them
 * @param baseDirectory absolute path of the folder that relative paths start from
 * @param file the file they came from, for messages
 * @throws TypeError for settings that `readConfiguration` would have refused
 */
export function compile(settings: Settings, baseDirectory: string, file: string): Snapshot {
  const absolute = (path: string): string => resolvePath(baseDirectory, path)
  const scanners = buildScanners(settings, absolute)
  const built = compileActions(settings)
  const timeouts = { ...defaults.timeouts, ...settings.timeouts }
  const delivery = { ...defaults.delivery, ...settings.delivery }
  return deepFreeze({
    file,
    dataDirectory: absolute(settings.dataDirectory ?? defaults.dataDirectory),
    policies: settings.policies
      .filter(({ enabled }) => enabled ?? defaults.enabled)
      .map((policy) => buildPolicy(policy, built)),
    certificates: buildCertificates(settings, absolute),
    scanners,
    limits: { ...defaults.limits, ...settings.limits },
    timeouts: {
      connect: validated(parseDuration(timeouts.connect)),
      handshake: validated(parseDuration(timeouts.handshake)),
      firstCommand: validated(parseDuration(timeouts.firstCommand)),
      writeStall: validated(parseDuration(timeouts.writeStall)),
    },
    delivery: {
      keepalive: validated(parseDuration(delivery.keepalive)),
      memory: validated(parseSize(delivery.memory)),
    },
  })
}

/**
 * Every proxy action by its name: those of the settings and the predefined ones, used or not.
 *
 * @throws TypeError for settings that `readConfiguration` would have refused
 */
export function compileActions(settings: Settings): ReadonlyMap<string, ProxyAction> {
  const profiles = resolveProfiles(settings)
  const scanners = scannerNames(settings.scanners?.clamav !== undefined)
  return new Map(
    [...resolveActions(settings).whole].map(([name, whole]) => [
      name,
      deepFreeze(buildAction(name, whole, profiles, scanners)),
    ]),
  )
}

/** Joins and tidies paths as POSIX has them, without asking the file system. */
export function resolvePath(baseDirectory: string, path: string): string {
  const whole = path.startsWith('/') ? path : `${baseDirectory}/${path}`
  const steps: string[] = []
  for (const step of whole.split('/')) {
    if (step === '..') steps.pop()
    else if (step !== '' && step !== '.') steps.push(step)
  }
  return `/${steps.join('/')}`
}

function buildPolicy(settings: PolicySettings, actions: ReadonlyMap<string, ProxyAction>): Policy {
  const { name, connections, from, to, tlsSupport, stls, endpoints, idleTimeout, ...planned } = plan(settings)
  const base = {
    name,
    matchesFrom: matcher(from),
    matchesTo: matcher(to),
    action: found(actions, planned.action),
    tlsSupport,
    stls,
    endpoints,
    idleTimeout,
  }
  if (connections !== 'allow') return { ...base, connections, upstream: undefined }
  if (planned.upstream === undefined) throw new TypeError(`policy ${name} has no upstream`)
  return { ...base, connections, upstream: planned.upstream }
}

function buildAction(
  name: string,
  whole: WholeAction,
  profiles: Resolved<WholeProfile>,
  scanners: readonly string[],
): ProxyAction {
  const profile: TlsProfile = { name: whole.tls.profile, ...found(profiles.whole, whole.tls.profile) }
  return {
    name,
    kind: whole.kind,
    general: whole.general,
    content: compileContent(whole.content, scanners),
    tls: {
      action: whole.tls.action,
      profile,
      rules: whole.tls.rules.map((rule) => ({
        name: rule.name ?? rule.match,
        matches: wildcard(rule.match),
        action: rule.action,
      })),
    },
  }
}

function buildScanners(settings: Settings, absolute: (path: string) => string): Scanners {
  const { embedded = {}, clamav } = settings.scanners ?? {}
  const { address, ...given } = { address: '', ...clamav }
  const { scanLimit, connections, connectTimeout, queueTimeout, scanTimeout } = {
    ...clamavDefaults,
    ...given,
  }
  return {
    embedded: {
      hashes: (embedded.hashes ?? []).map(absolute),
      yara: (embedded.yara ?? []).map(absolute),
    },
    clamav:
      clamav === undefined
        ? undefined
        : {
            address,
            scanLimit: validated(parseSize(scanLimit)),
            connections,
            connectTimeout: validated(parseDuration(connectTimeout)),
            queueTimeout: validated(parseDuration(queueTimeout)),
            scanTimeout: validated(parseDuration(scanTimeout)),
          },
  }
}

function scannerNames(clamav: boolean): readonly string[] {
  return clamav ? ['embedded', 'clamav'] : ['embedded']
}

function buildCertificates(settings: Settings, absolute: (path: string) => string): CertificateFiles {
  const { proxyAuthority, proxyServer = [], trusted = defaults.trusted } = settings.certificates ?? {}
  const pair = ({ certificate, key }: CertificatePair): CertificatePair => ({
    certificate: absolute(certificate),
    key: absolute(key),
  })
  const list = toList(trusted)
  return {
    proxyAuthority: proxyAuthority === undefined ? undefined : pair(proxyAuthority),
    proxyServer: proxyServer.map(pair),
    trusted: {
      system: list.includes('system'),
      files: list.filter((entry) => entry !== 'system').map(absolute),
    },
  }
}

function found<T>(map: ReadonlyMap<string, T>, name: string): T {
  const value = map.get(name)
  if (value === undefined) throw new TypeError(`configuration was not validated: nothing is called ${name}`)
  return value
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) deepFreeze(inner)
  }
  return value
}
