/** Checks of each policy by itself, and of what it leads to. */
import { checkOverlaps, overlap } from './check-overlaps.ts'
import { orKnown, type Resolved } from './inherit.ts'
import { formatEndpoint, type PlannedPolicy, plan, toList } from './plan.ts'
import type { WholeAction } from './predefined.ts'
import { error, type Path, type Remark, warning } from './problems.ts'
import type { PolicySettings, Settings } from './schema.ts'
import { oddPort } from './upstream.ts'

/** RFC 1939 §3: an inactivity autologout timer MUST be of at least ten minutes. */
const leastIdle = 600_000

export function checkPolicies(settings: Settings, actions: Resolved<WholeAction>): Remark[] {
  const plans = settings.policies.map(plan)
  const remarks: Remark[] = settings.policies.flatMap((policy, index) => {
    const planned = plans[index]
    if (planned === undefined) return []
    const path: Path = ['policies', index]
    return [
      ...checkTls(policy, planned, path),
      ...checkPorts(policy, planned, path),
      ...checkPeers(policy, path),
      ...checkUpstream(policy, planned, path),
      ...checkAction(settings, planned, path, actions),
    ]
  })
  remarks.push(...checkOverlaps(plans))
  if (plans.length > 0 && plans.every(({ enabled }) => !enabled))
    remarks.push(error(['policies'], 'every policy is disabled: nothing would listen', 'key'))
  return remarks
}

function checkTls(policy: PolicySettings, planned: PlannedPolicy, path: Path): Remark[] {
  if (policy.stls === undefined || policy.stls === 'off' || planned.tlsSupport === 'enabled') return []
  const reason =
    planned.tlsSupport === 'disabled'
      ? 'tlsSupport is "disabled", so no TLS is spoken'
      : 'tlsSupport is "required", so the pop3 port is not open'
  return [error([...path, 'stls'], `"${policy.stls}" cannot be: ${reason}; leave stls out, or write "off"`)]
}

function checkPorts(policy: PolicySettings, planned: PlannedPolicy, path: Path): Remark[] {
  const remarks: Remark[] = []
  const idle = planned.idleTimeout
  if (idle < leastIdle && planned.connections === 'allow')
    remarks.push(
      warning(
        [...path, 'idleTimeout'],
        `"${policy.idleTimeout}" is less than the ten minutes that RFC 1939 §3 promises to clients`,
      ),
    )
  for (const [closed, when] of [
    ['pop3', 'required'],
    ['pop3s', 'disabled'],
  ] as const)
    if (planned.tlsSupport === when && policy.ports?.[closed] !== undefined)
      remarks.push(
        warning([...path, 'ports', closed], `has no effect: tlsSupport "${when}" leaves this port closed`),
      )
  const clash = planned.endpoints.flatMap((endpoint, index) =>
    planned.endpoints
      .slice(0, index)
      .filter((other) => overlap(endpoint, other))
      .map((other) => [other, endpoint] as const),
  )[0]
  if (clash !== undefined) {
    const [first, second] = clash
    const same = first.address === second.address && first.protocol !== second.protocol
    remarks.push(
      same
        ? error([...path, 'ports'], `pop3 and pop3s cannot share port ${first.port}`)
        : error(
            [...path, 'listen'],
            `${formatEndpoint(second)} is taken already by ${formatEndpoint(first)}: keep one`,
          ),
    )
  }
  return remarks
}

function checkPeers(policy: PolicySettings, path: Path): Remark[] {
  return (['from', 'to'] as const).flatMap((setting) => {
    const list = toList(policy[setting] ?? 'any')
    if (list.length < 2 || !list.includes('any')) return []
    return [warning([...path, setting], '"any" makes the other entries of this list useless')]
  })
}

function checkUpstream(policy: PolicySettings, planned: PlannedPolicy, path: Path): Remark[] {
  if (planned.connections !== 'allow')
    return (['action', 'stls', 'upstream', 'idleTimeout'] as const)
      .filter((setting) => policy[setting] !== undefined)
      .map((setting) =>
        warning([...path, setting], `has no effect: connections is "${planned.connections}"`, 'key'),
      )
  const { upstream } = planned
  if (upstream === undefined)
    return [
      error(
        [...path, 'upstream'],
        'is missing: name the server to connect to, such as "upstream: pop3s://mail.example.net"',
      ),
    ]
  const odd = oddPort(upstream)
  return odd === undefined ? [] : [warning([...path, 'upstream'], odd)]
}

function checkAction(
  settings: Settings,
  planned: PlannedPolicy,
  path: Path,
  actions: Resolved<WholeAction>,
): Remark[] {
  const name = planned.action
  const at: Path = [...path, 'action']
  if (!actions.names.includes(name))
    return [error(at, `no proxy action is called ${JSON.stringify(name)}${orKnown(name, actions.names)}`)]
  const action = actions.whole.get(name)
  if (action === undefined || planned.connections !== 'allow' || !planned.enabled) return []
  const remarks: Remark[] = []
  const usual = usualTlsAction(action)
  if (planned.tlsSupport === 'disabled' && usual === 'inspect')
    remarks.push(
      warning(
        [...path, 'tlsSupport'],
        `"disabled" leaves the TLS action "inspect" of ${name} nothing to open: passwords and mail pass in clear`,
      ),
    )
  if (planned.tlsSupport !== 'disabled' && usual === 'allow')
    remarks.push(
      warning(
        at,
        `the TLS action of ${name} is "allow": mail on the pop3s port would pass unseen; for inspection choose a proxy action with "inspect"`,
      ),
    )
  const { upstream } = planned
  const relays = usual === 'allow' || action.tls.rules.some((rule) => rule.action === 'allow')
  if (planned.tlsSupport !== 'disabled' && relays && (upstream?.tls === 'none' || upstream?.tls === 'stls'))
    remarks.push(
      warning(
        [...path, 'upstream'],
        `TLS that ${name} relays unopened ("allow") cannot go there, for this server starts in clear: write pop3s:// or a bare host`,
      ),
    )
  const opens = action.tls.action === 'inspect' || action.tls.rules.some((rule) => rule.action === 'inspect')
  if (
    action.kind === 'server' &&
    planned.tlsSupport !== 'disabled' &&
    (opens || planned.stls !== 'off') &&
    settings.certificates?.proxyServer === undefined
  )
    remarks.push({
      ...error(
        at,
        `${name} is of kind "server" and shows clients your own certificate, but there is none: set certificates.proxyServer`,
      ),
      restsOn: ['certificates', 'proxyServer'],
    })
  return remarks
}

/** What becomes of a server name that nobody thought of. */
function usualTlsAction(action: WholeAction): WholeAction['tls']['action'] {
  return action.tls.rules.find(({ match }) => /^\*+$/.test(match))?.action ?? action.tls.action
}
