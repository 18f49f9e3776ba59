/**
 * What clients are shown: leaves minted under the Proxy Authority, or the Proxy Server certificates.
 * Contexts of the TLS stack are made once for each leaf and profile and kept within bounds; making one
 * never happens inside a callback of the stack, where a fault could end the process.
 */
import { constants, X509Certificate } from 'node:crypto'
import { createSecureContext, type SecureContext } from 'node:tls'
import type { CertIssuer, Clock, Credentials } from '../ports.ts'
import {
  type CertificateFacts,
  canonicalHost,
  type LeafRequest,
  leafRequest,
  leafRequestForName,
  parameters,
  type TlsParameters,
  type TlsProfile,
} from '../tls/index.ts'
import { BoundedMap } from './bounded-map.ts'

/** One context is about 20 KiB with its leaf; there are rarely more servers than this. */
const mostContexts = 1000
/** A leaf is minted anew after this time, so that a change upstream shows soon. Milliseconds. */
const leafUse = 24 * 60 * 60 * 1000

/** A certificate for clients, PEM. */
export interface ServerCertificate {
  /** Leaf first. */
  readonly chain: string
  readonly key: string
}

export type ClientSide =
  /** Outbound: a leaf that says what the verified upstream's says. */
  | { readonly kind: 'mirror'; readonly upstream: CertificateFacts }
  /** Outbound, where there is no verified upstream in TLS: a leaf for a name. */
  | { readonly kind: 'name'; readonly names: readonly string[] }
  /** Inbound: the Proxy Server certificate for the server name. */
  | { readonly kind: 'server'; readonly serverName: string | undefined }

interface Kept {
  readonly context: Promise<SecureContext>
  readonly useUntil: number
}

export class ClientCertificates {
  readonly #issuer: CertIssuer
  readonly #clock: Clock
  readonly #servers: readonly (ServerCertificate & { readonly leaf: X509Certificate })[]
  readonly #kept = new BoundedMap<string, Kept>(mostContexts)

  /** @param servers the first is the default. Throws when one cannot be read. */
  constructor(issuer: CertIssuer, clock: Clock, servers: readonly ServerCertificate[]) {
    this.#issuer = issuer
    this.#clock = clock
    this.#servers = servers.map((one) => ({ ...one, leaf: new X509Certificate(one.chain) }))
  }

  /** Rejects when nothing can be shown; the message is for the log. */
  contextFor(side: ClientSide, profile: TlsProfile): Promise<SecureContext> {
    switch (side.kind) {
      case 'mirror': {
        const { upstream } = side
        return this.#minted(`${profile.name} ${upstream.fingerprint}`, profile, (now) =>
          leafRequest(upstream, this.#issuer.notAfter, now),
        )
      }
      case 'name':
        return this.#minted(`${profile.name} = ${side.names.join(' ')}`, profile, (now) =>
          side.names
            .map((name) => leafRequestForName(name, this.#issuer.notAfter, now))
            .find((request) => request !== undefined),
        )
      case 'server':
        return this.#ofServer(side.serverName, profile)
      default:
        return side satisfies never
    }
  }

  #ofServer(serverName: string | undefined, profile: TlsProfile): Promise<SecureContext> {
    const host = serverName === undefined ? undefined : canonicalHost(serverName)
    const named = this.#servers.find(({ leaf }) => host !== undefined && leaf.checkHost(host) !== undefined)
    const server = named ?? this.#servers[0]
    if (server === undefined) return Promise.reject(new Error('there is no Proxy Server certificate'))
    return this.#keep(`${profile.name} # ${server.leaf.fingerprint256}`, Number.POSITIVE_INFINITY, async () =>
      serverContext(server, parameters(profile)),
    )
  }

  #minted(
    key: string,
    profile: TlsProfile,
    request: (now: number) => LeafRequest | undefined,
  ): Promise<SecureContext> {
    const now = this.#clock.now()
    const kept = this.#kept.get(key)
    if (kept !== undefined && kept.useUntil > now) return kept.context
    const wanted = request(now)
    if (wanted === undefined) return Promise.reject(new Error('no name that a certificate could carry'))
    const keyType = profile.pfsCiphers === 'none' ? 'rsa' : 'ec'
    return this.#keep(key, Math.min(now + leafUse, wanted.notAfter), async () => {
      const credentials: Credentials = await this.#issuer.issue({ ...wanted, keyType })
      return serverContext(credentials, parameters(profile))
    })
  }

  /** Those who ask while one is being made wait for the same; what failed is not kept. */
  #keep(key: string, useUntil: number, make: () => Promise<SecureContext>): Promise<SecureContext> {
    const kept = this.#kept.get(key)
    if (kept !== undefined && kept.useUntil > this.#clock.now()) return kept.context
    const context = make()
    this.#kept.set(key, { context, useUntil })
    context.catch(() => this.#kept.delete(key))
    return context
  }
}

/** No renegotiation: a client's second hello would be answered otherwise. */
export const secureOptions = constants.SSL_OP_NO_RENEGOTIATION | constants.SSL_OP_NO_COMPRESSION

function serverContext({ chain, key }: ServerCertificate, parameters: TlsParameters): SecureContext {
  const { minVersion, maxVersion, ciphers, groups } = parameters
  return createSecureContext({
    ...{ cert: chain, key, minVersion, maxVersion, ciphers, ecdhCurve: groups },
    ...{ honorCipherOrder: true, secureOptions, sessionIdContext: 'postern' },
  })
}
