/**
 * Every setting, said once: its name, kind, default, examples and what it does. The types of the
 * settings, their validation, the JSON Schema for editors and docs/reference come from here.
 *
 * `kind` names a reader of values.ts; `expects` ends the sentence "expected …" where the type alone
 * does not say it.
 */
import { type Static, Type } from 'typebox'
import { contentProperties } from './schema-content.ts'
import { ScannersSchema } from './schema-scanners.ts'
import { closed, duration, file, name, size } from './schema-words.ts'

/** What holds when the file says nothing. Settings of proxy actions and TLS profiles are inherited instead. */
export const defaults = {
  dataDirectory: './data',
  enabled: true,
  connections: 'allow',
  from: 'any',
  to: 'any',
  action: 'POP3-Client.Standard',
  tlsSupport: 'enabled',
  stls: 'offered',
  listen: '0.0.0.0',
  ports: { pop3: 110, pop3s: 995 },
  idleTimeout: '10m',
  trusted: 'system',
  limits: { connections: 2000, connectionsPerSource: 50 },
  timeouts: { connect: '10s', handshake: '10s', firstCommand: '60s', writeStall: '5m' },
  delivery: { keepalive: '15s', memory: '1MiB' },
} as const

const peers = (description: string, value: string, example: readonly string[]) =>
  Type.Union([Type.String({ kind: 'peer' }), Type.Array(Type.String({ kind: 'peer' }), { minItems: 1 })], {
    description,
    default: value,
    examples: [example],
    expects: 'any, or a list of addresses, networks and ranges',
  })

const port = (description: string, value: number) =>
  Type.Integer({ minimum: 1, maximum: 65_535, default: value, description })

const tlsVersion = (description: string) =>
  Type.Enum(['1.0', '1.1', '1.2', '1.3'], { description, examples: ['1.2'] })

const tlsAction = (description: string) =>
  Type.Enum(['inspect', 'allow', 'deny', 'drop'], { description, examples: ['inspect'] })

const PortsSchema = Type.Object(
  {
    pop3: Type.Optional(
      port(
        'Port where connections start in clear. Opened unless `tlsSupport` is `required`.',
        defaults.ports.pop3,
      ),
    ),
    pop3s: Type.Optional(
      port(
        'Port where TLS starts with the first byte. Opened unless `tlsSupport` is `disabled`.',
        defaults.ports.pop3s,
      ),
    ),
  },
  { ...closed, description: 'The ports that are opened on each address of `listen`.' },
)

const PolicySchema = Type.Object(
  {
    name: name('What the log and messages call the policy. Each name once.', 'Staff mail'),
    enabled: Type.Optional(
      Type.Boolean({
        default: defaults.enabled,
        description:
          '`false` takes the policy out without deleting it: it is checked, but opens no port and matches nothing.',
      }),
    ),
    connections: Type.Optional(
      Type.Enum(['allow', 'deny', 'reset'], {
        default: defaults.connections,
        description:
          'What becomes of a connection that this policy takes: `allow` serves it, `deny` turns it away, `reset` does so with a TCP reset.',
      }),
    ),
    from: Type.Optional(
      peers('Whose connections the policy takes: addresses of clients.', defaults.from, [
        '10.0.0.0/8',
        '192.0.2.7',
        '10.1.0.5-10.1.0.9',
      ]),
    ),
    to: Type.Optional(
      peers('Which address the client must have meant: one that the machine has.', defaults.to, [
        '192.0.2.1',
      ]),
    ),
    action: Type.Optional(
      Type.String({
        kind: 'name',
        default: defaults.action,
        examples: ['Staff'],
        description:
          'The proxy action that judges these connections: a predefined one or one of `proxyActions`.',
      }),
    ),
    tlsSupport: Type.Optional(
      Type.Enum(['disabled', 'enabled', 'required'], {
        default: defaults.tlsSupport,
        description: 'Which ports are opened: `disabled` only pop3, `enabled` both, `required` only pop3s.',
      }),
    ),
    stls: Type.Optional(
      Type.Enum(['offered', 'required', 'off'], {
        default: defaults.stls,
        description:
          'TLS on the pop3 port by the command STLS: `offered` to clients, `required` before a login, or `off`. Must be `off` or left out when `tlsSupport` is `disabled` or `required`.',
      }),
    ),
    listen: Type.Optional(
      Type.Union(
        [Type.String({ kind: 'listen' }), Type.Array(Type.String({ kind: 'listen' }), { minItems: 1 })],
        {
          default: defaults.listen,
          examples: [['127.0.0.1', '::1']],
          expects: 'an address of this machine, or a list of them',
          description:
            'Addresses to listen on. `0.0.0.0` is every IPv4 address, `::` every IPv6 one. Several policies may share an address and port: the first whose `from` and `to` match takes the connection.',
        },
      ),
    ),
    ports: Type.Optional(PortsSchema),
    upstream: Type.Optional(
      Type.String({
        kind: 'upstream',
        examples: ['pop3s://mail.example.net', 'pop3+stls://mail.example.net:110', 'mail.example.net'],
        description:
          'The POP3 server. `pop3s://` speaks TLS from the first byte (port 995), `pop3+stls://` by STLS (port 110), `pop3://` never (port 110). A bare host is spoken to as the client came: in clear, by STLS or in TLS. Needed when `connections` is `allow`.',
      }),
    ),
    idleTimeout: Type.Optional(
      duration(
        'How long a client may send no command before the session is ended; RFC 1939 §3 asks for at least ten minutes.',
        defaults.idleTimeout,
      ),
    ),
  },
  {
    ...closed,
    description:
      'The policies, in order: the first that matches takes the connection; when none does, it is refused.',
  },
)

const TlsRuleSchema = Type.Object(
  {
    name: Type.Optional(name('What the log calls the rule. Default: its `match`.', 'bank')),
    match: Type.String({
      kind: 'serverName',
      examples: ['*.bank.example'],
      description:
        'Server names, as the client sends them in its TLS greeting: `*` is any run of characters, `?` is one; case does not matter.',
    }),
    action: tlsAction('What is done with a connection that this rule matches: as `action` below `tls`.'),
  },
  {
    ...closed,
    description:
      'Rules by server name; the first that matches decides, else `action` does. A list given here replaces the inherited one.',
  },
)

const ProxyActionSchema = Type.Object(
  {
    name: name('What policies call the proxy action. Predefined names are taken.', 'Staff'),
    basedOn: Type.Optional(
      name(
        'The proxy action whose settings hold wherever this one is silent. Default: `POP3-Client.Standard`, or `POP3-Server.Standard` when `kind` is `server`.',
        'POP3-Client.Standard',
      ),
    ),
    kind: Type.Optional(
      Type.Enum(['client', 'server'], {
        examples: ['client'],
        description:
          '`client`: outbound, your people fetch mail from servers elsewhere; certificates are made under the Proxy Authority. `server`: inbound, people elsewhere fetch mail from your server; the Proxy Server certificate is shown. Inherited.',
      }),
    ),
    tls: Type.Optional(
      Type.Object(
        {
          action: Type.Optional(
            tlsAction(
              'What is done with TLS: `inspect` opens it, `allow` relays it unopened, `deny` answers with a TLS alert, `drop` closes the connection. Inherited.',
            ),
          ),
          profile: Type.Optional(name('The TLS profile for both sides. Inherited.', 'TLS-Client.Standard')),
          rules: Type.Optional(Type.Array(TlsRuleSchema)),
        },
        { ...closed, description: 'What is done with TLS.' },
      ),
    ),
    general: Type.Optional(
      Type.Object(
        {
          hideServerReplies: Type.Optional(
            Type.Boolean({
              examples: [true],
              description:
                'Hide what the server says about itself: its greeting and its IMPLEMENTATION. The time stamp that APOP needs stays. Inherited.',
            }),
          ),
          top: Type.Optional(
            Type.Enum(['judge', 'refuse'], {
              examples: ['judge'],
              description:
                'TOP with body lines: `judge` fetches and judges the whole message and cuts the result, `refuse` refuses the command. Inherited.',
            }),
          ),
        },
        { ...closed, description: 'How the protocol is spoken.' },
      ),
    ),
    ...contentProperties,
  },
  { ...closed, description: 'Named sets of settings that policies point to.' },
)

const TlsProfileSchema = Type.Object(
  {
    name: name('What proxy actions call the profile. Predefined names are taken.', 'Strict'),
    basedOn: Type.Optional(
      name(
        'The profile whose settings hold wherever this one is silent. Default: `TLS-Client.Standard`.',
        'TLS-Client.Standard',
      ),
    ),
    minimumVersion: Type.Optional(
      tlsVersion('The oldest TLS version spoken on either side, in quotes. Inherited.'),
    ),
    maximumVersion: Type.Optional(
      tlsVersion('The newest TLS version spoken on either side, in quotes. Inherited.'),
    ),
    pfsCiphers: Type.Optional(
      Type.Enum(['allowed', 'required', 'none'], {
        examples: ['required'],
        description:
          'Ciphers with perfect forward secrecy: `allowed` beside others, `required`, or `none` of them (which rules TLS 1.3 out). Inherited.',
      }),
    ),
  },
  { ...closed, description: 'How TLS is done on both sides.' },
)

const PairSchema = (description: string) =>
  Type.Object(
    {
      certificate: file('The certificate, PEM, followed by its intermediate certificates.', './mail.pem'),
      key: file('Its private key, PEM.', './mail-key.pem'),
    },
    { ...closed, description },
  )

const CertificateSchema = Type.Object(
  {
    proxyAuthority: Type.Optional(
      PairSchema(
        'The certificate authority for outbound inspection; clients must trust it. Left out: one is made at the first start, in the data directory.',
      ),
    ),
    proxyServer: Type.Optional(
      Type.Array(
        PairSchema(
          'The certificates shown to clients for inbound inspection. The first is the default, the others are chosen by server name.',
        ),
        { minItems: 1 },
      ),
    ),
    trusted: Type.Optional(
      Type.Union(
        [Type.String({ kind: 'file' }), Type.Array(Type.String({ kind: 'file' }), { minItems: 1 })],
        {
          default: defaults.trusted,
          examples: [['system', './corporate-root.pem']],
          expects: '"system", or a list of "system" and PEM files',
          description:
            'Whom to believe when the certificate of a server is verified: `system` for the authorities of this machine, and PEM files.',
        },
      ),
    ),
  },
  {
    ...closed,
    description: 'Certificates and keys. Relative paths start at the folder of the configuration file.',
  },
)

const count = (description: string, value: number) =>
  Type.Integer({ minimum: 1, maximum: 1_000_000, default: value, description })

export const ConfigurationSchema = Type.Object(
  {
    version: Type.Literal(1, { examples: [1], description: 'The version of this format. Always `1`.' }),
    dataDirectory: Type.Optional(
      Type.String({
        kind: 'directory',
        default: defaults.dataDirectory,
        examples: ['/var/lib/postern'],
        description:
          'Where Postern keeps what it makes: keys, certificates and messages while they are judged.',
      }),
    ),
    policies: Type.Array(PolicySchema, { minItems: 1 }),
    proxyActions: Type.Optional(Type.Array(ProxyActionSchema)),
    tlsProfiles: Type.Optional(Type.Array(TlsProfileSchema)),
    certificates: Type.Optional(CertificateSchema),
    scanners: Type.Optional(ScannersSchema),
    limits: Type.Optional(
      Type.Object(
        {
          connections: Type.Optional(
            count(
              'Client connections at one time; further ones get `-ERR [SYS/TEMP]`.',
              defaults.limits.connections,
            ),
          ),
          connectionsPerSource: Type.Optional(
            count('The same for each client address.', defaults.limits.connectionsPerSource),
          ),
        },
        { ...closed, description: 'Bounds on what clients may use.' },
      ),
    ),
    timeouts: Type.Optional(
      Type.Object(
        {
          connect: Type.Optional(
            duration('How long the server may take to accept a connection.', defaults.timeouts.connect),
          ),
          handshake: Type.Optional(
            duration('How long a TLS handshake may take, on either side.', defaults.timeouts.handshake),
          ),
          firstCommand: Type.Optional(
            duration('How long a client may take for its first command.', defaults.timeouts.firstCommand),
          ),
          writeStall: Type.Optional(
            duration(
              'How long a peer may take no bytes at all while some wait for it.',
              defaults.timeouts.writeStall,
            ),
          ),
        },
        { ...closed, description: 'How long Postern waits. The idle time of clients stands in each policy.' },
      ),
    ),
    delivery: Type.Optional(
      Type.Object(
        {
          keepalive: Type.Optional(
            duration(
              'A client that waits this long for a message gets a header line `X-Postern-Wait`, so that it does not give up.',
              defaults.delivery.keepalive,
            ),
          ),
          memory: Type.Optional(
            size(
              'A message up to this size is held in memory while it is judged, a larger one in a file of the data directory.',
              defaults.delivery.memory,
            ),
          ),
        },
        { ...closed, description: 'How messages are held and handed on.' },
      ),
    ),
  },
  { ...closed, description: 'The whole configuration.' },
)

export type Settings = Static<typeof ConfigurationSchema>
export type PolicySettings = Settings['policies'][number]
export type ProxyActionSettings = NonNullable<Settings['proxyActions']>[number]
export type TlsProfileSettings = NonNullable<Settings['tlsProfiles']>[number]
