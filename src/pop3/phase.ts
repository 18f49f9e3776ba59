/** Where a session is. Each member holds only what is true there. */
import type { BodyReader } from '../bytes/index.ts'
import type { Ending, Examined, MessageDecision } from './door.ts'
import type { ReplyShape, Verb } from './verbs.ts'

/** Why a session ends. */
export type Cause = Pick<Ending, 'by' | 'reason'>

export type Phase<F extends Examined, C> =
  | { readonly at: 'new' }
  | { readonly at: 'connecting' }
  /** The server owes its greeting. */
  | { readonly at: 'greeting' }
  /** STLS towards the server: asked for, or its handshake under way; and what follows. */
  | {
      readonly at: 'securing'
      readonly step: 'asked' | 'handshake'
      readonly next: { readonly kind: 'welcome'; readonly greeting: Uint8Array } | { readonly kind: 'client' }
    }
  /** The client's implicit TLS comes up; then it gets the greeting. */
  | { readonly at: 'welcoming'; readonly greeting: Uint8Array }
  /** The client's implicit TLS comes up, only for this reply. */
  | { readonly at: 'refusing'; readonly reply: Uint8Array; readonly cause: Cause }
  | { readonly at: 'authorization' }
  /** The client's own STLS comes up. */
  | { readonly at: 'upgrading' }
  /** A SASL exchange; `turn`: who speaks next. */
  | {
      readonly at: 'authenticating'
      readonly mechanism: string
      readonly turn: 'client' | 'server'
      /** Answers the client has given. */
      readonly step: number
    }
  | { readonly at: 'transaction' }
  /** A message comes from the server. */
  | { readonly at: 'arriving'; readonly message: Message; readonly body: BodyReader }
  /** The rest of a message that was answered already. */
  | { readonly at: 'discarding'; readonly body: BodyReader }
  | { readonly at: 'judging'; readonly message: Message }
  | {
      readonly at: 'quarantining'
      readonly message: Message
      readonly findings: F
      readonly decision: MessageDecision<C>
    }
  | { readonly at: 'relaying'; readonly message: Message; readonly relays: Relays }
  | { readonly at: 'ended' }

/** What is on its way to the client: the message, changed or not, or only a notice about it. */
export type Relays =
  | { readonly kind: 'message'; readonly size: number; readonly sha256: string }
  | { readonly kind: 'notice' }

/** The mail that is under way. */
export interface Message {
  readonly id: number
  readonly number: number
  readonly command: 'RETR' | 'TOP'
  /** Lines of the body that TOP asked for. */
  readonly lines: number | undefined
  readonly uidl: string | undefined
  /** `sent`: the client got the status line and waiting lines. */
  readonly status: 'owed' | 'sent'
  /** How often the client was told to wait. */
  readonly waits: number
}

/** One thing the client is owed, in the order in which it is owed. */
export type Outstanding =
  | {
      readonly kind: 'sent'
      readonly verb: Verb | 'OTHER'
      readonly reply: ReplyShape
      /** Nothing is taken from the client behind it. */
      readonly last: boolean
      readonly numbers: readonly number[]
      readonly progress: Progress
    }
  /** A reply of Postern's own that waits for the ones before it. */
  | { readonly kind: 'own'; readonly reply: Uint8Array }

export type Sent = Extract<Outstanding, { kind: 'sent' }>

/** How much of a reply of the server was read. */
export type Progress =
  | { readonly at: 'status' }
  /** Passed on as it comes. */
  | { readonly at: 'listing'; readonly lines: number }
  /** Held until it is whole. */
  | { readonly at: 'capabilities'; readonly lines: readonly string[] }

/** The message that is under way, if there is one. */
export function messageOf<F extends Examined, C>(phase: Phase<F, C>): Message | undefined {
  return 'message' in phase ? phase.message : undefined
}
