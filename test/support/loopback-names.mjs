// For Node's --import: every name below .test is this machine, so that tests can name servers freely
// (RFC 2606 §2 keeps .test for that). Other names are looked up as ever.
import dns from 'node:dns'
import { syncBuiltinESMExports } from 'node:module'

const isTest = (name) => /(^|\.)test$/i.test(name)
const lookup = dns.lookup
dns.lookup = (name, ...rest) => lookup(isTest(name) ? '127.0.0.1' : name, ...rest)
const promised = dns.promises.lookup
dns.promises.lookup = (name, ...rest) => promised(isTest(name) ? '127.0.0.1' : name, ...rest)
syncBuiltinESMExports()
