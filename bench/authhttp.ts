/**
 * The HTTP service that nginx mail asks for each login, a process of its own: every user is at the
 * test upstream's plain port.
 *   node authhttp.ts UPSTREAM_PORT     (started by the nginx peer with an IPC channel)
 */
import { createServer } from 'node:http'

const [upstreamPort = ''] = process.argv.slice(2)
const server = createServer((_request, response) => {
  response.writeHead(200, { 'Auth-Status': 'OK', 'Auth-Server': '127.0.0.1', 'Auth-Port': upstreamPort })
  response.end()
})
process.on('disconnect', () => process.exit(0))
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined })
})
