/** Where a clamd listens, as the configuration says it: `unix:/path` or `tcp://host:port`. */

export type ClamdAddress = { readonly path: string } | { readonly host: string; readonly port: number }

const tcp = /^tcp:\/\/(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]@?#]+)):([0-9]{1,5})\/?$/

/**
 * Reads an address: `unix:` and an absolute path, or `tcp://`, a host name or address (IPv6 in brackets)
 * and a port from 1 to 65535. Throws `TypeError` when it is neither.
 */
export function readAddress(text: string): ClamdAddress {
  if (text.startsWith('unix:/') && !text.includes('\0')) return { path: text.slice('unix:'.length) }
  const match = tcp.exec(text)
  const host = match?.[1] ?? match?.[2]
  const port = Number(match?.[3])
  if (host !== undefined && port >= 1 && port <= 65_535) return { host, port }
  throw new TypeError(
    `clamd's address ${JSON.stringify(text)} is neither unix:/path nor tcp://host:port; write for example unix:/run/clamav/clamd.ctl`,
  )
}
