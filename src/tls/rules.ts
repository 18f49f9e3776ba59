/** Which TLS action a Proxy Action takes on a connection, by the server name the client asked for. */
import type { TlsAction, TlsRuleset } from './types.ts'

/** The action, and the name of the rule that decided; `undefined` when none did. */
export interface TlsDecision {
  readonly action: TlsAction
  readonly rule: string | undefined
}

/**
 * First match wins; without a match the ruleset's own action. A client that sent no server name is
 * matched as the empty name: `*` takes it, a pattern with letters does not.
 */
export function decideTls(ruleset: TlsRuleset, serverName: string | undefined): TlsDecision {
  const rule = ruleset.rules.find(({ matches }) => matches(serverName ?? ''))
  return rule === undefined
    ? { action: ruleset.action, rule: undefined }
    : { action: rule.action, rule: rule.name }
}
