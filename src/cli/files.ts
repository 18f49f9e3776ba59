/** Checks the files that a configuration names: there, readable, and what they should be. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { formatPath, type Path, type Problem, resolvePath, type Settings } from '../config/index.ts'
import { reasonOf } from './reasons.ts'
import { checkScannerFiles } from './scanner-files.ts'

interface Place {
  readonly settings: Settings
  readonly baseDirectory: string
  /** Absolute path. */
  readonly dataDirectory: string
  readonly file: string
  readonly locate: (path: Path) => { readonly line: number; readonly column: number }
}

/** Largest certificate or key file, in octets: a bundle of all public authorities is a quarter of it. */
const largestFile = 2 ** 20

/** Everything wrong with the files named in the configuration; reads the clock for validity. */
export function checkFiles(place: Place): Problem[] {
  const { settings, baseDirectory, dataDirectory, file, locate } = place
  const problems: Problem[] = []
  const say = (path: Path, message: string, severity: Problem['severity'] = 'error'): void => {
    problems.push({ file, ...locate(path), path: formatPath(path), message, severity })
  }
  const reader: Reader = {
    say,
    read: (path, name) => {
      const reading = readSmall(resolvePath(baseDirectory, name))
      if (!reading.ok) say(path, `${name} cannot be read: ${reading.reason}`)
      return reading.ok ? reading : undefined
    },
  }
  const { proxyAuthority, proxyServer = [], trusted = [] } = settings.certificates ?? {}
  if (proxyAuthority !== undefined)
    checkPair(reader, ['certificates', 'proxyAuthority'], proxyAuthority, checkAuthority)
  for (const [index, pair] of proxyServer.entries())
    checkPair(reader, ['certificates', 'proxyServer', index], pair, checkServer)
  const list = typeof trusted === 'string' ? [trusted] : trusted
  for (const [index, name] of list.entries()) {
    const path: Path = ['certificates', 'trusted', ...(typeof trusted === 'string' ? [] : [index])]
    if (name !== 'system') readCertificates(reader, path, name)
  }
  const fault = checkDirectory(dataDirectory)
  if (fault !== undefined) say(['dataDirectory'], fault)
  checkScannerFiles(settings, (name) => resolvePath(baseDirectory, name), say)
  return problems
}

interface Reader {
  readonly say: (path: Path, message: string, severity?: Problem['severity']) => void
  readonly read: (path: Path, name: string) => SmallFile | undefined
}

type Judge = (
  leaf: X509Certificate,
  name: string,
  complain: (message: string, severity?: 'warning') => void,
) => void

function checkPair(
  reader: Reader,
  path: Path,
  pair: { readonly certificate: string; readonly key: string },
  judge: Judge,
): void {
  const at: Path = [...path, 'certificate']
  const chain = readCertificates(reader, at, pair.certificate)
  const key = readKey(reader, [...path, 'key'], pair.key)
  const leaf = chain?.[0]
  if (leaf === undefined || chain === undefined) return
  judge(leaf, pair.certificate, (message, severity) => reader.say(at, message, severity))
  checkValidity(leaf, pair.certificate, (message) => reader.say(at, message, 'warning'))
  const stray = chain.findIndex(
    (issuer, index) => index > 0 && chain[index - 1]?.checkIssued(issuer) === false,
  )
  if (stray > 0)
    reader.say(
      at,
      `certificate ${stray + 1} in ${pair.certificate} did not issue the one before it: put the server's first, then each issuer in turn`,
      'warning',
    )
  if (key !== undefined && !leaf.checkPrivateKey(key))
    reader.say([...path, 'key'], `${pair.key} is not the key of the certificate in ${pair.certificate}`)
}

const checkAuthority: Judge = (leaf, name, complain) => {
  if (!leaf.ca) complain(`${name} is not a certificate authority, so it cannot issue certificates`)
}

const checkServer: Judge = (leaf, name, complain) => {
  if (leaf.subjectAltName === undefined)
    complain(`${name} has no subject alternative name: clients will refuse it`, 'warning')
}

function checkValidity(leaf: X509Certificate, name: string, complain: (message: string) => void): void {
  const now = Date.now()
  if (leaf.validToDate.getTime() < now) complain(`${name} expired on ${day(leaf.validToDate)}`)
  if (leaf.validFromDate.getTime() > now) complain(`${name} is not valid before ${day(leaf.validFromDate)}`)
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10)
}

function readCertificates(reader: Reader, path: Path, name: string): X509Certificate[] | undefined {
  const file = reader.read(path, name)
  if (file === undefined) return undefined
  const blocks = file.text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0) {
    reader.say(path, `${name} holds no certificate in PEM form ("-----BEGIN CERTIFICATE-----")`)
    return undefined
  }
  try {
    return blocks.map((block) => new X509Certificate(block))
  } catch {
    reader.say(path, `${name} holds a damaged certificate`)
    return undefined
  }
}

/** What is wrong with a key is said without a word of what it holds. */
function readKey(reader: Reader, path: Path, name: string): KeyObject | undefined {
  const file = reader.read(path, name)
  if (file === undefined) return undefined
  const { text, mode } = file
  if ((mode & 0o007) !== 0)
    reader.say(path, `${name} is open to every user of this machine: chmod 600 it`, 'warning')
  if (/-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(text)) {
    reader.say(path, `${name} is locked with a passphrase: store it without one, readable by Postern only`)
    return undefined
  }
  try {
    return createPrivateKey(text)
  } catch {
    reader.say(path, `${name} holds no private key in PEM form ("-----BEGIN PRIVATE KEY-----")`)
    return undefined
  }
}

/** What speaks against a directory; one that is not there is made when it is needed, with those around it. */
function checkDirectory(directory: string): string | undefined {
  try {
    for (let at = directory; ; at = dirname(at)) {
      const found = statSync(at, { throwIfNoEntry: false })
      if (found?.isDirectory()) return undefined
      if (found !== undefined) return `${at} is not a directory`
    }
  } catch (fault) {
    return `${directory} cannot be used: ${reasonOf(fault)}`
  }
}

interface SmallFile {
  readonly text: string
  readonly mode: number
}

type SmallReading = ({ readonly ok: true } & SmallFile) | { readonly ok: false; readonly reason: string }

/** Only plain files: reading a pipe or a device could wait for ever. */
function readSmall(path: string): SmallReading {
  try {
    const found = statSync(path)
    if (!found.isFile()) return { ok: false, reason: 'it is no plain file' }
    if (found.size > largestFile) return { ok: false, reason: `it is larger than ${largestFile} octets` }
    return { ok: true, text: readFileSync(path, 'latin1'), mode: found.mode }
  } catch (fault) {
    return { ok: false, reason: reasonOf(fault) }
  }
}
