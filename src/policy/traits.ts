/** All traits of a part: what its content shows, and what its names show. */
import { breaksPromise, isBait } from './extensions.ts'
import { extensions, isLong, turnsDirection } from './names.ts'
import type { PartFacts, Trait } from './types.ts'

/** Every trait, with the words for people that complete "this file …". */
export const traits = {
  executable: 'is a program',
  script: 'is a script',
  shortcut: 'is a shortcut that opens or runs something else',
  'disk-image': 'is a disk image',
  macros: 'is a document with macros',
  'template-remote': 'is a document that loads its template from elsewhere',
  active: 'is a document that starts something when it is opened',
  'html-active': 'is a web page that runs code or redirects',
  'html-smuggling': 'is a web page that makes a file out of its own text',
  embedded: 'is a document with other files in it',
  polyglot: 'is of one type for one program and of another type for another',
  encrypted: 'cannot be opened without a password',
  'nested-encrypted': 'lies in an archive and cannot be opened without a password',
  unscannable: 'is encrypted for its recipient (S/MIME, PGP, age, PDF with a password)',
  unreadable: 'is an archive that could not be opened to the end',
  partial: 'is only a piece of a message, or points to content elsewhere',
  'double-extension': 'has a second extension that hides what it is',
  'right-to-left': 'has a name that reads other than it is',
  'type-mismatch': 'is not what its extension says',
  'long-name': 'has a name longer than file systems keep',
} as const satisfies Readonly<Record<Trait, string>>

export function isTrait(word: string): word is Trait {
  return Object.hasOwn(traits, word)
}

/** Each trait that the content or any of the names shows. */
export function traitsOf(part: PartFacts): ReadonlySet<Trait> {
  const all = new Set(part.traits)
  for (const name of part.names) for (const trait of traitsOfName(name, part.sniffedType)) all.add(trait)
  if (all.has('encrypted') && personal.has(part.sniffedType)) all.add('unscannable')
  return all
}

/**
 * Content that is encrypted for a person, by its sniffed type. Banks and employers send PDF files that
 * open with a password of the recipient, or with none at all; age files are also what `lock` makes.
 */
const personal: ReadonlySet<string | undefined> = new Set([
  'application/pdf',
  'application/pgp-encrypted',
  'application/pkcs7-mime',
  'application/age-encryption',
])

/**
 * Whether it is antivirus that must say what is done with content that needs a password. What it is
 * declared to be does not count: else an encrypted archive in the clothes of S/MIME would pass.
 */
export function needsPassword({ sniffedType }: PartFacts, traits: ReadonlySet<Trait>): boolean {
  return traits.has('nested-encrypted') || (traits.has('encrypted') && !personal.has(sniffedType))
}

/** @param sniffedType `undefined` breaks no promise: much that is honest has no signature */
export function traitsOfName(name: string, sniffedType: string | undefined): readonly Trait[] {
  const found: Trait[] = []
  const [last = '', before = ''] = extensions(name)
  if (isBait(last, before)) found.push('double-extension')
  if (turnsDirection(name)) found.push('right-to-left')
  if (isLong(name)) found.push('long-name')
  if (sniffedType !== undefined && breaksPromise(last, sniffedType)) found.push('type-mismatch')
  return found
}
