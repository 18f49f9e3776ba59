/** One command that clamd answers with a line: zPING and zVERSION, as its health is asked. */
import { connect } from 'node:net'
import type { ClamdAddress } from './address.ts'
import { longestAnswer, quoted } from './answer.ts'

/**
 * Sends `z` + command and takes the answer up to its NUL. Rejects with an `Error` that says what is
 * wrong: no connection, no whole answer within `milliseconds`, an answer that is too long.
 */
export function ask(address: ClamdAddress, command: string, milliseconds: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...address, noDelay: true })
    let answer = ''
    const end = (error: Error | undefined, text = '') => {
      clearTimeout(timer)
      socket.destroy()
      if (error === undefined) resolve(text)
      else reject(error)
    }
    const timer = setTimeout(
      () => end(new Error(`clamd did not answer ${command} within ${milliseconds / 1000} s`)),
      milliseconds,
    )
    timer.unref()
    socket.unref()
    socket.on('connect', () => socket.write(`z${command}\0`))
    socket.on('data', (bytes: Buffer) => {
      answer += bytes.toString('latin1')
      const stop = answer.indexOf('\0')
      if (stop >= 0) end(undefined, answer.slice(0, stop))
      else if (answer.length > longestAnswer) end(new Error(`clamd's answer to ${command} does not end`))
    })
    socket.on('error', (error) => end(new Error(`clamd: ${error.message}`)))
    socket.on('close', () => end(new Error(`clamd closed the connection without an answer to ${command}`)))
  })
}

/**
 * The version of a clamd that answers as it should, such as `ClamAV 1.4.6/27400/Mon Nov 23 ...`; number
 * and date of the database are missing where it has no official one. Rejects like `ask`.
 */
export async function askVersion(address: ClamdAddress, milliseconds: number): Promise<string> {
  const pong = await ask(address, 'PING', milliseconds)
  if (pong !== 'PONG') throw new Error(`clamd answered PING with ${quoted(pong)}`)
  const version = await ask(address, 'VERSION', milliseconds)
  if (!/^ClamAV [\x20-\x7e]+$/.test(version))
    throw new Error(`clamd answered VERSION with ${quoted(version)}`)
  return version
}
