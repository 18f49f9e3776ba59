/** What cannot be looked into, and what must not be changed lightly, by type and parameters. */
import type { Field, MarkKind } from './types.ts'

const smimeTypes = /^application\/(?:x-)?pkcs7-mime$/
const tnefTypes = /^application\/(?:vnd\.)?ms-tnef$/

/** Marks of one part under one reading of its type. */
export function marksOf(
  type: string,
  parameters: ReadonlyMap<string, string>,
  fileNames: readonly string[],
): MarkKind[] {
  const protocol = parameters.get('protocol')?.toLowerCase() ?? ''
  switch (type) {
    case 'message/partial':
      return ['message-partial']
    case 'message/external-body':
      return ['message-external']
    case 'multipart/encrypted':
      return protocol.includes('pkcs7') ? ['smime-encrypted'] : ['pgp-encrypted']
    case 'multipart/signed':
      return protocol.includes('pgp') ? ['pgp-signed'] : ['smime-signed']
    case 'application/pgp-encrypted':
      return ['pgp-encrypted']
    case 'application/pgp':
      return ['pgp-encrypted']
  }
  if (smimeTypes.test(type)) return [smimeKind(parameters.get('smime-type')?.toLowerCase() ?? '')]
  const names = fileNames.map((name) => name.toLowerCase())
  if (tnefTypes.test(type) || names.includes('winmail.dat')) return ['tnef']
  if (names.some((name) => name === 'smime.p7m')) return ['smime-encrypted']
  if (names.some((name) => /\.(?:pgp|gpg)$/.test(name))) return ['pgp-encrypted']
  return []
}

/** RFC 8551 §3.2.2. Without a kind it may be either; encrypted is the one that hides more. */
function smimeKind(kind: string): MarkKind {
  return kind === 'signed-data' || kind === 'certs-only' || kind === 'compressed-data'
    ? 'smime-wrapped'
    : 'smime-encrypted'
}

/** Whether a header holds a signature over the message (RFC 6376, RFC 8617). */
export function isDomainSigned(fields: readonly Field[]): boolean {
  return fields.some(({ name }) => /^(?:dkim-signature|arc-seal|arc-message-signature)$/i.test(name))
}
