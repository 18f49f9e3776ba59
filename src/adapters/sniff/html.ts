/** HTML, SVG and other XML: what they are, and whether they run, redirect or make files. */
import type { SniffFlag } from '../../ports.ts'
import { type Content, type Found, foundSoFar } from './found.ts'

/** What browsers take for the beginning of HTML (WHATWG MIME Sniffing 7.1), after blanks and comments. */
const beginning =
  /^<(?:!doctype\s+html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|meta|link|form|img|base|center|object|embed|applet)[\s>/]/i
const anywhere = /<(?:!doctype\s+html|html)[\s>]/i

const runs: readonly RegExp[] = [
  /<(?:script|iframe|object|embed|applet|frameset|frame)[\s>/]/i,
  /[\s"'/]on[a-z]{3,20}\s*=/i,
  /(?:javascript|vbscript)\s*:/i,
  /data\s*:\s*text\/html/i,
]
const decodes = /\batob\s*\(|Uint8Array|fromCharCode|charCodeAt|TextDecoder|base64/i
const makes = /new\s+(?:Blob|File)\s*\(|msSaveOrOpenBlob|msSaveBlob/i
const saves = /\.download\b|createObjectURL|msSaveOrOpenBlob|msSaveBlob|["']download["']/i
/** Octets of a tag that are looked at; those of newsletters have some hundred. */
const longestTag = 4096

/** @param text of the head, or of the whole where that was given */
export function byMarkup(content: Content, text: string): Found | undefined {
  const start = text.slice(0, 4096)
  const rest = afterComments(start)
  if (/^<\?xml\s|^<[\w:]+\s[^>]{0,2000}xmlns/.test(rest)) {
    const xml = byXml(content, start, text)
    if (xml !== undefined) return xml
  }
  if (/^(?:<\?xml[^>]{0,200}>\s*)?(?:<!doctype\s+svg[^>]{0,500}>\s*)?<svg[\s>]/i.test(rest))
    return foundSoFar(content, 'image/svg+xml', ...activity(text))
  if (/<hta:application[\s>]/i.test(text)) return foundSoFar(content, 'application/hta', 'script')
  if (beginning.test(rest) || anywhere.test(start)) return foundSoFar(content, 'text/html', ...activity(text))
  if (/^<\?xml\s/.test(rest)) return foundSoFar(content, 'application/xml')
  return undefined
}

function activity(text: string): SniffFlag[] {
  const flags: SniffFlag[] = []
  if (runs.some((sign) => sign.test(text)) || redirects(text)) flags.push('html-active')
  const script = /<script[\s>/]/i.test(text) || flags.length > 0
  const byScript = script && makes.test(text) && saves.test(text) && decodes.test(text)
  if (byScript || hasFileInLink(text)) flags.push('html-smuggling')
  return flags
}

/** A link to save that carries its file itself. */
function hasFileInLink(text: string): boolean {
  for (const tag of tags(text, /<a\s/gi))
    if (/\sdownload\b/i.test(tag) && /\shref\s*=\s*["']?\s*data:/i.test(tag)) return true
  return false
}

function redirects(text: string): boolean {
  for (const tag of tags(text, /<meta\s/gi)) if (/http-equiv\s*=\s*["']?\s*refresh/i.test(tag)) return true
  return false
}

/** Tags of one name, up to their `>`. Each octet is looked at once, so that no text can make it slow. */
function* tags(text: string, start: RegExp): Generator<string> {
  for (let at = text.search(start); at >= 0; ) {
    const end = text.indexOf('>', at)
    yield text.slice(at, Math.min(end < 0 ? text.length : end, at + longestTag))
    if (end < 0) return
    start.lastIndex = end
    at = start.exec(text)?.index ?? -1
  }
}

/** XML that acts: scripts of Windows, search connectors, settings, documents of old Office. */
const kinds: readonly [sign: RegExp, type: string, ...flags: SniffFlag[]][] = [
  [
    /<(?:job|package|scriptlet|component|registration)[\s>][\s\S]{0,4000}<script[\s>]/i,
    'application/x-ms-wsf',
    'script',
  ],
  [/urn:schemas-microsoft-com:xslt|xmlns:msxsl/i, 'application/xslt+xml', 'script'],
  [
    /<(?:libraryDescription|searchConnectorDescription|persistedQuery)[\s>]/i,
    'application/windows-library+xml',
    'shortcut',
  ],
  [/<PCSettings>[\s\S]{0,400}<SearchableContent/i, 'application/x-ms-setting-content', 'shortcut'],
  [/<assembly[\s\S]{0,2000}urn:schemas-microsoft-com:asm/i, 'application/x-ms-application', 'executable'],
  [/<jnlp[\s>]/i, 'application/x-java-jnlp-file', 'executable'],
  [/<plist[\s\S]{0,500}<key>URL<\/key>/i, 'application/x-webloc', 'shortcut'],
]

function byXml(content: Content, start: string, text: string): Found | undefined {
  for (const [sign, type, ...flags] of kinds) if (sign.test(start)) return foundSoFar(content, type, ...flags)
  // Word 2003 XML and flat OpenDocument.
  if (/<\?mso-application|schemas\.microsoft\.com\/office/.test(start)) {
    const macros = /macrosPresent\s*=\s*["']yes|editdata\.mso|vbaProject/i.test(text)
    return foundSoFar(content, 'application/xml', ...(macros ? (['macros'] as const) : []))
  }
  if (/<office:document[\s>]/.test(start)) {
    const macros = /<script:module|<ooo:library-embedded/.test(text)
    return foundSoFar(
      content,
      'application/vnd.oasis.opendocument.text-flat-xml',
      ...(macros ? (['macros'] as const) : []),
    )
  }
  if (/<html[\s>]/i.test(start)) return foundSoFar(content, 'text/html', ...activity(text))
  return undefined
}

/** What follows blanks and comments at the start. */
function afterComments(start: string): string {
  let rest = start.trimStart()
  while (rest.startsWith('<!--')) {
    const end = rest.indexOf('-->')
    if (end < 0) return ''
    rest = rest.slice(end + 3).trimStart()
  }
  return rest
}
