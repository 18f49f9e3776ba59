/** The way into configuration: reading it, compiling it, and what it comes to. */
export { compile, compileActions, resolvePath } from './compile.ts'
export { jsonSchema } from './json-schema.ts'
export { predefinedActions, predefinedProfiles } from './predefined.ts'
export { formatPath, formatProblem, type Path, type Problem } from './problems.ts'
export { type Loading, loadConfiguration, type Reading, readConfiguration } from './read.ts'
export { ConfigurationSchema, type Settings } from './schema.ts'
export type * from './snapshot.ts'
export { type KindName, kinds } from './values.ts'
