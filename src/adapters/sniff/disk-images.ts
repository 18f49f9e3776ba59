/** Disk images whose signature stands far behind the head, or at the end, and boot sectors. */
import { type Content, type Found, found } from './found.ts'

/** The first volume descriptor of ISO 9660 and of UDF: sector 16, by the sector sizes in use, with its header. */
const descriptors = [0x8001, 0x8801, 0x9001, 0x9311, 0x9319]
const volumes = [Buffer.from('CD001'), Buffer.from('BEA01'), Buffer.from('NSR0')]
/** UDF may have other descriptors before its own; this many sectors are looked at. */
const sectors = 16
/** The last 512 octets of a fixed VHD and of an Apple disk image. */
const trailer = 512

/** From the head: a master boot record with a partition table. From the whole: anything. */
export function byDisk({ head, whole }: Content): Found | undefined {
  if (isBootRecord(head)) return found('application/x-raw-disk-image', 'disk-image')
  if (whole === undefined) return undefined
  if (isVolume(whole)) return found('application/x-iso9660-image', 'disk-image')
  if (whole.length < trailer) return undefined
  const end = whole.subarray(whole.length - trailer)
  if (end.subarray(0, 8).equals(Buffer.from('conectix'))) return found('application/x-vhd', 'disk-image')
  if (end.subarray(0, 4).equals(Buffer.from('koly')))
    return found('application/x-apple-diskimage', 'disk-image')
  return undefined
}

function isVolume(whole: Buffer): boolean {
  for (const first of descriptors)
    for (let sector = 0; sector < sectors; sector += 1) {
      const at = first + sector * 2048
      if (volumes.some((mark) => whole.subarray(at, at + mark.length).equals(mark))) return true
    }
  return false
}

/** 55 AA at the end of the sector, and four entries that each begin with 00 or 80, one of them in use. */
function isBootRecord(head: Buffer): boolean {
  if (head.length < 512 || head.readUInt16BE(510) !== 0x55aa) return false
  const entries = [446, 462, 478, 494]
  return (
    entries.every((at) => head[at] === 0 || head[at] === 0x80) &&
    entries.some((at) => (head[at + 4] ?? 0) !== 0)
  )
}
