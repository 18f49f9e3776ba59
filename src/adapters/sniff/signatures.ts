/**
 * Signatures that the library file-type does not know, or that must be asked first. A row: where, what,
 * the media type, and what the content is beside it.
 */
import type { SniffFlag } from '../../ports.ts'
import { type Content, type Found, found } from './found.ts'

type Row = readonly [offset: number, bytes: Buffer, type: string, ...flags: SniffFlag[]]

const hex = (digits: string): Buffer => Buffer.from(digits.replaceAll(' ', ''), 'hex')
const text = (characters: string): Buffer => Buffer.from(characters, 'latin1')

const table: readonly Row[] = [
  // Shell link with its class identifier, MS-SHLLINK 2.1.
  [0, hex('4C000000 0114 0200'), 'application/x-ms-shortcut', 'shortcut'],
  // A OneNote section, MS-ONESTORE 2.3.1; and a OneNote package of contents.
  [0, hex('E4525C7B 8CD8A74D AEB15378 D02996D3'), 'application/onenote'],
  [0, hex('A12FFF43 D9EF764C 9EE210EA 5722765F'), 'application/onenote'],
  [0, text('ITSF'), 'application/vnd.ms-htmlhelp', 'script'],
  [0, hex('3F5F0300'), 'application/winhlp', 'script'],
  // TNEF, MS-OXTNEF 2.1.3.1.
  [0, hex('789F3E22'), 'application/ms-tnef'],
  // Encoded JScript and VBScript.
  [0, text('#@~^'), 'text/x-ms-encoded-script', 'script'],
  [0, text('FasdUAS'), 'application/x-applescript', 'script'],
  [0, text('vhdxfile'), 'application/x-vhdx', 'disk-image'],
  [0, text('conectix'), 'application/x-vhd', 'disk-image'],
  [0, text('KDMV'), 'application/x-vmdk', 'disk-image'],
  [0, text('QFI\xfb'), 'application/x-qcow2', 'disk-image'],
  [0x40, hex('7F10DABE'), 'application/x-virtualbox-vdi', 'disk-image'],
  [0, text('MSWIM\0\0\0'), 'application/x-ms-wim', 'disk-image'],
  [3, text('NTFS    '), 'application/x-raw-disk-image', 'disk-image'],
  [3, text('EXFAT   '), 'application/x-raw-disk-image', 'disk-image'],
  [54, text('FAT1'), 'application/x-raw-disk-image', 'disk-image'],
  [82, text('FAT32   '), 'application/x-raw-disk-image', 'disk-image'],
  [512, text('EFI PART'), 'application/x-raw-disk-image', 'disk-image'],
  [4, text('Standard Jet DB'), 'application/x-msaccess', 'macros'],
  [4, text('Standard ACE DB'), 'application/x-msaccess', 'macros'],
  [0, text('dex\n03'), 'application/x-dalvik-executable', 'executable'],
  [0, text('SZDD'), 'application/x-ms-compress-szdd'],
  [0, text('KWAJ'), 'application/x-ms-compress-kwaj'],
  [0, text('070707'), 'application/x-cpio'],
  [0, text('070701'), 'application/x-cpio'],
  [0, text('070702'), 'application/x-cpio'],
  [0, text('age-encryption.org/v1\n'), 'application/age-encryption', 'encrypted'],
]

/** What file-type calls it, and what it is beside that. */
const flagsOfTypes: ReadonlyMap<string, readonly SniffFlag[]> = new Map<string, readonly SniffFlag[]>([
  ['application/x-msdownload', ['executable']],
  ['application/x-elf', ['executable']],
  ['application/x-mach-binary', ['executable']],
  ['application/java-vm', ['executable']],
  ['application/java-archive', ['executable']],
  ['application/vnd.android.package-archive', ['executable']],
  ['application/x-deb', ['executable']],
  ['application/x-rpm', ['executable']],
  ['application/x-google-chrome-extension', ['executable']],
  ['application/x-xpinstall', ['executable']],
  ['application/x-shockwave-flash', ['active']],
  ['application/wasm', ['executable']],
  ['application/x-ms-regedit', ['script']],
  ['application/x-ms-shortcut', ['shortcut']],
  ['application/x-ft-apple.alias', ['shortcut']],
  ['application/vnd.ms-htmlhelp', ['script']],
  ['application/x-apple-diskimage', ['disk-image']],
  ['application/x-iso9660-image', ['disk-image']],
  ['application/pgp-encrypted', ['encrypted']],
])

/** By our own table. */
export function bySignature({ head }: Content): Found | undefined {
  for (const [offset, bytes, type, ...flags] of table)
    if (head.length >= offset + bytes.length && head.subarray(offset, offset + bytes.length).equals(bytes))
      return found(type, ...flags)
  return bySmime(head)
}

/** What file-type has found, with its flags; lower case and without parameters. */
export function byLibrary(mime: string): Found {
  const type = (mime.split(';', 1)[0] ?? mime).trim().toLowerCase()
  return found(type, ...(flagsOfTypes.get(type) ?? []))
}

/** S/MIME and other CMS in DER: a SEQUENCE that begins with an object identifier of PKCS #7 (RFC 5652 §3). */
function bySmime(head: Buffer): Found | undefined {
  if (head[0] !== 0x30) return undefined
  const at = head.subarray(0, 24).indexOf(hex('06092A864886F70D0107'))
  if (at < 2 || at > 8) return undefined
  const enveloped = head[at + 10] === 3
  return found('application/pkcs7-mime', ...(enveloped ? (['encrypted'] as const) : []))
}
