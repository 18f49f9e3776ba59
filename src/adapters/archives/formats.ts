/** Which media types are archives, and who reads each. */

export type Format =
  | { readonly by: 'zip' }
  | { readonly by: 'gzip' }
  | { readonly by: 'zstd' }
  | { readonly by: 'tar' }
  /** The name that 7-Zip has for it; `single`: one member without a name. */
  | { readonly by: '7z'; readonly name: string; readonly single: boolean }
  /** An archive that nothing here opens. */
  | { readonly by: 'nobody'; readonly name: string }

const sevenZip = (name: string, single = false): Format => ({ by: '7z', name, single })
const nobody = (name: string): Format => ({ by: 'nobody', name })

const formats: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['application/zip', { by: 'zip' }],
  ['application/java-archive', { by: 'zip' }],
  ['application/vnd.android.package-archive', { by: 'zip' }],
  ['application/appx', { by: 'zip' }],
  ['application/x-xpinstall', { by: 'zip' }],
  ['application/epub+zip', { by: 'zip' }],
  ['application/gzip', { by: 'gzip' }],
  ['application/zstd', { by: 'zstd' }],
  ['application/x-tar', { by: 'tar' }],
  ['application/x-bzip2', sevenZip('bzip2', true)],
  ['application/x-xz', sevenZip('xz', true)],
  ['application/x-compress', sevenZip('z', true)],
  ['application/x-7z-compressed', sevenZip('7z')],
  ['application/x-rar-compressed', sevenZip('rar')],
  ['application/vnd.ms-cab-compressed', sevenZip('cab')],
  ['application/x-iso9660-image', sevenZip('iso')],
  ['application/x-arj', sevenZip('arj')],
  ['application/x-lzh-compressed', sevenZip('lzh')],
  ['application/x-cpio', sevenZip('cpio')],
  ['application/x-ms-wim', sevenZip('wim')],
  ['application/vnd.ms-htmlhelp', sevenZip('chm')],
  ['application/x-ace-compressed', nobody('ACE')],
  ['application/lzip', nobody('lzip')],
  ['application/x-lz4', nobody('LZ4')],
  ['application/x-apple-diskimage', nobody('Apple disk image')],
])

/** Documents that are a zip in themselves. */
const documents =
  /^application\/(?:vnd\.openxmlformats-officedocument\.|vnd\.oasis\.opendocument\.(?!text-flat-xml)|vnd\.ms-(?:word|excel|powerpoint|visio)\.[a-z.]*(?:macroenabled|drawing))/

/** Who reads a media type; `undefined`: it is no archive. */
export function formatOf(type: string): Format | undefined {
  return formats.get(type) ?? (documents.test(type) ? { by: 'zip' } : undefined)
}
