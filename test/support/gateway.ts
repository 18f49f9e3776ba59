/** The set-up that most interop tests share: one scripted upstream, Postern in front of it, ways to come in. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeCertificates } from './certificates.ts'
import { freePorts } from './ports.ts'
import { type Postern, startPostern } from './postern.ts'
import { type Script, startUpstream, type Upstream } from './upstream.ts'
import { type Connection, dial, dialTls, type TlsConnection } from './wire.ts'

export interface GatewayOptions {
  readonly script: Script
  /** How Postern speaks to the upstream; default `pop3s`. */
  readonly kind?: 'pop3' | 'pop3+stls' | 'pop3s'
  /** The proxy action; default `POP3-Client.Standard`. */
  readonly action?: string
  /** More for postern.yaml: `limits`, `timeouts`, `delivery`, … */
  readonly configuration?: Readonly<Record<string, unknown>>
}

export interface Gateway {
  readonly upstream: Upstream
  readonly postern: Postern
  readonly ports: { readonly pop3: number; readonly pop3s: number }
  /** PEM of the Proxy Authority. */
  readonly authority: string
  /** A client in clear, and one with TLS from the first byte; the greeting is still to be read. */
  dial(): Promise<Connection>
  dialTls(): Promise<TlsConnection>
  /** A client over TLS that has logged in. */
  login(): Promise<TlsConnection>
  stop(): Promise<void>
}

/** Starts both. Needs the openssl program. */
export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { script, kind = 'pop3s', action = 'POP3-Client.Standard', configuration = {} } = options
  const directory = mkdtempSync(join(tmpdir(), 'postern-gateway-'))
  const { certificate, key, authorityFile } = makeCertificates(directory)
  const upstream = await startUpstream({ certificate, key, implicit: kind === 'pop3s', script })
  const [pop3 = 0, pop3s = 0] = await freePorts(2)
  const end = async () => {
    await upstream.stop()
    rmSync(directory, { recursive: true, force: true })
  }
  const policy = { name: 'test', from: 'any', action, stls: 'offered' }
  const place = {
    listen: ['127.0.0.1'],
    ports: { pop3, pop3s },
    upstream: `${kind}://localhost:${upstream.port}`,
  }
  const postern = await startPostern({
    configuration: {
      ...{ certificates: { trusted: [authorityFile] }, policies: [{ ...policy, ...place }] },
      ...configuration,
    },
  }).catch(async (error: unknown) => {
    await end()
    throw error
  })
  const authority = readFileSync(postern.authorityFile, 'utf8')
  const enter = () => dialTls(pop3s, { authority })
  return {
    ...{ upstream, postern, ports: { pop3, pop3s }, authority },
    dial: () => dial(pop3),
    dialTls: enter,
    login: async () => {
      const connection = await enter()
      const { wire } = connection
      for (const reply of [
        await wire.line(),
        await wire.command('USER somebody'),
        await wire.command('PASS secret'),
      ])
        if (!reply.startsWith('+OK')) throw new Error(`no login: ${reply}`)
      return connection
    },
    stop: async () => {
      await postern.stop()
      await end()
    },
  }
}
