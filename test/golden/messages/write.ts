/**
 * Writes the golden file of each mail, and removes those without a mail. Read the difference before it
 * is committed: every line of it is a change of what people get.
 *
 *   node test/golden/messages/write.ts
 */
import { spawnSync } from 'node:child_process'
import { globSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { embedded } from '../../support/inspection.ts'
import { goldenCases } from './cases.ts'
import { explained, folder, golden } from './golden.ts'

for (const file of globSync(`${folder}*.golden.json`)) rmSync(file)
for (const each of goldenCases) {
  const text = JSON.stringify(golden(await explained(each)), undefined, 2)
  writeFileSync(`${folder}${each.name}.golden.json`, `${text}\n`)
}
const root = fileURLToPath(new URL('../../..', import.meta.url))
spawnSync(`${root}node_modules/.bin/biome`, ['format', '--write', folder], { cwd: root, stdio: 'inherit' })
embedded.close()
