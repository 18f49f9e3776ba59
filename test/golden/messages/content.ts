/** Mail that is read in one way only, with content that rules, scanners or limits speak against. */
import { gzipSync } from 'node:zlib'
import { at, hex, ole, pdf, zip } from '../../support/file-builders.ts'
import {
  type ActionOverrides,
  attached,
  closed,
  entity,
  type MailCase,
  mail,
  mixed,
  note,
  octetsOf,
  payloads,
} from './builders.ts'

const [eicar, program] = payloads.map(({ octets }) => octets)
if (eicar === undefined || program === undefined) throw new Error('there are no payloads')
const one = (name: string, content: Buffer | string, type?: string): string =>
  mixed('b1', note, attached(name, content, type))
const evilZip = zip({ name: 'readme.txt', content: 'Read me.' }, { name: 'evil.exe', content: program })
const withProgram = mixed('inner', note, attached('evil.exe', program))
const nested = (depth: number): string =>
  depth === 0
    ? note
    : entity(`Content-Type: multipart/mixed; boundary="n${depth}"`, closed(`n${depth}`, nested(depth - 1)))

const standard: Readonly<Record<string, string>> = {
  program: one('setup.exe', program),
  'program-as-pdf': one('invoice.pdf', program, 'application/pdf'),
  'program-without-name': mixed(
    'b1',
    note,
    entity('Content-Type: image/png\nContent-Transfer-Encoding: base64', program.toString('base64')),
  ),
  'program-is-body': mail(
    'Content-Type: application/octet-stream; name="evil.exe"\nContent-Transfer-Encoding: base64',
    `${program.toString('base64')}\n`,
  ),
  'program-of-linux': one('tool', hex(`7F454C46 02010100 ${'00'.repeat(60)}`)),
  'program-by-name-alone': one('harmless.exe', 'Just text.'),
  'program-of-every-case': one('Harmless.ExE', 'Just text.'),
  'program-name-with-dot-behind': one('harmless.exe.', 'Just text.'),
  'program-name-with-stream': one('harmless.exe::$DATA', 'Just text.'),
  'program-in-zip': one('papers.zip', evilZip, 'application/zip'),
  'program-in-zip-in-zip': one('papers.zip', zip({ name: 'more.zip', content: evilZip }), 'application/zip'),
  'program-in-gzip': one('papers.gz', gzipSync(program), 'application/gzip'),
  'program-in-forwarded': mixed('outer', note, entity('Content-Type: message/rfc822', withProgram)),
  'program-in-forwarded-base64': mixed(
    'outer',
    note,
    entity(
      'Content-Type: message/rfc822\nContent-Transfer-Encoding: base64',
      octetsOf(withProgram).toString('base64'),
    ),
  ),
  'program-in-forwarded-file': one('mail.eml', octetsOf(withProgram)),
  'program-in-zip-in-forwarded': mixed(
    'outer',
    note,
    entity('Content-Type: message/rfc822', one('papers.zip', evilZip)),
  ),
  'program-among-three': mixed(
    'b1',
    note,
    attached('a.txt', 'a'),
    attached('evil.exe', program),
    attached('b.txt', 'b'),
  ),
  'programs-two': mixed('b1', note, attached('one.exe', program), attached('two.scr', program)),
  'class-of-java': one('a.class', hex(`CAFEBABE 00000034 001D0A00 06000F09 ${'00'.repeat(20)}`)),
  installer: one('setup.msi', ole({ name: 'Root Entry', classId: '84100C0000000000C000000000000046' })),
  'script-of-shell': one('run.sh', '#!/bin/sh\nrm -rf ~\n'),
  'script-of-windows': one('run.vbs', 'CreateObject("WScript.Shell").Run "calc"\r\n'),
  'script-by-name': one('photo.js', 'nothing'),
  'script-in-html-application': one('form.hta', '<html><script>x()</script></html>'),
  shortcut: one('Papers.lnk', hex(`4C000000 01140200 00000000 C0000000 00000046 ${'00'.repeat(56)}`)),
  'shortcut-of-internet': one('Papers.url', '[InternetShortcut]\r\nURL=file://evil.example/x\r\n'),
  'disk-image': one('disc.iso', at(32_769, 'CD001', 40_000)),
  'disk-image-by-name': one('disc.img', 'Just text.'),
  'macros-by-name': one('letter.docm', 'Just text.'),
  onenote: one('notes.one', hex(`E4525C7B8CD8A74DAEB15378D02996D3 ${'00'.repeat(64)}`)),
  'double-extension': one('photo.jpg.js', 'nothing'),
  'double-extension-blanks': one('photo.jpg                         .exe', 'nothing'),
  'right-to-left': mixed(
    'b1',
    note,
    entity("Content-Disposition: attachment; filename*=UTF-8''photo%E2%80%AEgpj.txt", 'nothing'),
  ),
  'type-mismatch': one('photo.gif', pdf('1 0 obj <<>> endobj')),
  'name-too-long': one(`${'x'.repeat(300)}.txt`, 'nothing'),
  'eicar-alone': mail('Content-Type: text/plain', eicar.toString('latin1')),
  'eicar-attached': one('eicar.com.txt', eicar, 'text/plain'),
  'eicar-in-quoted-printable': mixed(
    'b1',
    entity(
      'Content-Type: text/plain\nContent-Transfer-Encoding: quoted-printable',
      payloads[0]?.quoted ?? '',
    ),
  ),
  'eicar-in-zip': one('papers.zip', zip({ name: 'a.txt', content: eicar }), 'application/zip'),
  'eicar-in-zip-three-deep': one(
    'papers.zip',
    zip({ name: 'b.zip', content: zip({ name: 'c.zip', content: zip({ name: 'a.txt', content: eicar }) }) }),
  ),
  'eicar-in-gzip': one('papers.gz', gzipSync(eicar)),
  'eicar-in-uuencode': mail('Content-Type: text/plain', `Hello.\n\n${payloads[0]?.uu ?? ''}\n`),
  'eicar-in-yenc': mail('Content-Type: text/plain', `Hello.\n\n${payloads[0]?.yenc ?? ''}\n`),
  'eicar-in-binhex': mail('Content-Type: text/plain', `${payloads[0]?.binhex ?? ''}\n`),
  'eicar-in-forwarded': mixed('outer', note, entity('Content-Type: message/rfc822', one('a.txt', eicar))),
  'eicar-and-program': mixed('b1', note, attached('a.txt', eicar), attached('b.exe', program)),
  'zip-encrypted': one('secret.zip', zip({ name: 'a.txt', content: 'secret', encrypted: true })),
  'zip-encrypted-in-zip': one(
    'papers.zip',
    zip({ name: 'secret.zip', content: zip({ name: 'a.txt', content: 'secret', encrypted: true }) }),
  ),
  'zip-encrypted-program': one('secret.zip', zip({ name: 'evil.exe', content: program, encrypted: true })),
  'zip-cut-short': one('papers.zip', evilZip.subarray(0, evilZip.length - 30)),
  'html-smuggling': one(
    'page.html',
    '<script>var b=new Blob([Uint8Array.from(atob(d),c=>c.charCodeAt(0))]);a.href=URL.createObjectURL(b);a.download="x.iso";a.click()</script>',
    'text/html',
  ),
  'html-active': one('page.html', '<html><body onload="x()">Hello</body></html>', 'text/html'),
  'pdf-active': one(
    'paper.pdf',
    pdf('1 0 obj <</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>> endobj'),
    'application/pdf',
  ),
  'pdf-encrypted': one(
    'paper.pdf',
    pdf(
      '1 0 obj <</Type/Catalog>> endobj 2 0 obj <</Filter/Standard/V 4/R 4>> endobj trailer <</Encrypt 2 0 R>>',
    ),
    'application/pdf',
  ),
  'age-file': one('a.pdf.age', 'age-encryption.org/v1\n-> X25519 abc\n'),
  tnef: one('winmail.dat', hex(`789F3E22 0100 ${'00'.repeat(40)}`), 'application/ms-tnef'),
  'forged-result': mail('X-Postern-Unscanned: nobody\nContent-Type: text/plain', 'Hello.\n'),
  'limit-depth': mixed('b1', nested(110)),
  'limit-header-fields': mail(`${'X: y\n'.repeat(12_000)}Content-Type: text/plain`, 'Hello.\n'),
}

const papers = mixed('b1', note, attached('paper.pdf', pdf('1 0 obj <<>> endobj')))
const byHeader = (action: string) => ({
  headers: { rules: [{ name: 'papers', match: 'Subject', value: { match: '*papers*' }, action }] },
})
const byName = (action: string) => ({ fileNames: { rules: [{ name: 'papers', match: '*.pdf', action }] } })
const special: Readonly<Record<string, readonly [ActionOverrides, string]>> = {
  'rule-header-strip': [byHeader('strip'), papers],
  'rule-header-tag': [{ ...byHeader('tag'), subjectTag: '[papers]' }, papers],
  'rule-header-replace': [byHeader('replace'), papers],
  'rule-header-drop': [byHeader('drop'), papers],
  'rule-header-block': [byHeader('block'), papers],
  'rule-header-quarantine': [byHeader('quarantine'), papers],
  'rule-name-strip': [byName('strip'), papers],
  'rule-name-lock': [byName('lock'), papers],
  'rule-name-scan': [byName('scan'), papers],
  'rule-type-no-match': [
    { contentTypes: { rules: [{ match: 'text/*', action: 'allow' }], noMatch: { action: 'strip' } } },
    papers,
  ],
  'rule-type-declared': [
    { contentTypes: { autoDetect: false, rules: [{ match: 'application/octet-stream', action: 'lock' }] } },
    papers,
  ],
  'setting-antivirus-off': [{ antivirus: { enabled: false } }, one('a.txt', eicar)],
  'setting-scan-limit': [{ antivirus: { scanLimit: '1KiB' } }, one('a.txt', 'x'.repeat(3000))],
  'setting-infected-quarantine': [{ antivirus: { infected: 'quarantine' } }, one('a.txt', eicar)],
  'firebox-program': [{ basedOn: 'POP3-Client' }, one('evil.exe', program)],
  'firebox-paper': [{ basedOn: 'POP3-Client' }, papers],
  'server-program': [{ basedOn: 'POP3-Server.Standard' }, one('evil.exe', program)],
}

export const contentCases: readonly MailCase[] = [
  ...Object.entries(standard).map(([name, text]) => ({ name, message: octetsOf(text) })),
  ...Object.entries(special).map(([name, [action, text]]) => ({ name, message: octetsOf(text), action })),
]
