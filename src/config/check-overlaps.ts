/**
 * Checks of the policies against each other: sockets that cannot both be opened, policies that no
 * connection reaches, and upstreams that lead back to Postern. There may be thousands of policies, so
 * each is compared with those that share a port only.
 */
import { isEverything } from './addresses.ts'
import { formatEndpoint, type PlannedPolicy } from './plan.ts'
import { error, type Remark, warning } from './problems.ts'
import type { Endpoint, Upstream } from './snapshot.ts'

/** An endpoint with the position of its policy. */
interface Opened {
  readonly index: number
  readonly endpoint: Endpoint
}

export function checkOverlaps(plans: readonly PlannedPolicy[]): Remark[] {
  const opened = [...plans.entries()].flatMap(([index, { enabled, endpoints }]) =>
    enabled ? endpoints.map((endpoint) => ({ index, endpoint })) : [],
  )
  const byPort = Map.groupBy(opened, ({ endpoint }) => endpoint.port)
  const takers = takersOf(plans, opened)
  return [...plans.entries()]
    .filter(([, { enabled }]) => enabled)
    .flatMap(([index, planned]) => [
      ...checkSockets(planned, index, byPort),
      ...checkReach(plans, index, takers),
      ...checkCircle(planned, index, byPort),
    ])
}

/** Whether both cannot be opened as two sockets: same port, and same address or one that takes all of the family. */
export function overlap(a: Endpoint, b: Endpoint): boolean {
  if (a.port !== b.port) return false
  if (a.address === b.address) return true
  if (a.address.includes(':') !== b.address.includes(':')) return false
  return isWildcard(a.address) || isWildcard(b.address)
}

type ByPort = ReadonlyMap<number, readonly Opened[]>

/** One remark for each policy before this one whose sockets are in the way. */
function checkSockets(planned: PlannedPolicy, index: number, byPort: ByPort): Remark[] {
  const clashes = new Map<number, readonly [Endpoint, Endpoint]>()
  for (const mine of planned.endpoints)
    for (const { index: other, endpoint: theirs } of byPort.get(mine.port) ?? []) {
      if (other >= index) break
      if (!clashes.has(other) && overlap(mine, theirs) && !isSame(mine, theirs))
        clashes.set(other, [mine, theirs])
    }
  return [...clashes].map(([other, [mine, theirs]]) => {
    const reason =
      mine.address === theirs.address
        ? `as ${theirs.protocol}: one port cannot be both`
        : `as ${formatEndpoint(theirs)}: use the same address in both and tell them apart by "to"`
    return error(
      ['policies', index, 'listen'],
      `${formatEndpoint(mine)} is opened by policies[${other}] already, ${reason}`,
    )
  })
}

/** For each socket the first policy that takes everything which comes to it. */
function takersOf(plans: readonly PlannedPolicy[], opened: readonly Opened[]): ReadonlyMap<string, number> {
  const takers = new Map<string, number>()
  for (const { index, endpoint } of opened) {
    const takesAll = plans[index]?.from.some(isEverything) && plans[index].to.some(isEverything)
    if (takesAll && !takers.has(idOf(endpoint))) takers.set(idOf(endpoint), index)
  }
  return takers
}

function checkReach(
  plans: readonly PlannedPolicy[],
  index: number,
  takers: ReadonlyMap<string, number>,
): Remark[] {
  const covering = (plans[index]?.endpoints ?? []).map((endpoint) => takers.get(idOf(endpoint)))
  const [first] = covering
  if (first === undefined || !covering.every((other) => other !== undefined && other < index)) return []
  return [
    warning(
      ['policies', index],
      `this policy is never reached: policies[${first}] (${JSON.stringify(plans[first]?.name)}) before it takes every connection to the same ports`,
    ),
  ]
}

function checkCircle(planned: PlannedPolicy, index: number, byPort: ByPort): Remark[] {
  const { upstream, connections } = planned
  if (upstream === undefined || connections !== 'allow') return []
  const own = [upstream.ports.pop3, upstream.ports.pop3s]
    .flatMap((port) => byPort.get(port) ?? [])
    .find(({ endpoint }) => leadsBack(upstream, endpoint))
  if (own === undefined) return []
  return [
    error(
      ['policies', index, 'upstream'],
      `leads back to Postern itself, which listens on ${formatEndpoint(own.endpoint)}: connections would run in a circle`,
    ),
  ]
}

/** Only what is certain: this machine by its loopback names, or the very address that is listened on. */
function leadsBack({ host }: Upstream, { address }: Endpoint): boolean {
  if (host === address) return true
  if (host === 'localhost') return isWildcard(address) || /^(127\.0\.0\.1|::1)$/.test(address)
  return address === '::' ? host === '::1' : address === '0.0.0.0' && /^127\.\d+\.\d+\.\d+$/.test(host)
}

function isSame(a: Endpoint, b: Endpoint): boolean {
  return a.address === b.address && a.port === b.port && a.protocol === b.protocol
}

function idOf({ address, port, protocol }: Endpoint): string {
  return `${protocol} ${address} ${port}`
}

function isWildcard(address: string): boolean {
  return address === '0.0.0.0' || address === '::'
}
