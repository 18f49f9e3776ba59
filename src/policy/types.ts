/**
 * What policy is told of a message (facts), what it judges by (the compiled content rules of a Proxy
 * Action), and what it answers (the Decision). Types only.
 */
import type { Action, ErrorAction, FaultAction, HeaderAction, PartAction } from './actions.ts'
import type { Template } from './template.ts'

/* Facts */

/** What a scanner says. Only `clean` is clean; any other kind, also one not listed here, is not. */
export type ScanAnswer =
  | { readonly kind: 'clean' }
  | { readonly kind: 'infected'; readonly virus: string }
  | { readonly kind: 'encrypted' }
  | { readonly kind: 'too-large'; readonly limit: number | undefined }
  | { readonly kind: 'error'; readonly reason: string }

export interface ScanFact {
  /** As in `Antivirus.scanners`. */
  readonly scanner: string
  readonly result: ScanAnswer
  /**
   * Whether the scanner itself opens what it is given, so that its answer holds for everything inside
   * too: attached messages, archives, their members.
   */
  readonly deep: boolean
}

/** What a part is, beside its type. Rules can ask for each. */
export type Trait =
  | 'executable'
  | 'script'
  | 'shortcut'
  | 'disk-image'
  /** A document with macros. */
  | 'macros'
  /** A document that loads its template from elsewhere. */
  | 'template-remote'
  /** A document that runs or starts something when opened. */
  | 'active'
  /** HTML that runs or redirects. */
  | 'html-active'
  /** HTML or SVG that makes a file out of its own text. */
  | 'html-smuggling'
  /** A document with embedded objects or files. */
  | 'embedded'
  /** One type for one program, another for another. */
  | 'polyglot'
  /** Cannot be opened without a password: archive, member of one, document. */
  | 'encrypted'
  /** The same, inside an archive. */
  | 'nested-encrypted'
  /** Encrypted for a person: S/MIME, PGP, age. Policy adds it to what is `encrypted` and of such a type, or a PDF. */
  | 'unscannable'
  /** An archive, or a member of one, that could not be opened to the end: damaged, too large, or no reader for it. */
  | 'unreadable'
  /** message/partial or message/external-body: the content is not all here. */
  | 'partial'
  | 'double-extension'
  | 'right-to-left'
  /** The extension says another type than the content. */
  | 'type-mismatch'
  | 'long-name'

export interface HeaderFact {
  readonly name: string
  /** Unfolded, encoded words decoded. */
  readonly value: string
  /** As it came, from behind the colon, folding and all; a character for each octet. */
  readonly raw: string
}

export interface PartFacts {
  /** As the MIME reader has it (`2.1`); `2.1/3` for the third member of an archive in it, and so on deeper. */
  readonly id: string
  /** The MIME leaf it is, or lies in: what is stripped or locked. */
  readonly top: string
  readonly kind: 'leaf' | 'message' | 'embedded' | 'member'
  /** Name of the archive or message it lies in. */
  readonly container: string | undefined
  /** How many archives and messages it lies in, one in another. */
  readonly containers: number
  /** Lower case, without parameters. */
  readonly declaredType: string
  /** From the content alone; `undefined`: unknown. */
  readonly sniffedType: string | undefined
  /** What the content shows. Those of the names are added by policy (traits.ts). */
  readonly traits: readonly Trait[]
  /** Every file name that any client might use; none: it has no name. */
  readonly names: readonly string[]
  /** Octets, decoded. */
  readonly size: number
  /** Of the decoded content, lower-case hex. */
  readonly sha256: string
  readonly scans: readonly ScanFact[]
}

/** A place that clients read differently. */
export interface Ambiguity {
  /** As the reader calls it. */
  readonly reason: string
  readonly evidence: string
  /** The MIME leaf that it concerns alone; `undefined`: the message. */
  readonly top: string | undefined
  /** Set: writing the place anew under this name makes every client read the same; `lock` is then not needed. */
  readonly repair: string | undefined
}

export interface LimitExceeded {
  readonly limit: string
  readonly evidence: string
  /** The MIME leaf inside which it was met; `undefined`: in the message, so that parts may be missing. */
  readonly top: string | undefined
}

export type Signature = 'dkim' | 'smime' | 'pgp'

export interface MessageFacts {
  /** `headers` (TOP n 0): there are no parts, and none will leave. */
  readonly scope: 'message' | 'headers'
  readonly size: number
  /** Of the message as it came, lower-case hex. */
  readonly sha256: string
  readonly headers: readonly HeaderFact[]
  readonly from: string
  readonly subject: string
  readonly date: string
  readonly parts: readonly PartFacts[]
  readonly ambiguities: readonly Ambiguity[]
  readonly limits: readonly LimitExceeded[]
  readonly signatures: readonly Signature[]
  /** Of the message as a whole. */
  readonly scans: readonly ScanFact[]
}

/* Rules */

export interface Rule<Subject, A extends Action> {
  readonly name: string
  readonly matches: (subject: Subject) => boolean
  /** For rules by trait: what completes "this file …". Else people are told that the rule matched. */
  readonly says: string | undefined
  readonly action: A
  readonly alarm: boolean
  readonly log: boolean
}

/** First match wins; without one, `noMatch`. Rules that are switched off are left out. */
export interface Ruleset<Subject, A extends Action> {
  readonly rules: readonly Rule<Subject, A>[]
  readonly noMatch: { readonly action: A; readonly log: boolean }
}

export interface TypeSubject {
  /** With autoDetect the sniffed type alone; `unknown` and the declared one where nothing was sniffed. */
  readonly types: readonly string[]
  readonly traits: ReadonlySet<Trait>
}

export interface NameSubject {
  /** One spelling of one name; empty for a part without a name. */
  readonly name: string
  readonly traits: ReadonlySet<Trait>
}

export interface Antivirus {
  /** Who must have answered for every part. Empty: antivirus is off. */
  readonly scanners: readonly string[]
  readonly infected: FaultAction
  /** A scanner gave no sound answer. */
  readonly scanError: ErrorAction
  /** Above `scanLimit`, or above what a scanner takes. */
  readonly tooLarge: FaultAction
  /** Cannot be opened without a password. */
  readonly encrypted: FaultAction
  /** In place of `scanError`: delivered, with a visible header. */
  readonly failOpen: boolean
  /** Octets of one part, decoded. */
  readonly scanLimit: number
}

export interface ContentRules {
  readonly headers: Ruleset<HeaderFact, HeaderAction>
  readonly contentTypes: Ruleset<TypeSubject, PartAction> & { readonly autoDetect: boolean }
  readonly fileNames: Ruleset<NameSubject, PartAction>
  readonly antivirus: Antivirus
  readonly ambiguous: FaultAction
  readonly limitExceeded: FaultAction
  readonly unscannable: FaultAction
  readonly unreadable: FaultAction
  readonly partial: FaultAction
  /** What `tag` puts before the Subject. */
  readonly subjectTag: string
  readonly denyMessage: Template
}

/* Decision */

export type RulesetName =
  | 'headers'
  | 'contentTypes'
  | 'fileNames'
  | 'antivirus'
  | 'ambiguous'
  | 'limitExceeded'
  | 'unscannable'
  | 'unreadable'
  | 'partial'

/** What one rule or setting says about one thing. */
export interface Verdict {
  readonly ruleset: RulesetName
  /** The rule's name; `no match`; or the setting, such as `antivirus.infected`. */
  readonly rule: string
  readonly action: Action
  readonly on:
    | { readonly kind: 'header'; readonly index: number }
    | { readonly kind: 'part'; readonly part: PartFacts }
    /** Something about a MIME leaf that no part of the facts stands for by itself. */
    | { readonly kind: 'top'; readonly top: string }
    | { readonly kind: 'message' }
  /** A short sentence for people, without its last stop. */
  readonly reason: string
  /** What was seen: the header, name, type, answer. Not made safe for printing. */
  readonly evidence: string
  readonly virus: string | undefined
  readonly scanner: string | undefined
  readonly alarm: boolean
  readonly log: boolean
}

/** One rule that was asked, for `postern explain`. */
export interface Asked {
  readonly ruleset: RulesetName
  readonly rule: string
  /** Id of the part, name of the header, or `message`. */
  readonly subject: string
  /** What it was asked about. */
  readonly value: string
  readonly matched: boolean
  /** What follows from the match. */
  readonly action: Action | undefined
}

/** What is done with one MIME leaf. */
export interface PartDecision {
  readonly top: string
  readonly action: 'lock' | 'strip'
  /** The verdict that decided; `all` has every one about this leaf that does not let it pass. */
  readonly why: Verdict
  readonly all: readonly Verdict[]
}

/** A scanner without a sound answer, although the message is delivered. */
export interface Unscanned {
  readonly scanner: string
  readonly reason: string
}

export interface Decision {
  /** The most severe of all that was said. */
  readonly action: Action
  /**
   * `deliver`: the message with the changes below, or as it came when there are none. `lock`: a notice
   * with the whole message in an age file. `notice`: a notice alone. `refuse`: see `refusal`.
   */
  readonly outcome: 'deliver' | 'lock' | 'notice' | 'refuse' | 'drop' | 'block'
  /** Only when the outcome is `deliver`, each leaf once. */
  readonly parts: readonly PartDecision[]
  /** Indexes into the headers of the facts; only when the outcome is `deliver`. */
  readonly headers: readonly number[]
  /** Places to be written anew; only when the outcome is `deliver`. */
  readonly repairs: readonly Ambiguity[]
  /** Texts to put before the Subject, in this order; when the outcome is `deliver`. */
  readonly tags: readonly string[]
  /** A copy must be safe before anything leaves. */
  readonly quarantine: boolean
  /** The verdict that decided; `undefined` when nothing but `allow` was said. */
  readonly why: Verdict | undefined
  /** Every verdict that says more than `allow`, or asks for an alarm or the log. */
  readonly verdicts: readonly Verdict[]
  readonly alarms: readonly Verdict[]
  /** Scanners that were out of order while the message goes out all the same (failOpen): a header says so. */
  readonly unscanned: readonly Unscanned[]
  /** Signatures that the changes break. */
  readonly broken: readonly Signature[]
  /** For the client, when the outcome is `refuse`: one line of printable ASCII. */
  readonly refusal: string | undefined
  /** Empty unless asked for. */
  readonly trace: readonly Asked[]
}
