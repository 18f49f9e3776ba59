/**
 * Mail programs and services, each with its own way to write headers, boundaries, texts and file names.
 * What is the same in all lies in shapes.ts.
 */
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
const tabbed: Parameter = (name, value) => `;\n\t${name}="${value}"`
const spaced: Parameter = (name, value) => `;\n ${name}="${value}"`
const inLine: Parameter = (name, value) => `; ${name}="${value}"`
/** RFC 2045 §5.1: quotes only where the value needs them. */
const bare: Parameter = (name, value) =>
  /[^A-Za-z0-9!#$%&'*+.^_`{|}~-]/.test(value) ? inLine(name, value) : `; ${name}=${value}`
const bareFolded: Parameter = (name, value) =>
  /[^A-Za-z0-9!#$%&'*+.^_`{|}~-]/.test(value) ? spaced(name, value) : `;\n ${name}=${value}`

const isAscii = (name: string): boolean => /^[ -~]*$/.test(name)
type Naming = Agent['fileName']
/** RFC 2047 in a parameter, as most write it although the RFC forbids it. */
const words =
  (parameter: Parameter, word: (name: string) => string): Naming =>
  (name) => {
    const value = isAscii(name) ? name : word(name)
    return [parameter('name', value), parameter('filename', value)]
  }
const extended =
  (parameter: Parameter, both: boolean): Naming =>
  (name) => {
    if (isAscii(name)) return [parameter('name', name), parameter('filename', name)]
    const start = parameter('x', 'y').split('x')[0] ?? '; '
    const value = `${start}filename*=UTF-8''${percent(name)}`
    return [both ? parameter('name', wordQ(name)) : '', value]
  }
/** RFC 2231 §3: in numbered pieces. */
const pieces =
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
const raw: Naming = (name) => [`; name="${utf8(name)}"`, `; filename="${utf8(name)}"`]
const onlyDisposition =
  (naming: Naming): Naming =>
  (name) => ['', naming(name)[1]]

/** @param mark whatever a program adds */
const head =
  (mark: string, mime = 'MIME-Version: 1.0\n', before = '') =>
  (subject: string): string =>
    `${before}From: Ann Example <ann@example.test>\nTo: Bob Example <bob@example.test>\nSubject: ${subject}\nDate: Tue, 24 Nov 2026 10:00:00 +0000\nMessage-ID: <${digits()}@example.test>\n${mime}${mark}`

const received =
  'Return-Path: <ann@example.test>\nReceived: from mx.example.test (mx.example.test [192.0.2.1])\n\tby mail.example.org (Postfix) with ESMTPS id 4XyZ\n\tfor <bob@example.org>; Tue, 24 Nov 2026 10:00:01 +0000 (UTC)\n'
const signed =
  'DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\n        d=example.test; s=20230601; t=1732442400; x=1733047200;\n        h=to:subject:message-id:date:from:mime-version:from:to:cc:subject;\n        bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\n        b=AuUoFEfDxTDkHlLXSZEpZj79LICEps6eda7W3deTVFOk4yAUoqOB4nujc7YopdG5dWLSdN\n         xJ1H2Pq=\n'
const exchange =
  'Thread-Topic: Hello\nThread-Index: AQHZAAAAAAAA+/==\nAccept-Language: en-US, de-DE\nContent-Language: en-US\nX-MS-Has-Attach: yes\nX-MS-TNEF-Correlator:\nx-ms-exchange-antispam-messagedata-0: =?us-ascii?Q?abcdefghijklmnop?=\n =?us-ascii?Q?qrstuvwxyz0123456789?=\n'

const usual = {
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

export const agents: readonly Agent[] = [
  {
    ...usual,
    name: 'outlook',
    head: head('X-Mailer: Microsoft Outlook 16.0\nThread-Index: AQHZAAAA\nContent-Language: de\n'),
    boundary: (n) => `----=_NextPart_000_00${12 + n}_01D9A1B2.C3D4E5F0`,
    ...{
      preamble: 'This is a multipart message in MIME format.\n\n',
      parameter: tabbed,
      charset: 'iso-8859-1',
    },
    ...{ gap: '\n', behind: '\n\n', fileName: words(tabbed, (name) => wordB(name)) },
  },
  {
    ...usual,
    name: 'exchange',
    head: head(exchange, 'MIME-Version: 1.0\n', received),
    boundary: (n) => `_00${n}_AM0PR01MB1234ABCDEF0123456789AM0PR01MB1234eurp_`,
    ...{
      parameter: tabbed,
      charset: 'iso-8859-1',
      gap: '\n',
      fileName: words(tabbed, (name) => wordQ(name)),
    },
    order: ['type', 'description', 'disposition', 'id', 'encoding'],
  },
  {
    ...usual,
    name: 'outlook-web',
    head: head(
      exchange.replace('Thread-Topic', 'Importance: normal\nThread-Topic'),
      'MIME-Version: 1.0\n',
      received + signed,
    ),
    boundary: (n) => `_00${9 - n}_VI1PR04MB567890ABCDEFVI1PR04MB5678eurp_`,
    ...{ parameter: tabbed, encoding: 'base64', gap: '\n', fileName: words(tabbed, (name) => wordB(name)) },
    order: ['type', 'description', 'disposition', 'encoding', 'id'],
  },
  {
    ...usual,
    name: 'outlook-express',
    head: head(
      'X-Priority: 3\nX-MSMail-Priority: Normal\nX-Mailer: Microsoft Outlook Express 6.00.2900.5931\nX-MimeOLE: Produced By Microsoft MimeOLE V6.00.2900.6157\n',
    ),
    boundary: (n) => `----=_NextPart_000_000${n}_01C9A1B2.C3D4E5F0`,
    ...{
      preamble: 'This is a multi-part message in MIME format.\n\n',
      parameter: tabbed,
      charset: 'Windows-1252',
    },
    ...{ gap: '\n', behind: '\n\n', fileName: words(tabbed, (name) => wordQ(name, 'iso-8859-1')) },
  },
  {
    ...usual,
    name: 'outlook-ios',
    head: head('User-Agent: Microsoft-MacOutlook/16.79.23111718\n'),
    boundary: (n) => `B_37840${n}12345_123456789`,
    ...{
      preamble:
        '> This message is in MIME format. Since your mail reader does not understand\nthis format, some or all of this message may not be legible.\n\n',
    },
    ...{ parameter: tabbed, charset: 'UTF-8', gap: '\n\n', fileName: extended(tabbed, true) },
  },
  {
    ...usual,
    name: 'gmail',
    head: head('', 'MIME-Version: 1.0\n', received + signed),
    boundary: (n) => `00000000000000abcdef0628a1b2c${n}`,
    ...{ charset: 'UTF-8', encoding: 'quoted-printable', gap: '\n', behind: '\n' },
    order: ['type', 'disposition', 'encoding', 'id'],
  },
  {
    ...usual,
    name: 'gmail-app',
    head: head(
      'In-Reply-To: <0@example.test>\nReferences: <0@example.test>\n',
      'MIME-Version: 1.0\n',
      signed,
    ),
    boundary: (n) => `000000000000${n}f0a1b05f1e2d3c4`,
    ...{ charset: 'UTF-8', encoding: 'base64', gap: '\n', order: ['type', 'disposition', 'encoding', 'id'] },
  },
  {
    ...usual,
    name: 'apple-mail',
    head: head(
      'X-Mailer: Apple Mail (2.3774.300.61.1.2)\n',
      'Mime-Version: 1.0 (Mac OS X Mail 16.0 \\(3774.300.61.1.2\\))\n',
    ),
    boundary: (n) => `Apple-Mail=_1B2C3D4E-5F60-7182-93A4-B5C6D7E8F90${n}`,
    ...{ preamble: '\n', parameter: tabbed, related: 'inside', gap: '\n', fileName: pieces('utf-8', false) },
    order: ['disposition', 'type', 'encoding', 'id'],
  },
  {
    ...usual,
    name: 'apple-ios',
    head: head('X-Mailer: iPhone Mail (21F90)\n', 'Mime-Version: 1.0 (1.0)\n'),
    boundary: (n) => `Apple-Mail-${n}DDDDDDD-1111-2222-3333-444444444444`,
    ...{
      preamble: '\n',
      parameter: bareFolded,
      related: 'inside',
      gap: '\n',
      fileName: pieces('utf-8', true),
    },
    order: ['type', 'disposition', 'id', 'encoding'],
  },
  {
    ...usual,
    name: 'apple-old',
    head: head('X-Mailer: Apple Mail (2.753.1)\n', 'Mime-Version: 1.0 (Apple Message framework v753.1)\n'),
    boundary: (n) => `Apple-Mail-${n}--123456789`,
    ...{
      preamble: '\n',
      parameter: (name, value) => `;\n\t${name}=${/[^\w.-]/.test(value) ? `"${value}"` : value}`,
    },
    ...{ charset: 'ISO-8859-1', related: 'inside', gap: '\n', fileName: pieces('utf-8', false) },
    order: ['encoding', 'type', 'disposition', 'id'],
  },
  {
    ...usual,
    name: 'thunderbird',
    head: head(
      'User-Agent: Mozilla Thunderbird\nContent-Language: en-US, de-DE\nAutocrypt: addr=ann@example.test; keydata=\n xsBNBF+abcBCADAAAA\n BBBB==\n',
    ),
    boundary: (n) => `------------0aBcDeFgHiJkLmNoPqRsTuV${n}`,
    ...{ preamble: 'This is a multi-part message in MIME format.\n', charset: 'UTF-8', encoding: '8bit' },
    ...{
      related: 'inside',
      gap: '\n',
      fileName: extended(inLine, true),
      order: ['type', 'disposition', 'id', 'encoding'],
    },
  },
  {
    ...usual,
    name: 'thunderbird-old',
    head: head('User-Agent: Mozilla/5.0 (X11; Linux i686; rv:38.0) Gecko/20100101\n Thunderbird/38.5.0\n'),
    boundary: (n) => `------------0${n}0801070009040203010506`,
    ...{
      preamble: 'This is a multi-part message in MIME format.\n',
      parameter: spaced,
      charset: 'windows-1252',
    },
    ...{
      encoding: '8bit',
      related: 'inside',
      gap: '\n',
      fileName: pieces('UTF-8', true),
      order: ['type', 'encoding', 'id', 'disposition'],
    },
  },
  {
    ...usual,
    name: 'yahoo',
    head: head(
      'References: <1.2.ref@mail.yahoo.example>\nX-Mailer: WebService/1.1.22806 YMailNorrin\n',
      'MIME-Version: 1.0\n',
      received + signed,
    ),
    boundary: (n) => `----=_Part_${n}12345_987654321.1732442400000`,
    ...{ parameter: (name, value) => `; \n\t${name}="${value}"`, charset: 'UTF-8', related: 'inside' },
    fileName: words(
      (name, value) => `; ${name}="${value}"`,
      (name) => wordQ(name),
    ),
  },
  {
    ...usual,
    name: 'k9',
    head: head('User-Agent: K-9 Mail for Android\n'),
    boundary: (n) => `----9JQX8N1V7T3Z5L2W4R6Y0C${n}AUTOMATIC`,
    ...{
      parameter: spaced,
      charset: 'utf-8',
      related: 'inside',
      fileName: words(spaced, (name) => wordB(name)),
    },
    order: ['type', 'encoding', 'disposition', 'id'],
  },
  {
    ...usual,
    name: 'fairemail',
    head: head('X-Mailer: FairEmail 1.2201\nX-Correlation-ID: <x@example.test>\n'),
    boundary: (n) => `----=_Part_${n}_150443366.1732442400123`,
    ...{
      parameter: bare,
      related: 'inside',
      fileName: extended(bare, false),
      order: ['type', 'encoding', 'disposition', 'id'],
    },
  },
  {
    ...usual,
    name: 'samsung',
    head: head('X-Priority: 3\nImportance: normal\n'),
    boundary: (n) => `--_com.samsung.android.email_123456789${n}`,
    ...{
      encoding: 'base64',
      gap: '\n',
      behind: '\n\n',
      fileName: words(spaced, (name) => wordB(name, 'UTF-8')),
    },
  },
  {
    ...usual,
    name: 'mutt',
    head: head('User-Agent: Mutt/2.2.12 (2023-09-09)\n'),
    boundary: (n) => `${n}LwW3qYmV0a/bCd+E`,
    ...{ preamble: '\n', parameter: bare, charset: 'iso-8859-1', encoding: '8bit', related: 'inside' },
    ...{
      gap: '\n',
      fileName: onlyDisposition(extended(bare, false)),
      order: ['type', 'disposition', 'encoding', 'id'],
    },
  },
  {
    ...usual,
    name: 'alpine',
    head: head('User-Agent: Alpine 2.26 (LFD 649 2022-06-02)\n'),
    boundary: (n) => `8323329-${n}23456789-1732442400=:12345`,
    ...{
      preamble:
        '  This message is in MIME format.  The first part should be readable text,\n  while the remaining parts are likely unreadable without MIME-aware tools.\n\n',
    },
    ...{
      charset: 'US-ASCII',
      encoding: '7bit',
      gap: '\n',
      base64Width: 60,
      casing: 'upper',
      fileName: extended(inLine, false),
    },
    order: ['type', 'encoding', 'id', 'description', 'disposition'],
  },
  {
    ...usual,
    name: 'evolution',
    head: head('User-Agent: Evolution 3.46.4-2\n'),
    boundary: (n) => `=-${n}bCdEfGhIjKlMnOpQrSt`,
    ...{
      preamble: '\n',
      charset: 'UTF-8',
      related: 'inside',
      gap: '\n',
      behind: '\n\n',
      fileName: extended(inLine, true),
    },
    order: ['id', 'type', 'disposition', 'encoding'],
  },
  {
    ...usual,
    name: 'kmail',
    head: head('', 'MIME-Version: 1.0\n'),
    boundary: (n) => `nextPart${n}234567.ABCDEFGHIJ`,
    ...{
      preamble: 'This is a multi-part message in MIME format.\n\n',
      charset: 'utf-8',
      related: 'inside',
      gap: '\n',
    },
    fileName: extended(inLine, false),
  },
  {
    ...usual,
    name: 'roundcube',
    head: head('User-Agent: Roundcube Webmail/1.6.5\nX-Sender: ann@example.test\n'),
    boundary: (n) => `=_${n}a2b3c4d5e6f708192a3b4c5d6e7f809`,
    ...{ parameter: bareFolded, charset: 'UTF-8', encoding: '7bit', related: 'inside', gap: '\n' },
    fileName: extended(bareFolded, false),
  },
  {
    ...usual,
    name: 'squirrelmail',
    head: head('User-Agent: SquirrelMail/1.4.23\nX-Priority: 3 (Normal)\nImportance: Normal\n'),
    boundary: (n) => `----=_2026112410000${n}_12345`,
    ...{
      parameter: bareFolded,
      charset: 'iso-8859-1',
      encoding: '8bit',
      gap: '\n',
      behind: '\n\n',
      fileName: words(spaced, (name) => wordQ(name, 'iso-8859-1')),
    },
    order: ['type', 'id', 'disposition', 'encoding'],
  },
  {
    ...usual,
    name: 'horde',
    head: head('User-Agent: Horde Application Framework 5\n'),
    boundary: (n) => `=_YmFzZTY0LWxpa2${n}`,
    ...{
      preamble: 'This message is in MIME format.\n\n',
      parameter: bare,
      related: 'inside',
      gap: '\n',
      behind: '\n\n',
    },
    ...{ fileName: extended(bare, false), order: ['type', 'description', 'disposition', 'encoding', 'id'] },
  },
  {
    ...usual,
    name: 'proton',
    head: head(
      'Feedback-ID: 12345:user:proton\nX-Pm-Message-ID: 0123456789abcdef\n',
      'MIME-Version: 1.0\n',
      signed,
    ),
    boundary: (n) => `b1_aBcDeFgHiJkLmNoPqRsTuVwXyZ012345678${n}`,
    ...{
      preamble: 'This is a multi-part message in MIME format.\n\n',
      parameter: bare,
      encoding: 'base64',
      gap: '\n',
      behind: '\n\n',
      fileName: words(bare, (name) => wordB(name)),
    },
  },
  {
    ...usual,
    name: 'zimbra',
    head: head(
      'X-Originating-IP: [192.0.2.7]\nX-Mailer: Zimbra 9.0.0_GA_4508 (ZimbraWebClient - GC119 (Win)/9.0.0_GA_4508)\n',
    ),
    boundary: (n) => `----=_Part_${n}_1880266117.1732442400000`,
    ...{
      parameter: (name, value) => `; \n\t${name}="${value}"`,
      casing: 'usual',
      related: 'outside',
      gap: '\n',
      fileName: words(bare, (name) => wordQ(name, 'utf-8')),
    },
  },
  {
    ...usual,
    name: 'notes',
    head: head(
      'X-Mailer: HCL Domino Release 12.0.2 November 03, 2022\nX-MIMETrack: Serialize by Router on MX/Example(Release 12.0.2|November 03, 2022) at\n 24.11.2026 11:00:00\n',
    ),
    boundary: (n) => `=_mixed 0036${n}1A2C1258AB0`,
    ...{
      parameter: (name, value) => `; ${name}="${value}"`,
      charset: 'ISO-8859-1',
      gap: '\n',
      behind: '\n',
      fileName: words(inLine, (name) => wordB(name, 'UTF-8')),
    },
    order: ['type', 'id', 'encoding', 'disposition'],
  },
  {
    ...usual,
    name: 'groupwise',
    head: head('X-Mailer: GroupWise 18.4.0\n'),
    boundary: (n) => `=__Part5A6B7C8D.${n}__=`,
    ...{
      preamble:
        'This is a MIME message. If you are reading this text, you may want to \nconsider changing to a mail reader or gateway that understands how to \nproperly handle MIME multipart messages.\n\n',
    },
    ...{ charset: 'UTF-8', gap: '\n', behind: '\n\n', fileName: extended(inLine, true) },
  },
  {
    ...usual,
    name: 'eudora',
    head: head(
      'X-Mailer: QUALCOMM Windows Eudora Version 7.1.0.9\nX-Sender: ann@pop.example.test (Unverified)\n',
    ),
    boundary: (n) => `=====================_${n}23456789==_`,
    ...{
      charset: 'us-ascii',
      encoding: '7bit',
      gap: '\n',
      behind: '\n',
      fileName: words(inLine, (name) => wordQ(name, 'iso-8859-1')),
    },
  },
  {
    ...usual,
    name: 'the-bat',
    head: head(
      'X-Mailer: The Bat! (v10.5) Professional\nReply-To: Ann <ann@example.test>\nOrganization: Example\nX-Priority: 3 (Normal)\n',
    ),
    boundary: (n) => `----------0${n}A1B2C3D4E5F6071`,
    ...{
      parameter: bareFolded,
      charset: 'windows-1252',
      gap: '\n',
      behind: '\n\n',
      fileName: words(spaced, (name) => wordB(name)),
    },
  },
  {
    ...usual,
    name: 'claws',
    head: head('X-Mailer: Claws Mail 4.1.1 (GTK 3.24.38; x86_64-pc-linux-gnu)\n'),
    boundary: (n) => `MP_/aB${n}cDeFgHiJkLmNoP.qRsT`,
    ...{
      parameter: bare,
      charset: 'UTF-8',
      encoding: '8bit',
      related: 'inside',
      gap: '\n',
      fileName: extended(bare, false),
    },
    order: ['type', 'encoding', 'disposition', 'id'],
  },
  {
    ...usual,
    name: 'foxmail',
    head: head(
      'X-Priority: 3\nX-GUID: 01234567-89AB-CDEF-0123-456789ABCDEF\nX-Has-Attach: yes\nX-Mailer: Foxmail 7.2.25.254[cn]\n',
      'Mime-Version: 1.0\n',
    ),
    boundary: (n) => `----=_001_NextPart${n}12345678901_=----`,
    ...{
      preamble: 'This is a multi-part message in MIME format.\n\n',
      parameter: tabbed,
      charset: 'gb2312',
      encoding: 'base64',
      gap: '\n',
      behind: '\n\n',
    },
    fileName: words(tabbed, (name) => wordB(name)),
  },
  {
    ...usual,
    name: 'gmx',
    head: head(
      'Importance: normal\nSensitivity: Normal\nX-UI-Message-Type: mail\nX-Provags-ID: V03:K1:abc+/=\n',
      'MIME-Version: 1.0\n',
      signed,
    ),
    boundary: (n) => `sgnirk-${n}a2b3c4d-5e6f-7081-92a3-b4c5d6e7f809`,
    ...{ parameter: bareFolded, charset: 'UTF-8', gap: '\n', fileName: extended(bareFolded, false) },
  },
  {
    ...usual,
    name: 'phpmailer',
    head: head('X-Mailer: PHPMailer 6.9.1 (https://github.com/PHPMailer/PHPMailer)\n'),
    boundary: (n) => `b${n}=_aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789`,
    ...{
      preamble: 'This is a multi-part message in MIME format.\n\n',
      parameter: bareFolded,
      encoding: '8bit',
      related: 'outside',
      gap: '\n',
      behind: '\n\n',
      fileName: raw,
    },
  },
  {
    ...usual,
    name: 'javamail',
    head: head('', 'Mime-Version: 1.0\n'),
    boundary: (n) => `----=_Part_${n}_${n}23456.1732442400000`,
    ...{
      parameter: (name, value) => `; \n\t${name}=${/[^\w.-]/.test(value) ? `"${value}"` : value}`,
      charset: 'UTF-8',
      encoding: 'quoted-printable',
      fileName: pieces('UTF-8', true),
    },
  },
  {
    ...usual,
    name: 'python',
    head: head(''),
    boundary: (n) => `===============${n}234567890123456789==`,
    ...{
      charset: 'utf-8',
      encoding: 'base64',
      gap: '\n',
      fileName: onlyDisposition(extended(inLine, false)),
      casing: 'lower',
    },
  },
  {
    ...usual,
    name: 'nodemailer',
    head: head('X-Mailer: nodemailer\n'),
    boundary: (n) => `--_NmP-0123456789abcdef-Part_${n}`,
    ...{ parameter: bareFolded, fileName: words(bareFolded, (name) => wordQ(name)), gap: '\n', behind: '\n' },
  },
  {
    ...usual,
    name: 'mime-lite',
    head: head('X-Mailer: MIME::Lite 3.033 (F2.86; T2.17; A2.20; B3.16; Q3.16)\n'),
    boundary: (n) => `_----------=_173244240012345${n}`,
    ...{
      preamble: 'This is a multi-part message in MIME format.\n\n',
      encoding: '8bit',
      gap: '\n',
      behind: '\n\n',
      fileName: words(inLine, (name) => wordB(name)),
    },
    order: ['disposition', 'encoding', 'type', 'id'],
  },
  {
    ...usual,
    name: 'dotnet',
    head: head('', 'MIME-Version: 1.0\n'),
    boundary: (n) => `--boundary_${n}_01234567-89ab-cdef-0123-456789abcdef`,
    ...{
      parameter: bare,
      charset: 'utf-8',
      encoding: 'base64',
      gap: '\n',
      behind: '\n',
      fileName: words(inLine, (name) => wordB(name)),
      base64Width: 76,
    },
    casing: 'lower',
  },
]
