/** Says what content is, from the content alone: the library file-type, and signatures of our own. */
import { fileTypeFromBuffer } from 'file-type'
import type { Sniffed, Sniffer } from '../../ports.ts'
import { byDisk } from './disk-images.ts'
import { all, type Content, type Found, found, view } from './found.ts'
import { byOle } from './ole.ts'
import { byPdf, hidesPdf } from './pdf.ts'
import { byRtf, byText } from './plain.ts'
import { byLibrary, bySignature } from './signatures.ts'
import { textOf } from './text.ts'
import { byZip, endsAsZip } from './zip.ts'

/** Of the head: longer ones are cut, so that an answer takes the same time whatever the content. */
const longestHead = 4096
/** An embedded file of OneNote, MS-ONESTORE 2.6.13. */
const oneNoteFile = Buffer.from('E716E3BD65261145A4C48D4D0B7A9EAC', 'hex')

export const sniffer: Sniffer = {
  async sniff(head, whole) {
    const content = { head: view(head.subarray(0, longestHead)), whole: whole && view(whole) }
    const first = await recognise(content)
    return withFurther(content, first)
  },
}

async function recognise(content: Content): Promise<Found> {
  const { head, whole } = content
  if (head.length === 0) return found('text/plain')
  const known =
    bySignature(content) ?? byPdf(content) ?? byOle(content) ?? (await byZip(content)) ?? byBytecode(head)
  if (known !== undefined) return known
  const text = textOf(head)
  if (text !== undefined) return byText(content, text)
  if (head.toString('latin1', 0, 4) === '{\\rt') return byRtf(content)
  const disk = byDisk(content)
  if (disk !== undefined) return disk
  const mime = await byFileType(head)
  if (mime !== undefined) return byLibrary(mime)
  // HTML and scripts run in spite of some odd octets.
  const loose = byText(content, head.toString('latin1').replace(/[^\t\n\r\x20-\xff]/g, ' '))
  if (loose.type !== 'text/plain' && loose.type !== 'message/rfc822') return loose
  if (hidesPdf(content)) return found('application/pdf')
  return { type: undefined, flags: [], needsWhole: whole === undefined }
}

async function byFileType(head: Buffer): Promise<string | undefined> {
  try {
    return (await fileTypeFromBuffer(head))?.mime
  } catch {
    // It reads on where a cut head has ended.
    return undefined
  }
}

/** Python's compiled programs: a number, CR LF, and a header of zeros for the most part. */
function byBytecode(head: Buffer): Found | undefined {
  if (head.length < 16 || head[1] !== 0x0d || head[2] !== 0x0d || head[3] !== 0x0a) return undefined
  return head.readUInt32LE(4) <= 3 ? found('application/x-python-bytecode', 'script') : undefined
}

/** Types that many programs look at, and that hold no foreign files in clear: another type in them is no accident. */
const single = /^(?:image|audio|video|font)\/|^text\/html$|^application\/(?:rtf|java-vm|x-msdownload)$/

function withFurther(content: Content, { type, flags, needsWhole }: Found): Sniffed {
  const more = new Set(flags)
  if (type === 'application/onenote' && all(content).includes(oneNoteFile)) more.add('embedded')
  const plain = type !== undefined && single.test(type)
  if (plain && hidesPdf(content)) more.add('polyglot')
  const closed = plain || type === 'application/pdf' || type === undefined
  if (closed && content.whole !== undefined && endsAsZip(content)) more.add('polyglot')
  const whole = needsWhole || (type === 'application/onenote' && content.whole === undefined)
  return { type, flags: [...more], needsWhole: whole }
}
