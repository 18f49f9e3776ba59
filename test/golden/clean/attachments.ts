/** Attachments one by one: names as people and programs give them, and files that are larger or odder than most. */
import { deflateRawSync, gzipSync } from 'node:zlib'
import { hex, ole, pdf, zip } from '../../support/file-builders.ts'
import { noise } from '../../support/words.ts'
import { files } from './files.ts'
import { base64, type Draft, multipart, percent } from './pieces.ts'

function attached(what: string, type: string, name: string, content: Buffer | string): Draft {
  const file = /^[ -~]*$/.test(name)
    ? [`; name="${name}"`, `; filename="${name}"`]
    : ['', `;\n filename*=utf-8''${percent(name)}`]
  return [
    `attached: ${what}`,
    `From: ann@example.test\nSubject: File\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="file"\n\n${multipart(
      'file',
      [
        'Content-Type: text/plain\n\nHere.',
        `Content-Type: ${type}${file[0]}\nContent-Disposition: attachment${file[1]}\nContent-Transfer-Encoding: base64\n\n${base64(content)}`,
      ],
      { gap: '\n' },
    )}`,
  ]
}

const names = [
  'noname',
  'report.2026.11.24.pdf',
  'Contract v1.2 (final) [signed].pdf',
  'contract.docx.pdf',
  'fattura.pdf.p7m',
  'example.com.pdf',
  'file.pdf ',
  'דוח שנתי.pdf',
  'تقرير.pdf',
  'Screenshot 2026-11-24 at 10.00.00\u202fAM.pdf',
  'Übersicht.pdf',
  'año.pdf',
  '📄 file.pdf',
  '报告（最终）.pdf',
  "it's, a #file; 100% & more!.pdf",
  'ATT00001',
  'a/b.pdf',
  `${'long name '.repeat(18)}.pdf`,
  'PDF.PDF',
  '.pdf',
]

/** As programs write that do not know sizes before: they stand behind each member (APPNOTE 4.3.9). */
function streamedZip(name: string, content: Buffer): Buffer {
  const whole = zip({ name, content })
  const packed = deflateRawSync(content)
  const [nameAt, dataAt] = [30, 30 + Buffer.byteLength(name)]
  const local = Buffer.from(whole.subarray(0, dataAt + packed.length))
  const directory = Buffer.from(whole.subarray(local.length, whole.length - 22))
  const end = Buffer.from(whole.subarray(whole.length - 22))
  const descriptor = Buffer.concat([hex('504B0708'), local.subarray(14, 26)])
  local.writeUInt16LE(local.readUInt16LE(6) | 8, 6)
  local.fill(0, 14, 26)
  directory.writeUInt16LE(directory.readUInt16LE(8) | 8, 8)
  end.writeUInt32LE(end.readUInt32LE(16) + descriptor.length, 16)
  return nameAt === 30 ? Buffer.concat([local, descriptor, directory, end]) : whole
}

function tar(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512)
  header.write(name, 0)
  header.write('0000644\x000000000\x000000000\0', 100)
  header.write(`${content.length.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0        0`, 124)
  header.write('ustar\x0000', 257)
  header.write(
    `${header
      .reduce((sum, octet) => sum + octet, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  )
  return Buffer.concat([
    header,
    content,
    Buffer.alloc((512 - (content.length % 512)) % 512),
    Buffer.alloc(1024),
  ])
}

const docx = files.docx.content
const large = 400_000
const invoice = pdf(
  '<</Type/EmbeddedFile/Subtype/text#2Fxml/Length 6>>stream\n<a/>\nendstream <</AFRelationship/Data>>',
)
const svg =
  '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><rect width="1" height="1"/></svg>'
const ftyp = (brand: string): Buffer =>
  Buffer.concat([hex('00000018'), Buffer.from(`ftyp${brand}\0\0\0\0mif1${brand}`), Buffer.alloc(64)])

export const attachmentMails = (): Draft[] => [
  ...names.map((name) => attached(`named ${name}`, 'application/pdf', name, files.pdf.content)),
  ...Object.values(files).map((each) =>
    attached(`octet-stream ${each.name}`, 'application/octet-stream', each.name, each.content),
  ),
  attached('an invoice with its data', 'application/pdf', 'XRechnung.pdf', Buffer.from(invoice, 'latin1')),
  attached(
    'a large PDF',
    'application/pdf',
    'large.pdf',
    Buffer.concat([files.pdf.content.subarray(0, 15), noise(large, 3), files.pdf.content.subarray(15)]),
  ),
  attached(
    'a large photo',
    'image/jpeg',
    'IMG_1.jpg',
    Buffer.concat([files.jpeg.content.subarray(0, -2), noise(large, 5), hex('FFD9')]),
  ),
  attached(
    'a large photo with a film',
    'image/jpeg',
    'IMG_2.jpg',
    Buffer.concat([files.jpeg.content, ftyp('mp42'), noise(large, 7)]),
  ),
  attached('a large table', 'text/csv', 'large.csv', 'a;b;c\r\n'.repeat(100_000)),
  attached(
    'a large document',
    files.docx.type,
    'large.docx',
    zip(
      { name: '[Content_Types].xml', content: '<Types/>' },
      { name: 'word/media/image1.jpeg', content: noise(large, 9) },
      { name: 'word/document.xml', content: '<w:document/>' },
    ),
  ),
  attached(
    'a large archive',
    'application/zip',
    'large.zip',
    zip({ name: 'a.pdf', content: files.pdf.content }, { name: 'b.jpg', content: noise(2 * large, 11) }),
  ),
  attached(
    'a message of Outlook',
    'application/vnd.ms-outlook',
    'Hello.msg',
    ole({ name: '__properties_version1.0' }),
  ),
  attached(
    'a message of Outlook with a document',
    'application/vnd.ms-outlook',
    'Hello.msg',
    ole({ name: '__properties_version1.0' }, { name: '__substg1.0_37010102', content: docx }),
  ),
  attached(
    'a large message of Outlook with a document',
    'application/vnd.ms-outlook',
    'Large.msg',
    // The last sectors of the file, as a large directory leaves them.
    Buffer.concat([ole({ name: '__properties_version1.0' }), noise(large, 13), docx]),
  ),
  attached(
    'a large text with a zip named in it',
    'text/plain',
    'large.txt',
    'PK is no zip\r\n'.repeat(40_000),
  ),
  attached('a streamed zip', 'application/zip', 'streamed.zip', streamedZip('a.txt', Buffer.from('Hello\n'))),
  attached(
    'a zip of a Mac',
    'application/zip',
    'mac.zip',
    zip(
      { name: 'a/', content: '' },
      { name: 'a/b.pdf', content: files.pdf.content },
      { name: '__MACOSX/a/._b.pdf', content: hex('00051607000200004D6163204F532058') },
    ),
  ),
  attached(
    'a zip of documents',
    'application/x-zip-compressed',
    'papers.zip',
    zip(
      { name: 'a.docx', content: docx },
      { name: 'b.xlsx', content: files.xlsx.content },
      { name: 'ü/c.pdf', content: files.pdf.content },
    ),
  ),
  attached(
    'a zip in a zip',
    'application/zip',
    'outer.zip',
    zip({ name: 'inner.zip', content: zip({ name: 'a.txt', content: 'Hello' }) }),
  ),
  attached('an empty zip', 'application/zip', 'empty.zip', zip()),
  attached('a tar', 'application/x-tar', 'a.tar', tar('a.txt', Buffer.from('Hello\n'))),
  attached('a packed tar', 'application/gzip', 'a.tar.gz', gzipSync(tar('a.txt', Buffer.from('Hello\n')))),
  attached(
    'a mail as a file',
    'application/octet-stream',
    'Hello.eml',
    `From: a@example.test\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=eml\r\n\r\n${multipart('eml', ['Content-Type: text/plain\n\nx', 'Content-Type: text/html\n\n<p>']).replaceAll('\n', '\r\n')}`,
  ),
  attached('an SVG', 'image/svg+xml', 'logo.svg', svg),
  attached(
    'a page',
    'text/html',
    'report.html',
    '<!DOCTYPE html><html><body><table><tr><td>1</td></tr></table></body></html>',
  ),
  attached(
    'a page with a script',
    'text/html',
    'message.html',
    '<html><head><script>document.title = "x"</script></head><body onload="x()">Open</body></html>',
  ),
  attached('a HEIC', 'image/heic', 'IMG_3.HEIC', ftyp('heic')),
  attached('a film', 'video/quicktime', 'IMG_4.MOV', ftyp('qt  ')),
  attached(
    'a WebP',
    'image/webp',
    'a.webp',
    Buffer.concat([
      Buffer.from('RIFF'),
      hex('1A000000'),
      Buffer.from('WEBPVP8L'),
      hex('0D0000002F00000010071011118888FE0700'),
    ]),
  ),
  attached('an icon of a mail', 'application/octet-stream', 'oledata.mso', noise(300, 17)),
  attached('an empty file', 'application/octet-stream', 'empty.dat', ''),
  attached('an empty text', 'text/plain', 'ATT00001.txt', '\r\n'),
  attached(
    'a book',
    'application/epub+zip',
    'book.epub',
    zip(
      { name: 'mimetype', content: 'application/epub+zip' },
      { name: 'META-INF/container.xml', content: '<container/>' },
    ),
  ),
  attached(
    'a document of Pages',
    'application/vnd.apple.pages',
    'a.pages',
    zip(
      { name: 'Index/Document.iwa', content: noise(50, 19) },
      { name: 'preview.jpg', content: files.jpeg.content },
    ),
  ),
  attached('PostScript', 'application/postscript', 'a.ps', '%!PS-Adobe-3.0\nshowpage\n'),
  attached(
    'LaTeX',
    'application/x-tex',
    'a.tex',
    '\\documentclass{article}\n\\begin{document}\nHello\n\\end{document}\n',
  ),
  attached('settings', 'application/yaml', 'a.yaml', '---\na: 1\nb:\n  - c\n'),
  attached('a log', 'text/plain', 'a.log', '#!log\n2026-11-24 10:00:00 INFO GET /index.php?x=1\n'),
  attached('SQL', 'application/sql', 'a.sql', 'SELECT 1; -- one\n'),
  attached('C', 'text/x-csrc', 'a.c', '#include <stdio.h>\nint main(void) { return 0; }\n'),
  attached(
    'a certificate',
    'application/x-x509-ca-cert',
    'a.pem',
    '-----BEGIN CERTIFICATE-----\nMIIBAAAA\n-----END CERTIFICATE-----\n',
  ),
  attached('a track', 'application/gpx+xml', 'a.gpx', '<?xml version="1.0"?><gpx version="1.1"><trk/></gpx>'),
  attached(
    'a signed invoice',
    'application/pkcs7-mime',
    'IT0123_abc.xml.p7m',
    Buffer.concat([hex('3082012006092A864886F70D010702A08201113082010D'), Buffer.alloc(269, 0x5a)]),
  ),
]
