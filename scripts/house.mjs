// The house as a table: which folder (room) may use which. `walls.mjs` checks the sources against it
// and writes the lint's walls (.oxlintrc.json) from it, so that who may import whom is said once.

/** Rooms that do nothing but compute: no I/O, no clock, no randomness, no waiting, no logging. */
export const PURE = ['bytes', 'events', 'pop3', 'mime', 'tls', 'policy', 'config']

const above = (...rooms) => PURE.filter((room) => !rooms.includes(room))

/**
 * One entry a room. `values`: rooms it may import; `types`: rooms it may only `import type` from;
 * `npm`: packages it may import (`true`: any); `node`: whether it may import `node:*`;
 * `inner`: each folder inside is a room of its own.
 * @type {Record<string, { path: string, values: string[], types: string[], npm: string[] | true, node: boolean, inner?: true }>}
 */
export const ROOMS = {
  bytes: { path: 'src/bytes', values: [], types: [], npm: [], node: false },
  events: { path: 'src/events', values: [], types: [], npm: [], node: false },
  pop3: { path: 'src/pop3', values: ['bytes'], types: ['events'], npm: [], node: false },
  mime: { path: 'src/mime', values: ['bytes'], types: ['events'], npm: [], node: false },
  tls: { path: 'src/tls', values: ['bytes'], types: ['events'], npm: [], node: false },
  policy: { path: 'src/policy', values: [], types: above('policy', 'config'), npm: [], node: false },
  config: {
    path: 'src/config',
    values: ['bytes', 'events', 'policy', 'tls'],
    types: ['pop3', 'mime'],
    npm: ['typebox', 'ajv', 'yaml', 'ipaddr.js', 're2js'],
    node: false,
  },
  ports: { path: 'src/ports.ts', values: [], types: PURE, npm: [], node: false },
  inspect: { path: 'src/inspect', values: ['bytes', 'mime', 'ports'], types: PURE, npm: [], node: true },
  gateway: {
    path: 'src/gateway',
    values: [...PURE, 'inspect', 'ports'],
    types: [],
    npm: [],
    node: true,
  },
  adapters: { path: 'src/adapters', values: ['ports'], types: PURE, npm: true, node: true, inner: true },
  admin: { path: 'src/admin', values: ['config', 'events', 'ports'], types: [], npm: true, node: true },
  cli: { path: 'src/cli', values: ['config', 'events', 'ports'], types: [], npm: true, node: true },
  main: {
    path: 'src/main.ts',
    values: [...PURE, 'ports', 'inspect', 'gateway', 'adapters', 'admin', 'cli', 'demo'],
    types: [],
    npm: true,
    node: true,
  },
  web: { path: 'web', values: [], types: ['admin'], npm: true, node: false },
  demo: {
    path: 'demo',
    values: ['bytes'],
    types: [],
    npm: ['@peculiar/x509', 'reflect-metadata'], // its server needs a certificate
    node: true,
  },
}

/** Folders whose files start programs and compare: they may use any room but `main`, and stand under no other wall. */
export const FREE = ['bench', 'test', 'scripts', 'bin']

/** What a test beside its source may use over and above its room. */
export const TESTS_MAY_USE = ['demo', 'test']

/** The room a file belongs to (path from the checkout's root, with `/`); `undefined` when it stands in none. */
export function roomOf(file) {
  for (const [name, room] of Object.entries(ROOMS)) {
    if (file === room.path || file.startsWith(`${room.path}/`)) return name
  }
  return FREE.find((folder) => file.startsWith(`${folder}/`))
}

export const isTest = (file) => file.endsWith('.test.ts') || file.endsWith('.test.mjs')
