/**
 * What hangs on the sample mails. Nothing here does anything: the programs have no code, the virus
 * is the harmless test file of EICAR, and that only once it is put together.
 */
import { createCipheriv } from 'node:crypto'
import { zip } from './zip.ts'

/** The EICAR test file, in pieces, so that no scanner takes this repository for infected. */
export function eicar(): Buffer {
  const pieces = ['X5O!P%@AP[4\\PZX', '54(P^)7CC)7}$EI', 'CAR-STANDARD-ANTI', 'VIRUS-TEST-FI', 'LE!$H+H*']
  return Buffer.from(pieces.join(''), 'ascii')
}

export function eicarZip(): Buffer {
  return zip([
    {
      name: 'readme.txt',
      method: 'stored',
      content: Buffer.from('The photos are in the other file.\r\n'),
    },
    { name: 'photos/eicar.com', method: 'deflated', content: eicar() },
  ])
}

/** The headers of a 32-bit Windows program with no sections and no code: every type check says `exe`. */
export function emptyProgram(): Buffer {
  const image = Buffer.alloc(512)
  const PE_AT = 0x80
  image.write('MZ', 0, 'latin1')
  image.writeUInt16LE(0x90, 0x02) // octets on the last page
  image.writeUInt16LE(3, 0x04) // pages
  image.writeUInt16LE(4, 0x08) // paragraphs of the header
  image.writeUInt32LE(PE_AT, 0x3c)
  image.write('This program cannot be run in DOS mode.\r\r\n$', 0x4e, 'latin1')
  image.write('PE\0\0', PE_AT, 'latin1')
  image.writeUInt16LE(0x014c, PE_AT + 4) // machine: i386
  image.writeUInt16LE(0, PE_AT + 6) // sections
  image.writeUInt16LE(224, PE_AT + 20) // octets of the optional header
  image.writeUInt16LE(0x0102, PE_AT + 22) // executable, 32 bit
  image.writeUInt16LE(0x010b, PE_AT + 24) // PE32
  image.writeUInt32LE(0x0040_0000, PE_AT + 52) // image base
  image.writeUInt32LE(0x1000, PE_AT + 56) // section alignment
  image.writeUInt32LE(0x200, PE_AT + 60) // file alignment
  image.writeUInt16LE(2, PE_AT + 92) // subsystem: Windows
  image.writeUInt32LE(16, PE_AT + 116) // directories, all empty
  return image
}

/** Octets that no packer can shorten, the same ones at every run: AES-128-CTR of zeros under a zero key. */
export function noise(octets: number): Buffer {
  return createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(octets))
}
