/**
 * The capability list as the client gets it (RFC 2449 §5): what the server offers and Postern can
 * honour, and nothing else. A tag that is not in this file is hidden, because nobody knows whether its
 * commands and replies would be understood here.
 */
import { isRelayable } from './mechanisms.ts'

/** What decides about the list, besides the server's own. */
export interface Situation {
  /** STLS is there for this client now. */
  readonly stls: boolean
  /** No login before STLS. */
  readonly loginNeedsTls: boolean
  readonly topRefused: boolean
  readonly hideImplementation: boolean
}

/** RFC 2449 §6, RFC 3206 §4.3, RFC 6856 §2 and §3: tags that mean the same through a proxy. */
const passed: ReadonlySet<string> = new Set([
  ...['UIDL', 'RESP-CODES', 'AUTH-RESP-CODE', 'EXPIRE', 'LOGIN-DELAY', 'PIPELINING', 'UTF8', 'LANG'],
])

/** @param offered lines of the server, or `undefined` when it has no CAPA */
export function clientCapabilities(
  offered: readonly string[] | undefined,
  situation: Situation,
): readonly string[] {
  // RFC 1939 §7: a server without CAPA takes USER.
  const lines = offered ?? ['USER']
  const kept = lines.flatMap((line) => rewritten(line, situation) ?? [])
  return situation.stls ? [...kept, 'STLS'] : kept
}

/** RFC 2449 §6.8: whether commands may be sent before the replies to the ones before them. */
export function offersPipelining(lines: readonly string[]): boolean {
  return lines.some((line) => tagOf(line) === 'PIPELINING')
}

/** RFC 2595 §4: whether the server takes STLS. */
export function offersStls(lines: readonly string[]): boolean {
  return lines.some((line) => tagOf(line) === 'STLS')
}

function rewritten(line: string, situation: Situation): string | undefined {
  const tag = tagOf(line)
  // RFC 2449 §3: a capability line is printable ASCII.
  if (!/^[ -~]+$/.test(line)) return undefined
  if (passed.has(tag)) return line
  switch (tag) {
    case 'USER':
      // RFC 2595 §4: USER is not offered where it would be refused.
      return situation.loginNeedsTls ? undefined : line
    case 'SASL':
      return situation.loginNeedsTls ? undefined : mechanisms(line)
    case 'TOP':
      // RFC 2449 §6.1: the tag says that the TOP command is there; not where it works for headers only.
      return situation.topRefused ? undefined : line
    case 'IMPLEMENTATION':
      return situation.hideImplementation ? 'IMPLEMENTATION Postern' : line
    default:
      // STLS among them: it is offered for the client's own leg, whatever the server's leg does.
      return undefined
  }
}

/** RFC 2449 §6.3: the mechanisms that can be relayed; no line when none is left. */
function mechanisms(line: string): string | undefined {
  const names = line.split(' ').slice(1).filter(isRelayable)
  return names.length === 0 ? undefined : `SASL ${names.join(' ')}`
}

/** RFC 2449 §5: tags are case-insensitive. */
function tagOf(line: string): string {
  return (line.split(' ')[0] ?? '').toUpperCase()
}
