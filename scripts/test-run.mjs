// Runs test files with node:test, each in a process of its own, and prints one line a file, plain
// enough for a log: what failed in full, what passed as a number, what was skipped with its reason.
import { relative } from 'node:path'
import { run } from 'node:test'
import { inspect, stripVTControlCharacters } from 'node:util'

/** What a failed file printed is shown up to this many characters from its end. */
const SHOWN_OUTPUT = 8_000

/**
 * @param {string[]} files
 * @param {{ timeout: number, concurrency: number, coverage?: boolean }} options
 *   `timeout`: milliseconds that one file may take
 * @returns {Promise<{ counts: { passed: number, failed: number, skipped: number },
 *   skipped: Map<string, number>, coverage: object | undefined }>} `skipped`: how many tests by reason
 */
export async function runFiles(files, { timeout, concurrency, coverage = false }) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  const skipped = new Map()
  const books = new Map()
  const book = (file) => {
    const name = relative(process.cwd(), file ?? '')
    if (!books.has(name)) books.set(name, { name, passed: 0, failed: 0, skipped: 0, faults: [], output: '' })
    return books.get(name)
  }
  let summary
  if (files.length === 0) return { counts, skipped, coverage: summary }
  const events = run({
    files: files.map((file) => `${process.cwd()}/${file}`.replace(/^.*\/\//, '/')),
    concurrency,
    timeout,
    coverage,
    coverageIncludeGlobs: ['src/**/*.ts'],
    coverageExcludeGlobs: ['**/*.test.ts'],
  })
  // An empty listener keeps the stream flowing; each kind of event has its own below.
  events.on('test:pass', (data) => {
    const reason = data.skip ?? data.todo
    // A suite is only its tests, unless it was skipped and so has none.
    if (data.details.type === 'suite' && reason === undefined) return
    if (reason === undefined) book(data.file).passed++
    else {
      book(data.file).skipped++
      const text = typeof reason === 'string' && reason !== '' ? reason : `no reason given (${data.name})`
      skipped.set(text, (skipped.get(text) ?? 0) + 1)
    }
  })
  events.on('test:fail', (data) => {
    const { error, type } = data.details
    // A parent only repeats that its children failed.
    if (error?.failureType === 'subtestsFailed') return
    if (type === 'suite' && error?.failureType !== 'hookFailed') return
    book(data.file).failed++
    book(data.file).faults.push({ name: data.name, line: data.line, error: error?.cause ?? error })
  })
  for (const kind of ['test:stdout', 'test:stderr'])
    events.on(kind, ({ file, message }) => {
      const each = book(file)
      each.output = (each.output + message).slice(-SHOWN_OUTPUT)
    })
  events.on('test:summary', (data) => {
    if (data.file !== undefined) print(book(data.file), data.duration_ms)
  })
  events.on('test:coverage', (data) => {
    summary = data.summary
  })
  for await (const _ of events);
  for (const each of books.values()) {
    if (!each.printed) print(each)
    for (const key of Object.keys(counts)) counts[key] += each[key]
  }
  return { counts, skipped, coverage: summary }
}

function print(book, milliseconds) {
  book.printed = true
  const say = (text) => process.stdout.write(`${text}\n`)
  const time = milliseconds === undefined ? '' : `, ${(milliseconds / 1000).toFixed(1)} s`
  const skipped = book.skipped === 0 ? '' : `, ${book.skipped} skipped`
  const failed = book.failed === 0 ? '' : `, ${book.failed} failed`
  say(
    `  ${book.failed === 0 ? 'ok    ' : 'FAILED'} ${book.name} (${book.passed} passed${failed}${skipped}${time})`,
  )
  for (const { name, line, error } of book.faults) {
    const text =
      typeof error === 'string' ? error : stripVTControlCharacters(inspect(error, { colors: false }))
    say(`    ${book.name}:${line ?? 1} ${name}`)
    say(text.replace(/^/gm, '      '))
  }
  if (book.failed > 0 && book.output.trim() !== '') say(book.output.trimEnd().replace(/^/gm, '    | '))
}
