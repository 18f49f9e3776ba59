/** What Postern makes of a mail, as plain data that is the same at every run. */
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import {
  compileActions,
  formatProblem,
  loadConfiguration,
  type ProxyAction,
} from '../../../src/config/index.ts'
import { explain } from '../../../src/gateway/index.ts'
import type { Explanation, Locker } from '../../../src/ports.ts'
import { embedded, services } from '../../support/inspection.ts'
import type { ActionOverrides, MailCase } from './builders.ts'

export const folder = fileURLToPath(new URL('.', import.meta.url))

/** Real age files differ at every run. This one is made of the hash of what it locks. */
const locker: Locker = {
  recipient: 'none',
  lock: (plain) => Promise.resolve(Buffer.from(`locked: ${digest(plain)}`)),
  lockStream: async function* (plain) {
    const hash = createHash('sha256')
    for await (const piece of plain) hash.update(piece)
    yield Buffer.from(`locked: ${hash.digest('hex')}`)
  },
}
const clock = { now: () => Date.UTC(2026, 10, 2, 9, 30), monotonic: () => performance.now() }
const scanners = new Map([['embedded', embedded]])

export async function explained({ message, action }: MailCase): Promise<Explanation> {
  return explain(message, {
    ...{ action: actionOf(action), scanners },
    services: { ...services, locker, clock },
  })
}

function actionOf(overrides: ActionOverrides = {}): ProxyAction {
  const configuration = {
    version: 1,
    policies: [{ name: 'Mail', upstream: 'mail.example', action: 'Golden' }],
    proxyActions: [{ ...overrides, name: 'Golden', basedOn: overrides.basedOn ?? 'POP3-Client.Standard' }],
    ...(overrides.basedOn?.startsWith('POP3-Server')
      ? { certificates: { proxyServer: [{ certificate: 'c.pem', key: 'k.pem' }] } }
      : {}),
  }
  const loading = loadConfiguration(JSON.stringify(configuration), 'golden.yaml', '/')
  if (!loading.ok) throw new Error(loading.problems.map(formatProblem).join('\n'))
  const action = compileActions(loading.settings).get('Golden')
  if (action === undefined) throw new Error('the action is not there')
  return action
}

/** What stands in `NAME.golden.json`. */
export function golden(explanation: Explanation): unknown {
  const { size, sha256, parts, findings, outcome, decidedBy, changes, quarantine, refusal } = explanation
  const { original, delivered } = explanation
  const about = (kind: string) =>
    findings
      .filter((each) => each.kind === kind)
      .map(({ subject, what, evidence }) => `${subject}: ${what}${evidence === '' ? '' : `, ${evidence}`}`)
  const value = {
    ...{ size, sha256, parts },
    ...{ ambiguities: about('ambiguous'), limits: about('limit-exceeded'), scans: about('scan') },
    signatures: about('signature'),
    decision: { outcome, decidedBy, changes, quarantine, refusal },
    delivered:
      delivered === undefined
        ? null
        : {
            changed: Buffer.compare(original, delivered) !== 0,
            ...{ size: delivered.length, sha256: digest(delivered) },
          },
  }
  return JSON.parse(JSON.stringify(value))
}

function digest(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex')
}
