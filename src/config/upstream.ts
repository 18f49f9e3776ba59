/** Reads `upstream`: where a policy's connections go, and how TLS is done on that leg. */
import ipaddr from 'ipaddr.js'
import type { Upstream } from './snapshot.ts'
import { closest } from './suggest.ts'
import type { Parsed } from './values.ts'

export const upstreamExpects =
  'pop3s://mail.example.net, pop3+stls://mail.example.net, pop3://mail.example.net or mail.example.net, each with or without a port'

/** RFC 1939 §3 (110) and RFC 8314 §7.3 (995). */
const plainPort = 110
const tlsPort = 995

/** In the order of suggestions: what is as near to one with TLS as to one without is taken for the former. */
const schemes = {
  'pop3s://': { tls: 'implicit', port: tlsPort },
  'pop3+stls://': { tls: 'stls', port: plainPort },
  'pop3://': { tls: 'none', port: plainPort },
} as const

/** Ways to find the server that are designed and not built yet. */
const later: Readonly<Record<string, string>> = {
  original: 'the address the client meant',
  sni: 'the server name the client asks for',
  login: 'the server named in the login',
}

/**
 * Reads one upstream. Hosts come back in lower case and without a trailing dot, IPv6 without brackets.
 */
export function parseUpstream(text: string): Parsed<Upstream> {
  if (Object.hasOwn(later, text))
    return no(
      `this version of Postern cannot take the upstream from ${later[text]} ("${text}") yet: name the server`,
    )
  const scheme = /^[^/]*:\/\//.exec(text)?.[0]
  if (scheme === undefined) return withAuthority(text, text, 'mirror', undefined)
  const known = Object.entries(schemes).find(([name]) => name === scheme.toLowerCase())
  if (known === undefined) {
    const hint = closest(scheme, Object.keys(schemes))
    return no(
      `${JSON.stringify(text)} begins with ${JSON.stringify(scheme)}${hint === undefined ? `; expected ${upstreamExpects}` : `, did you mean "${hint}"?`}`,
    )
  }
  return withAuthority(text, text.slice(scheme.length), known[1].tls, known[1].port)
}

/** A port that looks like the other protocol's, as a sentence; `undefined` when all is usual. */
export function oddPort(upstream: Upstream): string | undefined {
  if (upstream.tls === 'implicit' && upstream.ports.pop3s === plainPort)
    return 'port 110 usually starts in clear; for TLS by STLS write pop3+stls://'
  if ((upstream.tls === 'none' || upstream.tls === 'stls') && upstream.ports.pop3 === tlsPort)
    return 'port 995 usually starts in TLS; for that write pop3s://'
  return undefined
}

function withAuthority(
  whole: string,
  authority: string,
  tls: Upstream['tls'],
  usual: number | undefined,
): Parsed<Upstream> {
  const shown = JSON.stringify(whole)
  if (authority.includes('@'))
    return no(
      `the upstream holds no user name: people log in with their own; leave out everything up to the "@"`,
    )
  const tail = /[/?#].*$/.exec(authority)?.[0]
  if (tail !== undefined)
    return no(`${shown} ends in ${JSON.stringify(tail)}; the upstream is a host and a port only`)
  const { host, port } = split(authority)
  if (host === '') return no(`${shown} names no host; expected ${upstreamExpects}`)
  const number = port === undefined ? undefined : /^\d{1,5}$/.test(port) ? Number(port) : 0
  if (number !== undefined && (number < 1 || number > 65_535))
    return no(`${shown} has ${JSON.stringify(port)} for a port; expected a number from 1 to 65535`)
  const name = readHost(host)
  if (!name.ok) return name
  const pop3 = number ?? usual ?? plainPort
  const pop3s = number ?? usual ?? tlsPort
  return { ok: true, value: { host: name.value, ports: { pop3, pop3s }, tls } }
}

/** Cuts `host`, `host:port`, `[v6]`, `[v6]:port` or a bare IPv6 address. */
function split(authority: string): { readonly host: string; readonly port: string | undefined } {
  const bracketed = /^(\[[^\]]*\])(?::(.*))?$/.exec(authority)
  if (bracketed !== null) return { host: bracketed[1] ?? '', port: bracketed[2] }
  const parts = authority.split(':')
  if (parts.length !== 2) return { host: authority, port: undefined }
  return { host: parts[0] ?? '', port: parts[1] }
}

/** RFC 1123 §2.1: letters, digits and hyphens; RFC 1035 §2.3.4: 63 octets a label, 253 in all. */
function readHost(text: string): Parsed<string> {
  const bracketed = /^\[(.*)\]$/.exec(text)?.[1]
  const bare = bracketed ?? text
  if (bracketed !== undefined || bare.includes(':'))
    return !bare.includes('%') && ipaddr.IPv6.isValid(bare)
      ? { ok: true, value: ipaddr.IPv6.parse(bare).toString() }
      : no(`${JSON.stringify(text)} is neither a host name nor an IPv6 address`)
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return { ok: true, value: bare }
  const host = bare.toLowerCase().replace(/\.$/, '')
  if (/[^\x00-\x7f]/.test(host))
    return no(`${JSON.stringify(text)} is an international name: write its xn-- form`)
  const labels = host.split('.')
  const sound = labels.every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/.test(label))
  if (!sound || host.length > 253 || /^\d+$/.test(labels.at(-1) ?? ''))
    return no(`${JSON.stringify(text.slice(0, 80))} is not a host name`)
  return { ok: true, value: host }
}

function no(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message }
}
