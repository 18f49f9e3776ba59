/** Mail programs that most people use, each with its own way to write headers, boundaries, texts and file names. */
import { wordB, wordQ } from './pieces.ts'
import {
  type Agent,
  bareFolded,
  exchange,
  extended,
  head,
  inLine,
  pieces,
  received,
  signed,
  spaced,
  tabbed,
  usual,
  words,
} from './writing.ts'

export const widespread: readonly Agent[] = [
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
]
