/** What `postern demo` writes: its configuration, and what to try next as lines that can be pasted. */

export interface DemoPlace {
  readonly pop3Port: number
  readonly pop3sPort: number
  /** Port of the demo server, TLS from the first byte. */
  readonly upstreamPort: number
  /** Absolute path of the root that the demo server's certificate hangs from. */
  readonly trusted: string
}

/** One policy in front of the demo server, as an administrator would write it. */
export function demoConfiguration({ pop3Port, pop3sPort, upstreamPort, trusted }: DemoPlace): string {
  return `# Written by "postern demo" at each start.
version: 1
dataDirectory: .
policies:
  - name: Demo
    from: [127.0.0.0/8]
    action: POP3-Client.Standard
    tlsSupport: enabled
    stls: offered
    listen: [127.0.0.1]
    ports: { pop3: ${pop3Port}, pop3s: ${pop3sPort} }
    upstream: pop3s://localhost:${upstreamPort}
certificates:
  trusted: [${JSON.stringify(trusted)}]
`
}

export interface DemoFacts {
  readonly pop3Port: number
  readonly pop3sPort: number
  readonly credentials: { readonly user: string; readonly password: string }
  readonly mails: readonly { readonly name: string; readonly description: string }[]
  /** Paths as they can be pasted in the working directory. */
  readonly authorityFile: string
  readonly configurationFile: string
  readonly logFile: string
}

/** What a person sees once the demo runs. */
export function demoText(facts: DemoFacts): string {
  const { pop3Port, pop3sPort, credentials, mails, authorityFile, configurationFile, logFile } = facts
  const curl = `curl --cacert ${quoted(authorityFile)} --user ${credentials.user}:${credentials.password}`
  const list = mails.map(({ description }, index) => `  ${String(index + 1).padStart(3)}  ${description}`)
  return `
Postern is running, in front of a small POP3 server with ${mails.length} sample mails:
${list.join('\n')}

  pop3s://localhost:${pop3sPort}   TLS from the first byte
  pop3://localhost:${pop3Port}    in clear, and TLS by STLS
  user ${credentials.user}, password ${credentials.password}

Try, in a second shell in this folder:

  ${curl} pop3s://localhost:${pop3sPort}/
  ${curl} pop3s://localhost:${pop3sPort}/1
  ${curl} pop3s://localhost:${pop3sPort}/3
  ${curl} --ssl-reqd pop3://localhost:${pop3Port}/1
  openssl s_client -connect localhost:${pop3sPort} -servername localhost -CAfile ${quoted(authorityFile)} </dev/null | openssl x509 -noout -issuer -subject -dates

The first lists the mails, the second fetches a clean one, the third one with the test virus: the
attachment is gone, and a notice says why. The last shows the certificate that Postern made on the spot. ${authorityFile} is what mail programs have to trust.
Configuration: ${configurationFile}. Log: tail -f ${quoted(logFile)}
Ctrl-C ends it.
`
}

/** A path as a shell takes it. */
function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
