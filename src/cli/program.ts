/** The commands: their options, their help, and how they end. What they do is handed in or stands in a file of its own. */
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { jsonSchema } from '../config/index.ts'
import type { Explanation, Unlocker } from '../ports.ts'
import { EXIT } from './exit.ts'
import { type ExplainRequest, explainCommand } from './explain.ts'
import { findConfiguration, nothingFound } from './load.ts'
import { unlockCommand } from './unlock.ts'
import { validateCommand } from './validate.ts'

export interface DemoOptions {
  /** Ports of Postern on 127.0.0.1: where connections start in clear, and where they start in TLS. */
  readonly pop3Port: number
  readonly pop3sPort: number
  /** Where keys, certificates and messages are kept, as given; made when it is not there. */
  readonly directory: string
}

/** What the composition root does for the command line. Each resolves with an exit code (see `EXIT`). */
export interface CliActions {
  /** Runs the gateway until it is stopped. `config` is the file as given or found; read it with `loadSnapshot`. */
  run(options: { readonly config: string }): Promise<number>
  demo(options: DemoOptions): Promise<number>
  /** Resolves with an exit code where it cannot be done; why was said. */
  explain(request: ExplainRequest): Promise<Explanation | number>
  /** Throws an `Error` that says what is wrong with the key file. */
  openUnlocker(identityFile: string): Unlocker
}

/** What the commands see of the world. */
export interface CliWorld {
  readonly version: string
  readonly workingDirectory: string
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/**
 * Runs one command line to its end. Never throws.
 *
 * @param argv the words after `postern`
 * @returns the exit code
 */
export async function runCli(argv: readonly string[], actions: CliActions, world: CliWorld): Promise<number> {
  let code: number = EXIT.ok
  const program = buildProgram(actions, world, (result) => {
    code = result
  })
  try {
    await program.parseAsync([...argv], { from: 'user' })
    return code
  } catch (fault) {
    if (fault instanceof CommanderError) return endOf(fault)
    world.err(`postern: ${fault instanceof Error ? fault.message : String(fault)}\n`)
    return EXIT.error
  }
}

/**
 * The commands, for running and for everything that is made from them (completion, man pages).
 *
 * @param done is told the exit code of the command that ran
 */
export function buildProgram(actions: CliActions, world: CliWorld, done: (code: number) => void): Command {
  const program = new Command('postern')
    .description(
      'A POP3 security gateway: opens TLS on both sides, looks inside every message, passes on what is safe.',
    )
    .version(world.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .configureOutput({
      writeOut: world.out,
      writeErr: world.err,
      outputError: (text, write) => write(text.replace(/^error: /, 'postern: ')),
    })
    .showHelpAfterError('(--help shows what can be written here)')
    .exitOverride()
  const withConfiguration = (
    given: string | undefined,
    use: (config: string) => Promise<number> | number,
  ) => {
    const config = findConfiguration(given, world.workingDirectory)
    if (config !== undefined) return use(config)
    world.err(`postern: ${nothingFound}\n`)
    return EXIT.configuration
  }

  program
    .command('run')
    .description(
      'Run the gateway until it is stopped. The log goes to standard output, one JSON line an event.',
    )
    .option('-c, --config <file>', configHelp)
    .addHelpText('after', examples('postern run', 'postern run -c /etc/postern/postern.yaml'))
    .action(async (options: { config?: string }) =>
      done(await withConfiguration(options.config, (config) => actions.run({ config }))),
    )

  program
    .command('demo')
    .description(
      'Run Postern in front of a small POP3 server with sample mail, and print lines to try it with.',
    )
    .option('--pop3-port <port>', 'port where connections start in clear', readPort, 1110)
    .option('--pop3s-port <port>', 'port where connections start in TLS', readPort, 1995)
    .option('--directory <dir>', 'where keys and certificates are kept', './data/demo')
    .addHelpText(
      'after',
      examples('postern demo', 'postern demo --pop3-port 2110 --pop3s-port 2995 --directory /tmp/demo'),
    )
    .action(async (options: DemoOptions) => {
      const { pop3Port, pop3sPort, directory } = options
      if (pop3Port === pop3sPort)
        program.error('error: --pop3-port and --pop3s-port are the same', { exitCode: EXIT.usage })
      done(await actions.demo({ pop3Port, pop3sPort, directory }))
    })

  program
    .command('validate')
    .description(
      'Check a configuration, and that the files it names are there and fit. Changes and opens nothing.',
    )
    .option('-c, --config <file>', configHelp)
    .option('--strict', 'treat warnings as errors', false)
    .option('--json', 'print the result as JSON', false)
    .addHelpText(
      'after',
      `${examples('postern validate', 'postern validate -c new.yaml --strict', 'postern validate --json | jq .problems')}\nExit code 0: sound. 78: not, or with --strict not without warnings.\n`,
    )
    .action(async (options: { config?: string; strict: boolean; json: boolean }) =>
      done(
        await withConfiguration(options.config, (config) => validateCommand({ ...options, config }, world)),
      ),
    )

  program
    .command('explain')
    .description('Say what would happen to a message and why: its parts, what was found, which rule decided.')
    .argument('<file>', 'the message, as a file')
    .option('--action <name>', 'proxy action that judges', 'POP3-Client.Standard')
    .option('-c, --config <file>', `${configHelp}; without one the predefined proxy actions are there`)
    .option('--out <file>', 'write what would be delivered')
    .option('--verbose', 'show also rules that did not match', false)
    .option('--json', 'print the result as JSON', false)
    .addHelpText(
      'after',
      `${examples('postern explain mail.eml', 'postern explain mail.eml --action Staff -c postern.yaml --out delivered.eml')}\nWhat is locked is locked for the key of the configuration; where there is none, for one that is thrown\naway. Exit code 0 whatever is decided, 1 when the message cannot be read.\n`,
    )
    .action(
      async (
        file: string,
        options: { action: string; config?: string; out?: string; verbose: boolean; json: boolean },
      ) => {
        const found = findConfiguration(options.config, world.workingDirectory)
        const settings = { ...options, file, config: found, out: options.out }
        done(await explainCommand(settings, (request) => actions.explain(request), world))
      },
    )

  program
    .command('unlock')
    .description(
      'Open what Postern has locked: an .age file, or the attachment in base64 as it stood in the mail.',
    )
    .argument('<file>', 'the locked file')
    .option('--identity <file>', 'the key (default: lock-identity.txt in the data directory)')
    .option('-c, --config <file>', configHelp)
    .option('--out <file>', 'where to write the content (default: the same name without .age)')
    .option('--force', 'write over a file that is there', false)
    .addHelpText(
      'after',
      examples(
        'postern unlock report.pdf.age',
        'postern unlock report.pdf.age --identity key.txt --out report.pdf',
      ),
    )
    .action(
      async (file: string, options: { identity?: string; config?: string; out?: string; force: boolean }) => {
        const { identity, out, force } = options
        const found = findConfiguration(options.config, world.workingDirectory)
        const settings = { file, identity, config: found, out, force }
        done(await unlockCommand(settings, (key) => actions.openUnlocker(key), world))
      },
    )

  const config = program.command('config').description('Help for writing configurations.').helpCommand(false)
  config
    .command('schema')
    .description(
      'Print the JSON Schema of the configuration, for editors that complete and check while you type.',
    )
    .addHelpText(
      'after',
      `${examples('postern config schema > postern.schema.json')}\nThen begin postern.yaml with:\n  # yaml-language-server: $schema=postern.schema.json\n`,
    )
    .action(() => {
      world.out(`${JSON.stringify(jsonSchema(), undefined, 2)}\n`)
      done(EXIT.ok)
    })
  return program
}

const configHelp = 'configuration file (default: ./postern.yaml, else /etc/postern/postern.yaml)'

function examples(...lines: readonly string[]): string {
  return `\n${lines.length === 1 ? 'Example' : 'Examples'}:\n${lines.map((line) => `  $ ${line}`).join('\n')}\n`
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw new InvalidArgumentError('Expected a port from 1 to 65535.')
  return port
}

/** Help and version asked for are no faults; help shown for want of a command is. */
function endOf(fault: CommanderError): number {
  return fault.code === 'commander.helpDisplayed' || fault.code === 'commander.version' ? EXIT.ok : EXIT.usage
}
