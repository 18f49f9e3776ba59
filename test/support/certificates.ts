/** A certificate authority and a server certificate for localhost, made with the openssl program. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathOf } from './programs.ts'

export interface Certificates {
  /** File with the authority's certificate, PEM. */
  readonly authorityFile: string
  /** Files with the server's certificate and key, PEM; P-256, for localhost and 127.0.0.1. */
  readonly certificateFile: string
  readonly keyFile: string
  /** The same as text. */
  readonly authority: string
  readonly certificate: string
  readonly key: string
}

const P256 = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']

/** Makes both, valid for 30 days, in a folder that exists. */
export function makeCertificates(directory: string, names: readonly string[] = []): Certificates {
  const file = (name: string) => join(directory, name)
  const openssl = (...args: readonly string[]) =>
    execFileSync(pathOf('openssl'), args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const files = {
    authorityFile: file('upstream-ca.pem'),
    certificateFile: file('upstream.pem'),
    keyFile: file('upstream-key.pem'),
  }
  const authorityKey = file('upstream-ca-key.pem')
  openssl(
    ...['req', '-x509', ...P256, '-keyout', authorityKey, '-out', files.authorityFile, '-days', '30'],
    ...['-subj', '/CN=Postern test authority', '-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
  )
  const request = file('upstream.csr')
  openssl('req', '-new', ...P256, '-keyout', files.keyFile, '-out', request, '-subj', '/CN=localhost')
  const alternatives = ['DNS:localhost', 'IP:127.0.0.1', ...names.map((name) => `DNS:${name}`)]
  const extensions = file('upstream.cnf')
  writeFileSync(
    extensions,
    [
      'basicConstraints=critical,CA:FALSE',
      'keyUsage=critical,digitalSignature',
      'extendedKeyUsage=serverAuth',
      'subjectKeyIdentifier=hash',
      'authorityKeyIdentifier=keyid',
      `subjectAltName=${alternatives.join(',')}`,
      '',
    ].join('\n'),
  )
  openssl(
    ...['x509', '-req', '-in', request, '-CA', files.authorityFile, '-CAkey', authorityKey, '-days', '30'],
    ...['-CAcreateserial', '-sha256', '-extfile', extensions, '-out', files.certificateFile],
  )
  const text = (path: string) => readFileSync(path, 'utf8')
  return {
    ...files,
    authority: text(files.authorityFile),
    certificate: text(files.certificateFile),
    key: text(files.keyFile),
  }
}
