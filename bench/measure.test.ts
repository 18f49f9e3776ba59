import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { cpuBetween, median, readCpu, readMemory } from './measure.ts'
import { members, readStat, start, stop } from './processes.ts'

/** Starts a shell that runs a Node program as its child, and gives its group to `use`. */
async function withGroup(program: string, use: (root: number) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'postern-measure-'))
  const args = ['-c', `"${process.execPath}" -e '${program}'; exit 0`]
  const group = start({ command: 'sh', args, log: join(folder, 'log') })
  try {
    await use(group.root)
  } finally {
    await stop(group.root)
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('measuring a group of processes', { skip: process.platform !== 'linux' && 'reads /proc' }, () => {
  it('counts the CPU of a child of the process that was started', async () => {
    // The child says how much it used itself, so that a busy machine changes nothing.
    const spin =
      'const c = process.cpuUsage; setTimeout(() => { while (c().user < 600000); }, 400); setTimeout(() => {}, 60000)'
    await withGroup(spin, async (root) => {
      await sleep(300)
      const before = readCpu(root)
      for (let tries = 0; tries < 100 && readCpu(root).ticks < 600; tries++) await sleep(50)
      await sleep(100)
      const used = cpuBetween(before, readCpu(root))
      assert.ok(used > 300 && used < 900, `${used} ms`)
      assert.equal(cpuBetween(before, before), 0)
    })
  })

  it('sees memory that a child takes', async () => {
    const take =
      'setTimeout(() => { globalThis.kept = Buffer.alloc(64 << 20, 1) }, 500); setTimeout(() => {}, 60000)'
    await withGroup(take, async (root) => {
      await sleep(250)
      const before = readMemory(root)
      for (let tries = 0; tries < 100 && readMemory(root).rss < before.rss + 65000; tries++) await sleep(50)
      const after = readMemory(root)
      assert.ok(after.rss - before.rss >= 65000, `rss ${before.rss} -> ${after.rss} KiB`)
      assert.ok(after.pss - before.pss >= 65000, `pss ${before.pss} -> ${after.pss} KiB`)
    })
  })

  it('leaves no process of a stopped group behind', async () => {
    let pids: number[] = []
    await withGroup('process.on("SIGTERM", () => {}); setTimeout(() => {}, 60000)', async (root) => {
      for (let tries = 0; tries < 100 && members(root).length < 2; tries++) await sleep(20)
      pids = members(root).map((stat) => stat.pid)
    })
    assert.ok(pids.length >= 2)
    assert.deepEqual(
      pids.filter((pid) => readStat(pid) !== undefined),
      [],
    )
  })
})

describe('median', () => {
  it('is the middle value, or the mean of the middle two', () => {
    assert.equal(median([9, 1, 5]), 5)
    assert.equal(median([4, 1, 9, 2]), 3)
    assert.ok(Number.isNaN(median([])))
  })
})
