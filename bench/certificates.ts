/**
 * Makes the bench's certificates with the openssl command: one authority for the upstream, another
 * for the proxies, every key on P-256, every leaf for "localhost" directly under its authority.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Paths of PEM files. */
export interface Certificates {
  readonly upstreamCa: string
  readonly upstreamCertificate: string
  readonly upstreamKey: string
  /** The authority the clients trust: it signed `proxyCertificate`, and inspecting peers mint under it. */
  readonly proxyCa: string
  readonly proxyCaKey: string
  readonly proxyCertificate: string
  readonly proxyKey: string
  /** Certificate and key of the proxy in one file, as HAProxy wants it. */
  readonly proxyPair: string
}

/** The name every leaf carries and every client asks for. */
export const SERVER_NAME = 'localhost'

function openssl(...args: string[]): void {
  const { status, stderr, error } = spawnSync('openssl', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`openssl ${args[0]}: ${error?.message ?? stderr}`)
}

function authority(folder: string, name: string): { certificate: string; key: string } {
  const certificate = join(folder, `${name}.pem`)
  const key = join(folder, `${name}-key.pem`)
  openssl(
    ...[
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-sha256',
      '-days',
      '30',
    ],
    ...['-subj', `/CN=Postern bench ${name}`, '-addext', 'basicConstraints=critical,CA:true,pathlen:0'],
    ...['-addext', 'keyUsage=critical,keyCertSign,cRLSign', '-keyout', key, '-out', certificate],
  )
  return { certificate, key }
}

function leaf(folder: string, name: string, ca: { certificate: string; key: string }) {
  const certificate = join(folder, `${name}.pem`)
  const key = join(folder, `${name}-key.pem`)
  const request = join(folder, `${name}.csr`)
  const extensions = join(folder, `${name}.ext`)
  writeFileSync(
    extensions,
    [
      `subjectAltName=DNS:${SERVER_NAME},IP:127.0.0.1`,
      'extendedKeyUsage=serverAuth',
      'keyUsage=critical,digitalSignature',
      'basicConstraints=critical,CA:false',
    ].join('\n'),
  )
  openssl(
    ...['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-sha256'],
    ...['-subj', `/CN=${SERVER_NAME}`, '-keyout', key, '-out', request],
  )
  openssl(
    ...[
      'x509',
      '-req',
      '-in',
      request,
      '-CA',
      ca.certificate,
      '-CAkey',
      ca.key,
      '-CAcreateserial',
      '-sha256',
    ],
    ...['-days', '20', '-extfile', extensions, '-out', certificate],
  )
  return { certificate, key }
}

/** Writes all of them into `folder`. Throws with openssl's words when it is missing or refuses. */
export function makeCertificates(folder: string): Certificates {
  const upstreamCa = authority(folder, 'upstream-ca')
  const proxyCa = authority(folder, 'proxy-ca')
  const upstream = leaf(folder, 'upstream', upstreamCa)
  const proxy = leaf(folder, 'proxy', proxyCa)
  const proxyPair = join(folder, 'proxy-pair.pem')
  writeFileSync(proxyPair, readFileSync(proxy.certificate, 'utf8') + readFileSync(proxy.key, 'utf8'))
  return {
    upstreamCa: upstreamCa.certificate,
    upstreamCertificate: upstream.certificate,
    upstreamKey: upstream.key,
    proxyCa: proxyCa.certificate,
    proxyCaKey: proxyCa.key,
    proxyCertificate: proxy.certificate,
    proxyKey: proxy.key,
    proxyPair,
  }
}
