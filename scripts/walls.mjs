// Checks what the lint cannot say: that the pure rooms compute and nothing else, that every import
// stays inside the table of house.mjs, that files are short and open with what they are for.
//   node scripts/walls.mjs            says `file:line what is wrong; what to do` and ends with 1 on a fault
//   node scripts/walls.mjs --write    writes the lint's walls into .oxlintrc.json from the same table
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FREE, isTest, PURE, ROOMS, roomOf, TESTS_MAY_USE } from './house.mjs'
import { lintConfig } from './lint-config.mjs'
import { imports, scan } from './source.mjs'

/** Longer than this and a file holds more than one idea. */
const LONGEST_FILE = 400

/** Names that reach out of a computation. `Date` with an argument only reads a number, so it is judged apart. */
const REACHES_OUT = new Map([
  ['process', 'no process here: take what you need as an argument'],
  ['console', 'no logging here: return a value, or an Effect that records an Event'],
  ['performance', 'no clock here: time is an argument'],
  ['setTimeout', 'no timers here: ask for one with an Effect'],
  ['setInterval', 'no timers here: ask for one with an Effect'],
  ['setImmediate', 'no timers here: ask for one with an Effect'],
  ['queueMicrotask', 'nothing waits here: return a value'],
  ['Promise', 'nothing waits here: return a value'],
  ['async', 'nothing waits here: return a value or an Effect'],
  ['await', 'nothing waits here: return a value or an Effect'],
  ['fetch', 'no I/O here: ask for it with an Effect'],
  ['crypto', 'no randomness here: take it as an argument'],
  ['globalThis', 'no globals here: take what you need as an argument'],
  ['Buffer', 'Buffer is Node: use Uint8Array'],
])
const SILENCERS = /\b(?:oxlint-disable|eslint-disable|biome-ignore)\b|@ts-(?:ignore|nocheck|expect-error)\b/
const UNFINISHED = /\b(?:TODO|FIXME|XXX|HACK)\b/

/**
 * Everything wrong with one file.
 * @param {string} file path from the checkout's root
 * @param {string} text its content
 * @param {(path: string) => boolean} exists whether a path from the root exists
 * @returns {{ file: string, line: number, what: string }[]}
 */
export function checkFile(file, text, exists = () => false) {
  const { tokens, comments } = scan(text)
  const room = roomOf(file)
  const faults = []
  const add = (line, what) => faults.push({ file, line, what })
  const lines = text.split('\n').length - 1
  if (lines > LONGEST_FILE)
    add(LONGEST_FILE + 1, `${lines} lines, ${LONGEST_FILE} at most; give the second idea a file of its own`)
  if (!comments.some((each) => each.first && each.text.length > 20) && !testOf(file, exists))
    add(1, 'no opening comment; say in a sentence what the file is for')
  for (const { text: comment, line } of comments) {
    if (SILENCERS.test(comment)) add(line, 'a comment silences a check; change the code, or the rule for all')
    if (UNFINISHED.test(comment)) add(line, 'unfinished work in a comment; finish it, or open an issue')
  }
  if (room === undefined)
    add(1, 'this folder is not in the house; put the file into a room, or add the room to scripts/house.mjs')
  else if (!FREE.includes(room))
    for (const found of imports(tokens))
      for (const what of wrongImport(file, room, found)) add(found.line, what)
  else
    for (const { specifier, line } of imports(tokens))
      if (resolve(file, specifier) === ROOMS.main.path)
        add(line, 'nobody imports main; start the program instead')
  if (PURE.includes(room) && !isTest(file)) for (const { line, what } of impurities(tokens)) add(line, what)
  return faults
}

/** A unit test beside the source of the same name needs no opening comment: its name says what it is for. */
const testOf = (file, exists) => isTest(file) && exists(file.replace(/\.test\.(ts|mjs)$/, '.$1'))

const resolve = (file, specifier) => posix.normalize(posix.join(posix.dirname(file), specifier))

/** What is wrong with one import of a file in `name`: no sentence, or one. */
function wrongImport(file, name, { specifier, typeOnly, dynamic }) {
  const room = ROOMS[name]
  const table = 'the table is scripts/house.mjs'
  const relaxed = isTest(file)
  if (dynamic && PURE.includes(name) && !relaxed) return ['import() waits; import at the top of the file']
  if (dynamic && specifier === '') return []
  if (!specifier.startsWith('.')) return relaxed ? [] : wrongPackage(name, room, specifier)
  const target = resolve(file, specifier)
  const other = roomOf(target)
  if (other === undefined) return [`${target} is outside the house; ${table}`]
  if (other === name && (!room.inner || folderOf(room, file) === folderOf(room, target))) return []
  if (relaxed && TESTS_MAY_USE.includes(other)) return []
  if (!room.values.includes(other)) {
    if (!room.types.includes(other)) return [`${name} must not import ${other}; ${table}`]
    if (!typeOnly) return [`${name} may import only types from ${other}; write "import type"`]
  }
  const door = ROOMS[other].inner ? folderOf(ROOMS[other], target) : ROOMS[other].path
  if (!door.endsWith('.ts') && target !== `${door}/index.ts`)
    return [`${door} is entered through its index.ts; import from ${door}/index.ts`]
  return []
}

function wrongPackage(name, room, specifier) {
  if (specifier.startsWith('node:'))
    return room.node ? [] : [`${name} imports no node:* modules; hand it the result`]
  const parts = specifier.split('/')
  const npm = specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]
  return room.npm === true || room.npm.includes(npm)
    ? []
    : [`${name} must not use the package ${npm}; the table is scripts/house.mjs`]
}

/** The folder just inside a room with inner rooms that a path lies in: src/adapters/ca/x.ts -> src/adapters/ca. */
const folderOf = (room, path) =>
  path
    .split('/')
    .slice(0, room.path.split('/').length + 1)
    .join('/')

/** Words in the code of a pure room that reach for the world. */
function impurities(tokens) {
  const found = []
  tokens.forEach((token, at) => {
    if (token.kind !== 'word') return
    const [before, after, afterThat] = [tokens[at - 1]?.text, tokens[at + 1]?.text, tokens[at + 2]?.text]
    if (before === '.' || before === '?.') return
    if (after === ':' && before !== '?') return
    const add = (what) => found.push({ line: token.line, what: `${token.text}: ${what}` })
    const remedy = REACHES_OUT.get(token.text)
    if (remedy !== undefined) add(remedy)
    if (token.text === 'Math' && after === '.' && afterThat === 'random')
      add('no randomness here: take it as an argument')
    if (token.text !== 'Date') return
    const readsClock =
      (after === '.' && afterThat === 'now') ||
      (after === '(' && (before !== 'new' || afterThat === ')')) ||
      (before === 'new' && after !== '(')
    if (readsClock) add('no clock here: time is an argument')
  })
  return found
}

/** Every source file below `root`, as a path with `/`. */
const sources = (root) =>
  globSync(['{src,web,demo,bench,test,scripts}/**/*.{ts,tsx,mjs,js}', 'bin/*'], {
    cwd: root,
    exclude: (path) => /(^|\/)(node_modules|dist|data|\.cache|results)$/.test(path),
  }).sort()

function main(root, write) {
  const rules = `${root}/.oxlintrc.json`
  const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
  const packages = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).sort()
  const wanted = `${JSON.stringify(lintConfig(packages), null, 2)}\n`
  if (write) {
    writeFileSync(rules, wanted)
    spawnSync('node_modules/.bin/biome', ['format', '--write', rules], { cwd: root, stdio: 'inherit' })
  }
  const faults = sources(root).flatMap((file) =>
    checkFile(file, readFileSync(`${root}/${file}`, 'utf8'), (path) => existsSync(`${root}/${path}`)),
  )
  const same = (text) => JSON.stringify(JSON.parse(text)) === JSON.stringify(JSON.parse(wanted))
  if (!existsSync(rules) || !same(readFileSync(rules, 'utf8')))
    faults.push({
      file: '.oxlintrc.json',
      line: 1,
      what: 'differs from scripts/house.mjs; run "npm run walls -- --write"',
    })
  for (const { file, line, what } of faults) process.stdout.write(`${file}:${line} ${what}\n`)
  return faults.length === 0 ? 0 : 1
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [root] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
  process.exitCode = main(
    root ?? fileURLToPath(new URL('..', import.meta.url)),
    process.argv.includes('--write'),
  )
}
