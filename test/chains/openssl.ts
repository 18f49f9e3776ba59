/** Certificates that only the openssl program makes: MD5, DSA, small curves, version 1. */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Pair {
  readonly pem: string
  readonly key: string
}

export interface OpensslSpec {
  readonly subject: string
  readonly issuer: Pair
  /** Arguments of `openssl genpkey`. */
  readonly key: readonly string[]
  readonly digest?: string
  /** @default 30 */
  readonly days?: number
  /** Lines of an extension section; empty makes a version 1 certificate. */
  readonly extensions: readonly string[]
}

export const ecKey = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
export const authorityLines = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,keyCertSign']

export function leafLines(host: string): string[] {
  return [`subjectAltName=DNS:${host}`, 'extendedKeyUsage=serverAuth', 'basicConstraints=CA:FALSE']
}

let count = 0

/** @param directory where its files may lie */
export function issueWithOpenssl(directory: string, spec: OpensslSpec): Pair {
  count += 1
  const file = (name: string) => join(directory, `${count}-${name}`)
  const run = (...args: string[]) => execFileSync('openssl', args, { stdio: ['ignore', 'pipe', 'pipe'] })
  writeFileSync(file('issuer.pem'), spec.issuer.pem)
  writeFileSync(file('issuer.key'), spec.issuer.key, { mode: 0o600 })
  writeFileSync(file('extensions'), `[e]\n${spec.extensions.join('\n')}\n`)
  run('genpkey', ...spec.key, '-out', file('key'))
  run('req', '-new', '-key', file('key'), '-subj', spec.subject, '-out', file('csr'))
  const extensions = spec.extensions.length === 0 ? [] : ['-extfile', file('extensions'), '-extensions', 'e']
  run(
    ...['x509', '-req', '-in', file('csr'), '-CA', file('issuer.pem'), '-CAkey', file('issuer.key')],
    ...[
      '-days',
      String(spec.days ?? 30),
      `-${spec.digest ?? 'sha256'}`,
      '-set_serial',
      `0x${count}77`,
      '-out',
      file('pem'),
    ],
    ...extensions,
  )
  return { pem: readFileSync(file('pem'), 'utf8'), key: readFileSync(file('key'), 'utf8') }
}

/** DSA parameters take a command of their own. */
export function dsaKey(directory: string): string[] {
  const file = join(directory, 'dsa-parameters.pem')
  const options = ['-pkeyopt', 'dsa_paramgen_bits:2048', '-pkeyopt', 'dsa_paramgen_q_bits:256']
  execFileSync('openssl', ['genpkey', '-genparam', '-algorithm', 'DSA', ...options, '-out', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return ['-paramfile', file]
}
