/** The way into the command line. */
export { demoConfiguration, demoText } from './demo.ts'
export { EXIT } from './exit.ts'
export type { ExplainRequest } from './explain.ts'
export { findConfiguration, type LoadedSnapshot, loadSnapshot } from './load.ts'
export { buildProgram, type CliActions, type CliWorld, type DemoOptions, runCli } from './program.ts'
