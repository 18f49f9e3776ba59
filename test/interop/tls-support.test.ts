/** Which ports tlsSupport opens, as the machine itself sees it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freePorts } from '../support/ports.ts'
import { startPostern } from '../support/postern.ts'
import { run } from '../support/processes.ts'
import { pathOf, skipWithout } from '../support/programs.ts'

const skip = skipWithout('ss')
const cases = [
  { setting: 'disabled', opens: ['pop3'] },
  { setting: 'enabled', opens: ['pop3', 'pop3s'] },
  { setting: 'required', opens: ['pop3s'] },
  { setting: undefined, opens: ['pop3', 'pop3s'] },
] as const

for (const { setting, opens } of cases)
  test(`tlsSupport ${setting ?? 'left out'} opens ${opens.join(' and ')} and nothing else`, {
    skip,
  }, async () => {
    const [pop3 = 0, pop3s = 0] = await freePorts(2)
    const ports = { pop3, pop3s }
    const postern = await startPostern({
      configuration: {
        policies: [
          {
            ...{ name: 'ports', from: 'any', action: 'POP3-Client.Standard', listen: ['127.0.0.1'], ports },
            ...(setting === undefined ? {} : { tlsSupport: setting }),
            upstream: 'pop3s://localhost:9',
          },
        ],
      },
    })
    try {
      assert.deepEqual(await listening(postern.pid), opens.map((name) => `127.0.0.1:${ports[name]}`).sort())
    } finally {
      await postern.stop()
    }
  })

/** Addresses on which a process listens, as `ss -ltnH` shows them. */
async function listening(pid: number): Promise<string[]> {
  const { code, stdout, stderr } = await run(pathOf('ss'), ['-ltnpH'])
  assert.equal(code, 0, stderr)
  // Columns: state, queues, local address and port, the peer's, processes.
  const rows = stdout
    .toString()
    .split('\n')
    .filter((line) => line.includes(`pid=${pid},`))
  return rows.map((line) => line.trim().split(/\s+/)[3] ?? line).sort()
}
