/** What the thread of the YARA rules and its owner say to each other. */

/** A file of rules, read. */
export interface RuleFile {
  readonly name: string
  readonly text: string
}

export interface ToYara {
  readonly id: number
  readonly content: Uint8Array
}

export type FromYara =
  /** The rules are compiled; sent once. */
  | { readonly kind: 'ready' }
  /** They cannot be; the thread ends. */
  | { readonly kind: 'refused'; readonly reason: string }
  /** Names of the rules that match, in the order of the files. */
  | { readonly kind: 'matches'; readonly id: number; readonly rules: readonly string[] }
  | { readonly kind: 'failed'; readonly id: number; readonly reason: string }
