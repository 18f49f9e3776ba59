/** What Postern locks opens with Debian's `age`, and what `age` locks opens with Postern. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  identityName,
  type OpenedLocker,
  openLocker,
  openUnlocker,
  recipientName,
} from '../../src/adapters/lock/index.ts'
import { run } from '../support/processes.ts'
import { pathOf, skipWithout } from '../support/programs.ts'

describe('age', { skip: skipWithout('age') }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'postern-age-'))
  let locker: OpenedLocker
  before(async () => {
    locker = await openLocker(directory)
  })
  after(() => rmSync(directory, { recursive: true }))

  for (const size of [0, 1, 65_536, 200_000])
    test(`opens ${size} octets`, async () => {
      const plain = randomBytes(size)
      const file = join(directory, `${size}.age`)
      writeFileSync(file, await locker.lock(plain))
      const { code, stdout, stderr } = await run(pathOf('age'), [
        '-d',
        '-i',
        join(directory, identityName),
        file,
      ])
      assert.equal(code, 0, stderr)
      assert.ok(stdout.equals(plain))
    })

  test('locks for the recipient', async () => {
    const plain = randomBytes(100_000)
    const { code, stdout, stderr } = await run(pathOf('age'), ['-R', join(directory, recipientName)], {
      input: plain,
    })
    assert.equal(code, 0, stderr)
    assert.deepEqual(Buffer.from(await openUnlocker(join(directory, identityName)).unlock(stdout)), plain)
  })
})
