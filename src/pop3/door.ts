/**
 * The one door between the core and the rim (docs/architecture.md). The rim tells a Session what
 * happened (Input); the Session says what is to be done (Effect). Nothing here waits: whatever does
 * leaves as an Effect and comes back as an Input. `F` is what an examination found, `C` is what is to
 * be delivered in place of the message as it came; the core looks into neither.
 */
import type { SessionRecord } from '../events/index.ts'

/** The two ends of a session. */
export type LegName = 'client' | 'server'

/** Whose fault something is. */
export type Blame = 'client' | 'server' | 'scanner' | 'configuration' | 'postern'

/** Why something could not be done. Expected failures are values. */
export interface Failure {
  readonly blame: Blame
  /** For the client: one line of printable ASCII, at most 400 characters, that does not begin with "[". */
  readonly text: string
  /** `true`: trying again will not help, `-ERR [SYS/PERM]`; else `-ERR [SYS/TEMP]` (RFC 3206 §4). */
  readonly permanent: boolean
}

/** What every examination tells of its message, whatever else it found. */
export interface Examined {
  /** Octets of the message as it came, un-stuffed. */
  readonly size: number
  /** Of the same octets, lower-case hex. */
  readonly sha256: string
}

/** What has left for the client, told when it is through. */
export interface Relayed {
  /** Octets before dot-stuffing. */
  readonly octets: number
  /** Since the first octet of the message came. */
  readonly milliseconds: number
  /** Bare CR and LF that became CRLF. */
  readonly lineEndsRepaired: number
}

/** A timer has one setting at a time; setting it again replaces that. */
export type TimerName = 'firstCommand' | 'idle' | 'reply' | 'keepalive'

export type Input<F extends Examined> =
  /** The first input, and only the first: a client is there. With implicit TLS its hello was read, not answered. */
  | { readonly kind: 'start' }
  /** Valid until `handle` returns: what is kept must be copied. Never comes for a leg that is paused. */
  | { readonly kind: 'bytes'; readonly leg: LegName; readonly bytes: Uint8Array }
  /** The peer sends nothing more, or is gone. Comes once for each leg, unless `close` was asked for it before. */
  | { readonly kind: 'closed'; readonly leg: LegName }
  /** Answers `connect`: the server is there; with implicit TLS, in TLS and verified. */
  | { readonly kind: 'connected' }
  /** Answers `startTls`: bytes of that leg are now those inside TLS; a server is verified. */
  | { readonly kind: 'tlsUp'; readonly leg: LegName }
  /** Answers `finish`. */
  | { readonly kind: 'findings'; readonly id: number; readonly findings: F }
  /** Answers `quarantine`: the copy is safe on disk. */
  | { readonly kind: 'quarantined'; readonly id: number }
  /** Answers `relay`: the last octet, the final dot's, was handed to the system. */
  | { readonly kind: 'relayed'; readonly id: number; readonly relayed: Relayed }
  | { readonly kind: 'timer'; readonly timer: TimerName }
  /** Answers `connect`, or `startTls` of the server's leg. A client's failed handshake is `closed`. */
  | { readonly kind: 'failed'; readonly effect: 'connect' | 'startTls'; readonly failure: Failure }
  /**
   * Answers `begin`, `examine`, `finish`, `quarantine` or `relay`: that message cannot be judged or handed
   * on. After it nothing more is asked for this id. Where `relay` failed, nothing had been sent for it.
   */
  | {
      readonly kind: 'failed'
      readonly effect: 'examine' | 'quarantine' | 'relay'
      readonly id: number
      readonly failure: Failure
    }
  /** Postern is going: end between two replies. */
  | { readonly kind: 'drain' }

export type Effect<C> =
  /** Connect to the server of the policy; where `serverTls` is implicit, with TLS, and verify it. */
  | { readonly kind: 'connect' }
  /**
   * Start TLS on a leg, as server towards the client, as client towards the server. For `refuse` any
   * certificate that the client may believe will do: it is only told why it is turned away.
   */
  | { readonly kind: 'startTls'; readonly leg: LegName; readonly purpose: 'serve' | 'refuse' }
  /** Belongs to the rim from now on. */
  | { readonly kind: 'send'; readonly leg: LegName; readonly bytes: Uint8Array }
  /** A message begins: all of it, or (TOP n 0) only its headers. Ids grow. */
  | { readonly kind: 'begin'; readonly id: number; readonly scope: 'message' | 'headers' }
  /** Un-stuffed octets, in order; valid until the rim returns to the loop: what is kept must be copied. */
  | { readonly kind: 'examine'; readonly id: number; readonly chunk: Uint8Array }
  /** The message is whole. */
  | { readonly kind: 'finish'; readonly id: number }
  /** The message will not be delivered; everything kept for it may go. Nothing answers this. */
  | { readonly kind: 'abandon'; readonly id: number }
  /** Keep a copy of the message as it came. `content`: what will be delivered, where something will. */
  | { readonly kind: 'quarantine'; readonly id: number; readonly content: C | undefined }
  /**
   * Send the message: the status line unless it has gone already, the content dot-stuffed and with
   * canonical line ends, the final dot. `content` absent: the message as it came.
   */
  | {
      readonly kind: 'relay'
      readonly id: number
      readonly content: C | undefined
      readonly status: 'send' | 'sent'
      /** TOP: so many lines of the body, and no more. */
      readonly lines: number | undefined
    }
  | { readonly kind: 'record'; readonly record: SessionRecord }
  /** No more `bytes` of that leg until `resume`. */
  | { readonly kind: 'pause'; readonly leg: LegName }
  | { readonly kind: 'resume'; readonly leg: LegName }
  | { readonly kind: 'setTimer'; readonly timer: TimerName; readonly milliseconds: number }
  | { readonly kind: 'clearTimer'; readonly timer: TimerName }
  /** `flush`: what was sent still leaves, then FIN. `abort`: at once. Nothing more comes from that leg. */
  | { readonly kind: 'close'; readonly leg: LegName; readonly how: 'flush' | 'abort' }
  /** Put the client's address on the list of blocked sources. */
  | { readonly kind: 'block' }
  /** The last effect of a session; both legs were closed, all timers are void. */
  | { readonly kind: 'end'; readonly ending: Ending }

/** How a session ended, as far as the core knows. */
export interface Ending {
  readonly by: Blame
  readonly reason: string
  readonly user: string | undefined
  /** Delivered, also those that were changed. */
  readonly messages: number
}

/** What is done with a judged message. */
export type MessageDecision<C> = {
  /** A copy must be safe before any octet of the answer leaves. */
  readonly quarantine: boolean
  /** Recorded before anything is sent. */
  readonly records: readonly SessionRecord[]
} & (
  | {
      readonly outcome: 'deliver'
      /** Absent: the message as it came. */
      readonly content: C | undefined
    }
  /** The client is refused; where the status line has gone already, it gets `notice` as the message. */
  | { readonly outcome: 'refuse'; readonly failure: Failure; readonly notice: C }
  /** The session is cut, without QUIT to the server; `block` also blocks the client's address. */
  | { readonly outcome: 'drop' | 'block'; readonly reason: string; readonly notice: C }
)

export interface SessionOptions<F extends Examined, C> {
  /** `implicit`: the client waits for the answer to its ClientHello. */
  readonly clientTls: 'none' | 'implicit'
  /** `mirror`: in clear, and by STLS once the client has asked for STLS. */
  readonly serverTls: 'none' | 'stls' | 'implicit' | 'mirror'
  /** STLS for the client. `required`: no login, and no offer of one, before it. */
  readonly stls: 'offered' | 'required' | 'off'
  readonly hideServerReplies: boolean
  readonly top: 'judge' | 'refuse'
  /** Set: the client is turned away with this in place of a greeting, and no server is asked. */
  readonly refusal: Failure | undefined
  /** Milliseconds. `reply`: longest silence of a server that owes an answer. */
  readonly timeouts: {
    readonly firstCommand: number
    readonly idle: number
    readonly reply: number
    readonly keepalive: number
  }
  /** What is done with a message, by what was found. `number` is the one of RETR or TOP. */
  readonly decideMessage: (findings: F, message: MessageContext) => MessageDecision<C>
}

export interface MessageContext {
  readonly number: number
  readonly command: 'RETR' | 'TOP'
  /** When a UIDL of this session told it. */
  readonly uidl: string | undefined
  readonly user: string | undefined
}

/** One client connection and its upstream connection. Total: it never throws, whatever the input. */
export interface Session<F extends Examined, C> {
  /** Appends what is to be done to `out`, in order. After `end` every input is ignored. */
  handle(input: Input<F>, out: Effect<C>[]): void
}
