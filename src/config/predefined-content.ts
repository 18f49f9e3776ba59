/**
 * What the predefined proxy actions make of the content of mail. `firebox` keeps the documented
 * defaults of the Firebox, harmful ones too; `standard` is what we recommend, each choice with its
 * reason in docs/decisions/0001-standard-defaults.md.
 */
import { actingExtensions, type PartAction, type Trait } from '../policy/index.ts'
import type {
  AntivirusSettings,
  ContentSettings,
  HeaderRuleSettings,
  PartRuleSettings,
} from './schema-content.ts'

/** Content settings of which every one is known. */
export interface WholeContent {
  readonly headers: Required<NonNullable<ContentSettings['headers']>> & WholeNoMatch<'headers'>
  readonly contentTypes: Required<NonNullable<ContentSettings['contentTypes']>> & WholeNoMatch<'contentTypes'>
  readonly fileNames: Required<NonNullable<ContentSettings['fileNames']>> & WholeNoMatch<'fileNames'>
  readonly antivirus: Required<AntivirusSettings>
  readonly ambiguous: Fault
  readonly limitExceeded: Fault
  readonly unscannable: Fault
  readonly unreadable: Fault
  readonly partial: Fault
  readonly subjectTag: string
  readonly denyMessage: string
}

type Group = 'headers' | 'contentTypes' | 'fileNames'
interface WholeNoMatch<G extends Group> {
  readonly noMatch: Required<NonNullable<NonNullable<ContentSettings[G]>['noMatch']>>
}
type Fault = NonNullable<ContentSettings['ambiguous']>

const denyMessage = `The mail gateway has changed this message, because something in it may not be safe.

Reason: %(reason)%
Content type: %(type)%
File name: %(filename)%
Virus: %(virus)%
Action: %(action)%
Recovery: %(recovery)%

Rule: %(rule)%, event %(eventid)%
`

/** `facts` a5 and a6 of the Firebox: allow-lists, and everything else stripped. */
export const fireboxContent: WholeContent = {
  headers: {
    rules: allowHeaders([
      ...['From', 'To', 'Cc', 'Bcc', 'Message-ID', 'Subject', 'MIME-Version'],
      ...[
        'X-WatchGuard-Spam-ID',
        'X-WatchGuard-AntiVirus',
        'X-WatchGuard-IPS',
        'X-WatchGuard-Mail-Exception',
      ],
      ...['Content-Type', 'Content-Language', 'Content-Length', 'Content-Disposition'],
      ...['Content-Transfer-Encoding', 'Content-ID', 'Content-Description', 'Content-MD5'],
    ]),
    noMatch: { action: 'strip', log: false },
  },
  contentTypes: {
    autoDetect: true,
    rules: allow(['text/*', 'image/*', 'audio/*', 'video/*', 'multipart/*', 'message/*', '']),
    noMatch: { action: 'strip', log: false },
  },
  fileNames: {
    rules: allow(['*.txt', '*.doc', '*.xls', '']),
    noMatch: { action: 'strip', log: false },
  },
  antivirus: {
    enabled: false,
    infected: 'strip',
    scanError: 'strip',
    tooLarge: 'allow',
    encrypted: 'allow',
    failOpen: false,
    scanLimit: '1MiB',
  },
  // The Firebox denies a message whose format is wrong; of a whole message that is a notice in its place.
  ambiguous: 'replace',
  limitExceeded: 'replace',
  unscannable: 'allow',
  unreadable: 'allow',
  partial: 'allow',
  subjectTag: '***SUSPECT***',
  denyMessage,
}

export const standardContent: WholeContent = {
  headers: {
    rules: [{ name: 'forged results', match: 'X-Postern-*', action: 'strip' }],
    noMatch: { action: 'allow', log: false },
  },
  contentTypes: {
    autoDetect: true,
    rules: [
      byTrait('programs', 'strip', 'executable'),
      byTrait('shortcuts', 'strip', 'shortcut'),
      byTrait('scripts', 'lock', 'script'),
      byTrait('disk images', 'lock', 'disk-image'),
      byTrait('macro documents', 'lock', 'macros', 'template-remote'),
      {
        name: 'OneNote',
        match: ['application/onenote', 'application/msonenote', 'application/x-onenote'],
        action: 'lock',
        log: true,
      },
      byTrait('file smuggling', 'lock', 'html-smuggling', 'polyglot'),
      byTrait('nested encrypted archives', 'lock', 'nested-encrypted'),
    ],
    noMatch: { action: 'allow', log: false },
  },
  fileNames: {
    rules: [
      byTrait('misleading names', 'strip', 'right-to-left'),
      byExtension('programs', 'strip', actingExtensions.executable),
      byExtension('shortcuts', 'strip', actingExtensions.shortcut),
      byExtension('scripts', 'lock', actingExtensions.script),
      byExtension('disk images', 'lock', actingExtensions.diskImage),
      byExtension('macro documents', 'lock', actingExtensions.macroDocument),
      byTrait('double extensions', 'lock', 'double-extension'),
    ],
    noMatch: { action: 'allow', log: false },
  },
  antivirus: {
    enabled: 'auto',
    infected: 'strip',
    scanError: 'refuse',
    tooLarge: 'lock',
    encrypted: 'lock',
    failOpen: false,
    scanLimit: '25MiB',
  },
  ambiguous: 'lock',
  limitExceeded: 'lock',
  unscannable: 'allow',
  unreadable: 'lock',
  partial: 'lock',
  subjectTag: '[suspicious]',
  denyMessage,
}

function allow(patterns: readonly string[]): PartRuleSettings[] {
  return patterns.map((match) => ({ name: match === '' ? 'none' : match, match, action: 'allow' }))
}

function allowHeaders(names: readonly string[]): HeaderRuleSettings[] {
  return names.map((match) => ({ name: match, match, action: 'allow' }))
}

function byTrait(name: string, action: PartAction, ...trait: Trait[]): PartRuleSettings {
  return { name, trait, action, log: true }
}

function byExtension(name: string, action: PartAction, extensions: readonly string[]): PartRuleSettings {
  return { name, match: extensions.map((extension) => `*.${extension}`), action, log: true }
}
