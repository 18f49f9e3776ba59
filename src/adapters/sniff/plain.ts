/** What a text is: a script, markup, a shortcut, a mail, a calendar, an encoding of a file, or just text. */
import type { SniffFlag } from '../../ports.ts'
import { all, type Content, type Found, found, foundSoFar } from './found.ts'
import { byMarkup } from './html.ts'
import { byScript } from './script.ts'
import { textOf } from './text.ts'

type Row = readonly [sign: RegExp, type: string, ...flags: SniffFlag[]]

/** By the first words. */
const openings: readonly Row[] = [
  [/^BEGIN:VCALENDAR\r?\n/i, 'text/calendar'],
  [/^BEGIN:VCARD\r?\n/i, 'text/vcard'],
  [/^WEBVTT\b/, 'text/vtt'],
  [/^%!PS/, 'application/postscript'],
  [/^\s*\[(?:\{[0-9A-F-]{36}\}|InternetShortcut)/i, 'application/x-mswinurl', 'shortcut'],
  [/^\s*\[Desktop Entry\]/, 'application/x-desktop', 'shortcut'],
  [/^\s*\[Shell\]\s*\r?\n\s*Command=/i, 'application/x-ms-scf', 'shortcut'],
  [
    /^\s*(?:full address|screen mode id|alternate full address|gatewayhostname):[si]:/i,
    'application/x-rdp',
    'shortcut',
  ],
  [/^WEB\r?\n1\r?\nhttps?:/i, 'text/x-ms-iqy', 'shortcut'],
  [/^ID;P/, 'text/x-sylk', 'shortcut'],
  [/^# Disk DescriptorFile/, 'application/x-vmdk', 'disk-image'],
  [/^-----BEGIN PGP MESSAGE-----/, 'application/pgp-encrypted', 'encrypted'],
  [/^-----BEGIN PGP SIGNATURE-----/, 'application/pgp-signature'],
  [/^-----BEGIN PGP PUBLIC KEY BLOCK-----/, 'application/pgp-keys'],
  [/^-----BEGIN AGE ENCRYPTED FILE-----/, 'application/age-encryption', 'encrypted'],
  [/^-----BEGIN [A-Z0-9 ]{3,40}-----/, 'application/x-pem-file'],
]

/** By a line anywhere in the head: files in text. */
const encodings: readonly Row[] = [
  [
    /^begin(?:-base64)? [0-7]{3,4} \S[^\r\n]{0,255}\r?\n(?:[!-`]{1,90}\r?\n|[A-Za-z0-9+/=]{1,90}\r?\n|end)/m,
    'text/x-uuencode',
  ],
  [/^=ybegin (?:part=\d+ )?(?:total=\d+ )?line=\d{1,4} size=\d/m, 'text/x-yenc'],
  [/^\(This file must be converted with BinHex/m, 'application/mac-binhex40'],
]

/** Fields that the head of a mail begins with, as programs write it. */
const fields =
  /^(?:Received|Return-Path|Delivered-To|From|To|Cc|Subject|Date|Message-ID|MIME-Version|Content-Type|Content-Transfer-Encoding|DKIM-Signature|ARC-[A-Za-z-]+|Authentication-Results|Reply-To|Sender|List-[A-Za-z-]+|User-Agent|X-[A-Za-z0-9-]{1,60}):/i

/** For content that is text from end to end of its head. */
export function byText(content: Content, head: string): Found {
  for (const [sign, type, ...flags] of openings) if (sign.test(head)) return found(type, ...flags)
  if (/^\s*\{\\rt/.test(head)) return byRtf(content)
  const script = byScript(head)
  if (script !== undefined) return script
  const markup = byMarkup(
    content,
    content.whole === undefined ? head : (textOf(content.whole) ?? latin(content)),
  )
  if (markup !== undefined) return markup
  if (isMail(head)) return found('message/rfc822')
  for (const [sign, type, ...flags] of encodings) if (sign.test(head)) return found(type, ...flags)
  return found('text/plain')
}

const latin = (content: Content): string => all(content).toString('latin1')

/** RTF: objects that carry files, and templates from elsewhere. Also readers that look for its short form. */
export function byRtf(content: Content): Found {
  const text = latin(content)
  const flags: SniffFlag[] = []
  if (/\\obj(?:data|ocx|emb|link|autlink|update)\b/i.test(text)) flags.push('embedded')
  if (/\{\\\*\\template\s+(?:https?:|ftp:|\\\\|\\u)/i.test(text)) flags.push('template-remote')
  return foundSoFar(content, 'application/rtf', ...flags)
}

/** Two known fields among the first lines, and nothing but fields before them. */
function isMail(head: string): boolean {
  let known = 0
  const lines = head.split(/\r\n|\n|\r/, 60)
  if (/^From \S+ /.test(lines[0] ?? '')) lines.shift()
  for (const [index, line] of lines.entries()) {
    if (line === '') break
    if (fields.test(line)) known += 1
    else if (!/^[!-9;-~]{1,100}:/.test(line) && (index === 0 || !/^[ \t]/.test(line))) return false
  }
  return known >= 2
}
