/**
 * What file extensions mean to the programs of common systems: which ones run something when a person
 * opens the file, and what content a harmless one promises. Lower case, without the dot.
 */

/** Files that act when they are opened, by kind. `.Standard` locks each kind by a rule of its own. */
export const actingExtensions = {
  /** Programs, installers and what loads into programs. */
  executable: words(`
    exe com scr pif cpl msi msp mst msix msixbundle appx appxbundle dll ocx sys drv efi gadget
    application appref-ms xbap jar jnlp class xll wll app pkg mpkg deb rpm apk run elf appimage air`),
  /** Text that an interpreter runs. */
  script: words(`
    js jse vbs vbe vb ws wsf wsc wsh hta sct wsb chm hlp bat cmd ps1 ps1xml ps2 ps2xml psc1 psc2 psd1
    psm1 psdm1 msh msh1 msh2 mshxml sh bash csh ksh zsh fish command py pyc pyo pyw pyz pyzw pl rb php
    reg inf scpt scptd applescript osx workflow action ade adp mad maf mda mde mdt mdz msc`),
  /** Files that open or run something else. */
  shortcut: words(`
    lnk url website webloc inetloc fileloc desktop scf library-ms search-ms searchconnector-ms
    settingcontent-ms appcontent-ms rdp theme themepack deskthemepack diagcab iqy oqy rqy dqy slk
    xnk job grp mcf`),
  /** File systems that open at a double click and hide where their files came from. */
  diskImage: words('iso img vhd vhdx vmdk wim swm udf nrg mdf dmg sparseimage sparsebundle toast daa'),
  /** Office documents that may hold macros, and OneNote, which carries files that run at a click. */
  macroDocument: words(`
    docm dotm xlsm xltm xlsb xlam xla pptm potm ppsm ppam ppa sldm accdb accde accda accdr mdb
    one onetoc2 onepkg pub`),
} as const

/** What people take for a document, picture or recording: what stands before the true extension in `invoice.pdf.exe`. */
const innocent = new Set(
  words(`
    pdf doc docx dot dotx rtf odt xls xlsx ods csv ppt pptx odp txt text log md jpg jpeg png gif bmp tif
    tiff webp heic svg mp3 wav m4a ogg flac mp4 m4v mov avi mkv wmv zip rar 7z gz eml msg ics vcf xml json`),
)

/** Extensions that are bait behind an innocent one: all that act, and pages that open in a browser. */
const acting = new Set([
  ...Object.values(actingExtensions).flat(),
  ...words('htm html xhtml xht shtml mht mhtml svg svgz'),
])

/** Office documents of any age: programs write each under the extension of another, and open it. */
const office = [
  'application/x-cfb',
  'application/x-ole-storage',
  'application/msword',
  'application/vnd.ms-',
  'application/vnd.openxmlformats-officedocument.',
  'application/vnd.oasis.opendocument.',
  'application/rtf',
  'text/',
  'application/xml',
  'application/zip',
  'application/encrypted',
]
const picture = ['image/']
const recording = ['audio/', 'video/', 'application/ogg', 'application/mp4']

/** What the content of a file with this extension may be found to be: beginnings of media types. */
const promises: ReadonlyMap<string, readonly string[]> = new Map<string, readonly string[]>([
  ['pdf', ['application/pdf']],
  ...words('doc docx dot dotx rtf odt xls xlsx ods ppt pptx odp csv').map((word) => [word, office] as const),
  ...words('jpg jpeg png gif bmp tif tiff webp heic').map((word) => [word, picture] as const),
  ...words('mp3 wav m4a ogg flac mp4 m4v mov avi mkv wmv').map((word) => [word, recording] as const),
  ...words('txt text log md ics vcf json').map(
    (word) => [word, ['text/', 'application/json', 'message/', 'application/xml']] as const,
  ),
])

/** Whether the two last extensions are an innocent one and, behind it, one that acts. */
export function isBait(last: string, before: string): boolean {
  return acting.has(last) && innocent.has(before) && last !== before
}

/** Whether content of this type is not what the extension promises. What promises nothing breaks no promise. */
export function breaksPromise(extension: string, sniffedType: string): boolean {
  const promised = promises.get(extension)
  return promised !== undefined && !promised.some((start) => sniffedType.startsWith(start))
}

function words(list: string): readonly string[] {
  return list.trim().split(/\s+/)
}
