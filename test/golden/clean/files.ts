/** Small whole files that honest mail has attached. None holds macros, scripts or programs. */
import { deflateSync, gzipSync } from 'node:zlib'
import { hex, ole, zip } from '../../support/file-builders.ts'

export interface Attachment {
  readonly type: string
  /** In ASCII. */
  readonly name: string
  /** As people outside of ASCII call it. */
  readonly foreignName: string
  readonly content: Buffer
}

const contentTypes = (part: string, type: string): string =>
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/${part}" ContentType="${type}"/></Types>`
const relations = (part: string): string =>
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="${part}"/></Relationships>`

function office(kind: 'word' | 'xl' | 'ppt'): Buffer {
  const [part, type, body] = {
    word: [
      'word/document.xml',
      'application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml',
      '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Hello</w:t></w:r></w:p></w:body></w:document>',
    ],
    xl: [
      'xl/workbook.xml',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml',
      '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets/></workbook>',
    ],
    ppt: [
      'ppt/presentation.xml',
      'application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml',
      '<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"/>',
    ],
  }[kind] satisfies string[]
  return zip(
    { name: '[Content_Types].xml', content: contentTypes(part ?? '', type ?? '') },
    { name: '_rels/.rels', content: relations(part ?? '') },
    { name: part ?? '', content: body ?? '' },
    { name: 'docProps/app.xml', content: '<Properties><Application>Office</Application></Properties>' },
  )
}

function pdf(...more: string[]): Buffer {
  const objects = [
    '<</Type/Catalog/Pages 2 0 R>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>',
  ]
  const packed = deflateSync(Buffer.from('BT /F1 12 Tf 72 720 Td (Hello) Tj ET')).toString('latin1')
  let text = '%PDF-1.4\n%\xe2\xe3\xcf\xd3\n'
  for (const [index, object] of [
    ...objects,
    `<</Length ${packed.length}/Filter/FlateDecode>>stream\n${packed}\nendstream`,
    ...more,
  ].entries())
    text += `${index + 1} 0 obj\n${object}\nendobj\n`
  const at = text.length
  const encrypt = more.length > 0 ? '/Encrypt 5 0 R' : ''
  text += `xref\n0 1\n0000000000 65535 f \ntrailer\n<</Size 6/Root 1 0 R${encrypt}>>\nstartxref\n${at}\n%%EOF\n`
  return Buffer.from(text, 'latin1')
}

/** A PNG of one point, a GIF of one point, a JPEG without more than its frame. */
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
export const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64')
const jpeg = hex(
  `FFD8FFE0 00104A46494600010100000100010000 FFDB0043 00${'10'.repeat(64)} FFC0000B 0800010001 01 011100 FFC40014 00 01${'00'.repeat(15)} 00 FFDA0008 010100003F00 37 FFD9`,
)
const mp3 = Buffer.concat([
  Buffer.from('ID3\x03\0\0\0\0\0\0', 'latin1'),
  ...Array.from({ length: 4 }, () => Buffer.concat([hex('FFFB9064'), Buffer.alloc(413)])),
])
const wav = Buffer.concat([
  Buffer.from('RIFF'),
  hex('24080000'),
  Buffer.from('WAVEfmt '),
  hex('10000000 0100 0100 401F0000 401F0000 0100 0800'),
  Buffer.from('data'),
  hex('00080000'),
  Buffer.alloc(2048, 0x80),
])
const tiff = Buffer.concat([
  hex(
    '49492A00 08000000 0300 0001 0300 01000000 01000000 0101 0300 01000000 01000000 0301 0300 01000000 04000000',
  ),
  Buffer.alloc(64),
])
const openDocument = (kind: string): Buffer =>
  zip(
    { name: 'mimetype', content: `application/vnd.oasis.opendocument.${kind}` },
    { name: 'content.xml', content: '<office:document-content/>' },
    { name: 'META-INF/manifest.xml', content: '<manifest:manifest/>' },
  )
const lines = (text: string): Buffer => Buffer.from(text.replaceAll('\n', '\r\n'), 'utf8')

export const files = {
  pdf: make('application/pdf', 'invoice-2026.pdf', 'Übersicht März.pdf', pdf()),
  lockedPdf: make(
    'application/pdf',
    'payslip.pdf',
    'Gehaltsabrechnung Jänner.pdf',
    pdf('<</Filter/Standard/V 2/R 3/O(x)/U(y)/P -4>>'),
  ),
  docx: make(
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'Minutes 2026-11-24.docx',
    'Протокол собрания.docx',
    office('word'),
  ),
  xlsx: make(
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    'budget.v2.xlsx',
    '予算 2026年.xlsx',
    office('xl'),
  ),
  pptx: make(
    'application/vnd.openxmlformats-officedocument.presentationml.presentation',
    'Kick-off.pptx',
    'Présentation générale.pptx',
    office('ppt'),
  ),
  odt: make('application/vnd.oasis.opendocument.text', 'letter.odt', 'Dopis č. 3.odt', openDocument('text')),
  ods: make(
    'application/vnd.oasis.opendocument.spreadsheet',
    'table.ods',
    'Tabela zażółć.ods',
    openDocument('spreadsheet'),
  ),
  doc: make(
    'application/msword',
    'contract.doc',
    'Vertrag Größe.doc',
    ole({ name: 'WordDocument', content: hex('ECA5C100 00000000 00000000') }),
  ),
  zip: make(
    'application/zip',
    'photos.zip',
    'Fotos Straße.zip',
    zip({ name: 'a/one.txt', content: 'one\n' }, { name: 'a/two.png', content: png }),
  ),
  gz: make(
    'application/gzip',
    'server.log.gz',
    'журнал.log.gz',
    gzipSync(Buffer.from('line of a log\n'.repeat(40))),
  ),
  png: make('image/png', 'image001.png', 'Bildschirmfoto für dich.png', png),
  gif: make('image/gif', 'logo.gif', 'logotipo ñ.gif', gif),
  jpeg: make('image/jpeg', 'IMG_0042.jpeg', 'Fotografía 1.jpeg', jpeg),
  tiff: make('image/tiff', 'FAX_20261124_1.TIF', 'télécopie.tif', tiff),
  mp3: make('audio/mpeg', 'voicemail.mp3', 'Sprachnachricht für Sie.mp3', mp3),
  wav: make('audio/wav', 'msg_0001.wav', 'message reçu.wav', wav),
  csv: make(
    'text/csv',
    'export.csv',
    'Ausfuhr Übersee.csv',
    lines('id;name;amount\n1;Ann;10,00\n2;Bob;20,00\n'),
  ),
  vcf: make(
    'text/vcard',
    'ann.vcf',
    'Änne.vcf',
    lines('BEGIN:VCARD\nVERSION:3.0\nN:Example;Ann;;;\nFN:Ann Example\nEMAIL:ann@example.test\nEND:VCARD\n'),
  ),
  txt: make('text/plain', 'notes.txt', 'Größen.txt', lines('Grüße\nfrom a file\n')),
  ics: make(
    'text/calendar',
    'invite.ics',
    'Einladung für alle.ics',
    lines('BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\nEND:VCALENDAR\n'),
  ),
  xml: make(
    'application/xml',
    'report.xml',
    'rapport é.xml',
    lines('<?xml version="1.0"?>\n<feedback><version>1.0</version></feedback>\n'),
  ),
  json: make('application/json', 'tls-report.json', 'données.json', lines('{"a": [1, 2, 3]}\n')),
  rtf: make('application/rtf', 'letter.rtf', 'Brief für Sie.rtf', lines('{\\rtf1\\ansi Hello}\n')),
  patch: make(
    'text/x-patch',
    '0001-fix.patch',
    'исправление.patch',
    lines('--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-int a;\n+int b;\n-- \n2.47.0\n'),
  ),
} as const satisfies Readonly<Record<string, Attachment>>

function make(type: string, name: string, foreignName: string, content: Buffer): Attachment {
  return { type, name, foreignName, content }
}
