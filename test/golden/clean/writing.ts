/** How mail programs differ: the words of agents.ts. */
import { digits, percent, type TextEncoding, utf8, wordB, wordQ } from './pieces.ts'

export interface Agent {
  readonly name: string
  /** Header lines of a mail but those of its content. */
  readonly head: (subject: string) => string
  readonly boundary: (count: number) => string
  readonly preamble: string
  /** A parameter with what stands before it. */
  readonly parameter: (name: string, value: string) => string
  readonly charset: string
  readonly encoding: TextEncoding
  /** Parameters that name a file: those of the type, those of the disposition. */
  readonly fileName: (name: string) => readonly [string, string]
  /** Where pictures in the text stand: around both texts, or beside the HTML alone. */
  readonly related: 'outside' | 'inside'
  /** Blank lines before boundary lines, and what stands behind the last one. */
  readonly gap: string
  readonly behind: string
  readonly base64Width: number
  /** Order of an attachment's header lines. */
  readonly order: readonly ('type' | 'encoding' | 'disposition' | 'id' | 'description')[]
  readonly casing: 'usual' | 'lower' | 'upper'
}

type Parameter = Agent['parameter']
export const tabbed: Parameter = (name, value) => `;\n\t${name}="${value}"`
export const spaced: Parameter = (name, value) => `;\n ${name}="${value}"`
export const inLine: Parameter = (name, value) => `; ${name}="${value}"`
/** RFC 2045 §5.1: quotes only where the value needs them. */
export const bare: Parameter = (name, value) =>
  /[^A-Za-z0-9!#$%&'*+.^_`{|}~-]/.test(value) ? inLine(name, value) : `; ${name}=${value}`
export const bareFolded: Parameter = (name, value) =>
  /[^A-Za-z0-9!#$%&'*+.^_`{|}~-]/.test(value) ? spaced(name, value) : `;\n ${name}=${value}`

const isAscii = (name: string): boolean => /^[ -~]*$/.test(name)
type Naming = Agent['fileName']
/** RFC 2047 in a parameter, as most write it although the RFC forbids it. */
export const words =
  (parameter: Parameter, word: (name: string) => string): Naming =>
  (name) => {
    const value = isAscii(name) ? name : word(name)
    return [parameter('name', value), parameter('filename', value)]
  }
export const extended =
  (parameter: Parameter, both: boolean): Naming =>
  (name) => {
    if (isAscii(name)) return [parameter('name', name), parameter('filename', name)]
    const start = parameter('x', 'y').split('x')[0] ?? '; '
    const value = `${start}filename*=UTF-8''${percent(name)}`
    return [both ? parameter('name', wordQ(name)) : '', value]
  }
/** RFC 2231 §3: in numbered pieces. */
export const pieces =
  (charset: string, withName: boolean): Naming =>
  (name) => {
    if (isAscii(name)) return [`;\n name="${name}"`, `;\n filename="${name}"`]
    const units = Array.from(name, percent)
    const [first, second] = [units.slice(0, 6).join(''), units.slice(6).join('')]
    return [
      withName ? `;\n name="${wordB(name)}"` : '',
      `;\n filename*0*=${charset}''${first};\n filename*1*=${second}`,
    ]
  }
export const raw: Naming = (name) => [`; name="${utf8(name)}"`, `; filename="${utf8(name)}"`]
export const onlyDisposition =
  (naming: Naming): Naming =>
  (name) => ['', naming(name)[1]]

/** @param mark whatever a program adds */
export const head =
  (mark: string, mime = 'MIME-Version: 1.0\n', before = '') =>
  (subject: string): string =>
    `${before}From: Ann Example <ann@example.test>\nTo: Bob Example <bob@example.test>\nSubject: ${subject}\nDate: Tue, 24 Nov 2026 10:00:00 +0000\nMessage-ID: <${digits()}@example.test>\n${mime}${mark}`

export const received =
  'Return-Path: <ann@example.test>\nReceived: from mx.example.test (mx.example.test [192.0.2.1])\n\tby mail.example.org (Postfix) with ESMTPS id 4XyZ\n\tfor <bob@example.org>; Tue, 24 Nov 2026 10:00:01 +0000 (UTC)\n'
export const signed =
  'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\n        d=example.test; s=20230601; t=1732442400; x=1733047200;\n        h=to:subject:message-id:date:from:mime-version:from:to:cc:subject;\n        bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\n        b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB4nujc7YopdG5dWLSdN\n         xJ1H2Pq=\n'
export const exchange =
  'Thread-Topic: Hello\nThread-Index: AQHZAAAAAAAA+/==\nAccept-Language: en-US, de-DE\nContent-Language: en-US\nX-MS-Has-Attach: yes\nX-MS-TNEF-Correlator:\nx-ms-exchange-antispam-messagedata-0: =?us-ascii?Q?abcdefghijklmnop?=\n =?us-ascii?Q?qrstuvwxyz0123456789?=\n'

export const usual = {
  preamble: '',
  parameter: inLine,
  charset: 'utf-8',
  encoding: 'quoted-printable',
  fileName: words(inLine, (name) => wordB(name)),
  related: 'outside',
  gap: '',
  behind: '\n',
  base64Width: 76,
  order: ['type', 'encoding', 'id', 'disposition'],
  casing: 'usual',
} as const satisfies Partial<Agent>
