// The Debian programs that tests and benchmarks start, each with the file that proves it is there.
import { existsSync } from 'node:fs'

/** One program: the Debian package that brings it and a path that exists once it is installed. */
export const DEBIAN_FOR_TESTS = [
  { package: 'dovecot-pop3d', path: '/usr/lib/dovecot/pop3' },
  { package: 'curl', path: '/usr/bin/curl' },
  { package: 'openssl', path: '/usr/bin/openssl' },
  { package: 'fetchmail', path: '/usr/bin/fetchmail' },
  { package: 'mpop', path: '/usr/bin/mpop' },
  { package: 'python3', path: '/usr/bin/python3' },
  { package: 'iproute2', path: '/usr/bin/ss' },
  { package: 'procps', path: '/usr/bin/ps' },
  { package: 'clamav-daemon', path: '/usr/sbin/clamd' },
  { package: 'age', path: '/usr/bin/age' },
]

export const DEBIAN_FOR_BENCH = [
  { package: 'dovecot-pop3d', path: '/usr/lib/dovecot/pop3' },
  { package: 'haproxy', path: '/usr/sbin/haproxy' },
  { package: 'sslsplit', path: '/usr/bin/sslsplit' },
  { package: 'nginx', path: '/usr/sbin/nginx' },
  { package: 'libnginx-mod-mail', path: '/usr/lib/nginx/modules/ngx_mail_module.so' },
  { package: 'openssl', path: '/usr/bin/openssl' },
]

/** Names of the packages whose programs are not on this machine. */
export const missing = (programs) => [
  ...new Set(programs.filter((program) => !existsSync(program.path)).map((program) => program.package)),
]
