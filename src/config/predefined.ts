/**
 * The proxy actions and TLS profiles that are always there. They cannot be changed, only cloned with
 * `basedOn`. The bare names keep what the Firebox did, for people who migrate; the `.Standard` ones
 * are what we recommend. One departure: the floor is TLS 1.2, as the Firebox itself has raised it.
 */
import type { TlsProfile } from '../tls/index.ts'
import { fireboxContent, standardContent, type WholeContent } from './predefined-content.ts'
import type { ProxyActionSettings } from './schema.ts'

/** A proxy action whose every setting is known. */
export interface WholeAction {
  readonly kind: 'client' | 'server'
  readonly tls: {
    readonly action: TlsAction
    readonly profile: string
    readonly rules: readonly TlsRule[]
  }
  readonly general: { readonly hideServerReplies: boolean; readonly top: 'judge' | 'refuse' }
  readonly content: WholeContent
}

type TlsSettings = NonNullable<ProxyActionSettings['tls']>
type TlsAction = NonNullable<TlsSettings['action']>
type TlsRule = NonNullable<TlsSettings['rules']>[number]

/** A TLS profile whose every setting is known. */
export type WholeProfile = Omit<TlsProfile, 'name'>

export const predefinedActions: ReadonlyMap<string, WholeAction> = new Map([
  ['POP3-Client', action('client', 'allow', fireboxContent)],
  ['POP3-Server', action('server', 'allow', fireboxContent)],
  ['POP3-Client.Standard', action('client', 'inspect', standardContent)],
  ['POP3-Server.Standard', action('server', 'inspect', standardContent)],
])

const standardProfile: WholeProfile = {
  minimumVersion: '1.2',
  maximumVersion: '1.3',
  pfsCiphers: 'allowed',
}

export const predefinedProfiles: ReadonlyMap<string, WholeProfile> = new Map([
  ['TLS-Client.Standard', standardProfile],
  ['TLS-Server.Standard', standardProfile],
])

/** What a proxy action builds on when it does not say so. */
export function usualActionBase(kind: 'client' | 'server' | undefined): string {
  return kind === 'server' ? 'POP3-Server.Standard' : 'POP3-Client.Standard'
}

export const usualProfileBase = 'TLS-Client.Standard'

function action(kind: 'client' | 'server', tlsAction: TlsAction, content: WholeContent): WholeAction {
  return {
    kind,
    tls: {
      action: tlsAction,
      profile: kind === 'client' ? 'TLS-Client.Standard' : 'TLS-Server.Standard',
      rules: [],
    },
    general: { hideServerReplies: true, top: 'judge' },
    content,
  }
}
