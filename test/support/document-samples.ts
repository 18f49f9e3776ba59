/** Small documents of many types, each made here, with what a sniffer must say of it. */
import { deflateSync } from 'node:zlib'
import type { SniffFlag } from '../../src/ports.ts'
import { at, hex, ole, pdf, zip } from './file-builders.ts'

/** What it is for people, the file, its media type (`undefined`: unknown), its flags. */
export type FileSample = readonly [
  what: string,
  content: Buffer | string,
  type: string | undefined,
  ...flags: SniffFlag[],
]

const macroProject = { name: 'word/vbaProject.bin', content: 'x' }
const word = [
  { name: '[Content_Types].xml', content: '<Types/>' },
  { name: 'word/document.xml', content: '<w:document/>' },
]
const relations = (target: string, kind = 'attachedTemplate') => ({
  name: 'word/_rels/settings.xml.rels',
  content: `<Relationships><Relationship Id="r" Type="http://x/relationships/${kind}" Target="${target}" TargetMode="External"/></Relationships>`,
})
const openDocument = (kind: string) => ({
  name: 'mimetype',
  content: `application/vnd.oasis.opendocument.${kind}`,
})
const record = (id: number, ...bytes: number[]) => Buffer.from([id & 255, id >> 8, bytes.length, 0, ...bytes])
const packedPdf = (objects: string) =>
  Buffer.concat([
    Buffer.from('%PDF-1.5\n5 0 obj\n<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length 9>>\nstream\r\n'),
    deflateSync(objects),
    Buffer.from('\nendstream\nendobj\n'),
  ])
export const documentSamples: readonly FileSample[] = [
  ['Word', zip(...word), 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  [
    'Word with macros',
    zip(...word, macroProject),
    'application/vnd.ms-word.document.macroenabled.12',
    'macros',
  ],
  [
    'Word with macros and something behind its end',
    Buffer.concat([zip(...word, macroProject), Buffer.from('junk')]),
    'application/vnd.ms-word.document.macroenabled.12',
    'macros',
  ],
  [
    'Word with macros under other names',
    zip(...word, { name: 'Word\\VbaProjectX.BIN', content: 'x' }),
    'application/vnd.ms-word.document.macroenabled.12',
    'macros',
  ],
  [
    'Word with a template elsewhere',
    zip(...word, relations('https://x.example/t.dotm')),
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'template-remote',
  ],
  [
    'Word with an object elsewhere',
    zip(...word, relations('mhtml:http://x/y!x-usc', 'oleObject')),
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    'template-remote',
  ],
  [
    'Word with its own template',
    zip(...word, relations('file:///C:\\Users\\a\\Normal.dotm')),
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ],
  [
    'Word with a link',
    zip(...word, relations('https://x.example/', 'hyperlink')),
    'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  ],
  [
    'Excel with old macros',
    zip({ name: '[Content_Types].xml', content: '' }, { name: 'xl/macrosheets/sheet1.xml', content: '' }),
    'application/vnd.ms-excel.sheet.macroenabled.12',
    'macros',
  ],
  [
    'Excel, binary',
    zip({ name: '[Content_Types].xml', content: '' }, { name: 'xl/workbook.bin', content: '' }),
    'application/vnd.ms-excel.sheet.binary.macroenabled.12',
  ],
  [
    'OpenDocument',
    zip(openDocument('text'), { name: 'content.xml', content: 'x' }),
    'application/vnd.oasis.opendocument.text',
  ],
  [
    'OpenDocument with Basic',
    zip(openDocument('spreadsheet'), { name: 'Basic/Standard/Module1.xml', content: 'x' }),
    'application/vnd.oasis.opendocument.spreadsheet',
    'macros',
  ],
  [
    'OpenDocument with empty libraries',
    zip(openDocument('text'), { name: 'Basic/Standard/script-lb.xml', content: 'x' }),
    'application/vnd.oasis.opendocument.text',
  ],
  [
    'OpenDocument, encrypted',
    zip(openDocument('text'), {
      name: 'META-INF/manifest.xml',
      content: '<manifest:encryption-data x="y"/>',
    }),
    'application/vnd.oasis.opendocument.text',
    'encrypted',
  ],
  [
    'old Word',
    ole({ name: 'WordDocument', content: hex('ECA5C100 00000000 00000000') }),
    'application/msword',
  ],
  [
    'old Word, encrypted',
    ole({ name: 'WordDocument', content: hex('ECA5C100 00000000 00000001 0000') }),
    'application/msword',
    'encrypted',
  ],
  [
    'old Word with macros',
    ole({ name: 'WordDocument' }, { name: 'Macros' }, { name: 'VBA' }, { name: '_VBA_PROJECT' }),
    'application/msword',
    'macros',
  ],
  [
    'old Excel with old macros',
    ole({
      name: 'Workbook',
      content: Buffer.concat([record(0x809, 0, 6), record(0x85, 0, 0, 0, 0, 0, 1, 1)]),
    }),
    'application/vnd.ms-excel',
    'macros',
  ],
  [
    'old Excel with a sheet',
    ole({
      name: 'Workbook',
      content: Buffer.concat([record(0x809, 0, 6), record(0x85, 0, 0, 0, 0, 0, 0, 1)]),
    }),
    'application/vnd.ms-excel',
  ],
  [
    'old Excel, encrypted',
    ole({ name: 'Workbook', content: Buffer.concat([record(0x809, 0, 6), record(0x2f, 1, 0)]) }),
    'application/vnd.ms-excel',
    'encrypted',
  ],
  [
    'encrypted Office',
    ole({ name: 'EncryptionInfo' }, { name: 'EncryptedPackage' }),
    'application/x-cfb',
    'encrypted',
  ],
  [
    'an object of OLE',
    ole({ name: 'WordDocument' }, { name: '\x01Ole10Native' }),
    'application/msword',
    'embedded',
  ],
  ['a message of Outlook', ole({ name: '__properties_version1.0' }), 'application/vnd.ms-outlook'],
  [
    'a broken compound file with macros',
    Buffer.concat([hex('D0CF11E0A1B11AE1'), Buffer.alloc(600), Buffer.from('_VBA_PROJECT', 'utf16le')]),
    'application/x-cfb',
    'macros',
  ],
  ['OneNote', hex(`E4525C7B 8CD8A74D AEB15378 D02996D3 ${'00'.repeat(60)}`), 'application/onenote'],
  [
    'OneNote with a file',
    hex(`E4525C7B 8CD8A74D AEB15378 D02996D3 ${'00'.repeat(6000)} E716E3BD65261145A4C48D4D0B7A9EAC`),
    'application/onenote',
    'embedded',
  ],
  ['a database of Access', at(4, 'Standard ACE DB', 100), 'application/x-msaccess', 'macros'],
  ['PDF', pdf('1 0 obj <</Type/Catalog>> endobj'), 'application/pdf'],
  ['PDF behind blank lines', `\r\n\r\n${pdf('')}`, 'application/pdf'],
  ['PDF with JavaScript', pdf('<</S/JavaScript/JS(x)>>'), 'application/pdf', 'active'],
  ['PDF with JavaScript, escaped', pdf('<</S/J#61vaScr#69pt>>'), 'application/pdf', 'active'],
  ['PDF with JavaScript, packed', packedPdf('1 0 <</S/JavaScript/JS(x)>>'), 'application/pdf', 'active'],
  ['PDF that starts a program', pdf('<</S/Launch/F(x)>>'), 'application/pdf', 'active'],
  ['PDF with a file', pdf('<</Type/EmbeddedFile>>'), 'application/pdf', 'embedded'],
  ['PDF, encrypted', pdf('<</Encrypt 5 0 R>>'), 'application/pdf', 'encrypted'],
  ['RTF', '{\\rtf1\\ansi Hello}', 'application/rtf'],
  ['RTF by its short form', '{\\rt0\\ansi{\\object\\objdata 01}}', 'application/rtf', 'embedded'],
  [
    'RTF with a template elsewhere',
    '{\\rtf1{\\*\\template http://x/y}}',
    'application/rtf',
    'template-remote',
  ],
  [
    'Word 2003 with macros',
    '<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument w:macrosPresent="yes">',
    'application/xml',
    'macros',
  ],
]
