/** `postern explain` and `postern unlock` as administrators run them, over the sample mails of the demo. */
import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { demoMailbox } from '../../demo/index.ts'
import { eicar, eicarZip, emptyProgram } from '../../demo/payloads.ts'
import { openLocker } from '../../src/adapters/lock/index.ts'
import { assertNoneOf } from '../support/payloads.ts'
import { run } from '../support/processes.ts'

const PROGRAM = fileURLToPath(new URL('../../bin/postern', import.meta.url))
/** The rule that decides about those that do not pass as they are. */
const DECIDES: Readonly<Record<string, string>> = {
  'eicar-zip': 'antivirus "antivirus.infected" on 2/2',
  'disguised-exe': 'contentTypes "programs" on 2',
  'double-extension': 'contentTypes "programs" on 3',
}

describe('postern explain', () => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-explain-test-'))
  const postern = (...words: string[]) =>
    run(process.execPath, [PROGRAM, ...words], { cwd: folder, patience: 60_000 })
  before(() => {
    for (const { name, bytes } of demoMailbox()) writeFileSync(join(folder, `${name}.eml`), bytes)
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  for (const { name, bytes } of demoMailbox())
    test(name, async () => {
      const { code, stdout, stderr } = await postern('explain', `${name}.eml`, '--out', `${name}.out`)
      assert.deepEqual([code, stderr], [0, ''])
      const text = stdout.toString()
      const delivered = readFileSync(join(folder, `${name}.out`))
      const decides = DECIDES[name]
      if (decides === undefined) {
        assert.match(text, /\nDelivered\n {2}unchanged\n$/)
        assert.ok(delivered.equals(bytes))
      } else {
        assert.ok(text.includes(`by ${decides}\n`), text)
        assertNoneOf([eicar(), eicarZip(), emptyProgram()], delivered)
      }
    })

  test('an action of a configuration judges, and what it locks opens with its key', async () => {
    const data = join(folder, 'data')
    mkdirSync(data)
    await openLocker(data)
    const configuration = {
      ...{ version: 1, dataDirectory: 'data', policies: [{ name: 'A', upstream: 'mail.example' }] },
      proxyActions: [
        {
          name: 'Locks',
          fileNames: { rules: [{ name: 'all pdf', match: '*.pdf', action: 'lock' }] },
          contentTypes: { rules: [] },
        },
      ],
    }
    writeFileSync(join(folder, 'c.yaml'), JSON.stringify(configuration))
    const words = ['disguised-exe.eml', '-c', 'c.yaml', '--action', 'Locks']
    const { code, stdout } = await postern('explain', ...words, '--json', '--out', 'locked.eml')
    assert.equal(code, 0)
    const said: unknown = JSON.parse(stdout.toString())
    assert.partialDeepStrictEqual(said, { decidedBy: { rule: 'all pdf', action: 'lock', subject: '2' } })
    const [, attachment = ''] =
      /filename="invoice\.pdf\.age"\r\n\r\n([^-]+)/.exec(
        readFileSync(join(folder, 'locked.eml'), 'latin1'),
      ) ?? []
    writeFileSync(join(folder, 'invoice.pdf.age'), attachment)
    const unlocked = await postern('unlock', 'invoice.pdf.age', '-c', 'c.yaml')
    assert.deepEqual([unlocked.code, unlocked.stderr], [0, ''])
    assert.ok(readFileSync(join(folder, 'invoice.pdf')).equals(emptyProgram()))
  })

  test('an action that is not there: its name, and those that are; 2', async () => {
    const { code, stderr } = await postern('explain', 'plain.eml', '--action', 'Nobody')
    assert.equal(code, 2)
    assert.match(stderr, /no proxy action "Nobody".*POP3-Client\.Standard/)
  })

  test('a file that is not there: 1', async () => {
    const { code, stderr } = await postern('explain', 'nothing.eml')
    assert.deepEqual([code, stderr], [1, 'postern: nothing.eml cannot be read: there is no such file\n'])
  })
})
