/**
 * Scripts that the interpreter of a common system runs. Source code looks much like prose about source
 * code, so a language is told by its first statement and by something that only a program says.
 */
import { type Found, found } from './found.ts'

interface Language {
  readonly type: string
  /** What a line of comment begins with. */
  readonly comment: RegExp
  /** The first line that is none. */
  readonly first: RegExp
  /** Anywhere in the head; absent: the first line is proof enough. */
  readonly proof?: RegExp
}

const languages: readonly Language[] = [
  {
    type: 'application/x-bat',
    comment: /^\s*(?:::|@?rem\b)/i,
    first:
      /^\s*@echo\s+off\b|^\s*@(?:setlocal|powershell|cmd|start|if|set|for)\b|^\s*(?:setlocal\b|cmd(?:\.exe)?\s+\/c\s|powershell(?:\.exe)?\s+-|start\s+\/)/i,
  },
  {
    type: 'text/vbscript',
    comment: /^\s*(?:'|rem\b)/i,
    first:
      /^\s*(?:on\s+error\s+resume\s+next|option\s+explicit|dim\s+\w+|const\s+\w+\s*=|set\s+\w+\s*=|(?:public\s+|private\s+)?(?:sub|function)\s+\w+\s*\(?|execute(?:global)?[\s(]|\w+\s*=\s*\S)/i,
    proof: /\b(?:CreateObject|GetObject)\s*\(|\bWScript\.|\bExecute(?:Global)?[\s(]|\bChrW?\s*\(/i,
  },
  {
    type: 'text/javascript',
    comment: /^\s*(?:\/\/|\/?\*)/,
    first:
      /^\s*(?:["']use strict|var\s|let\s|const\s|function\b|try\s*\{|if\s*\(|for\s*\(|\(?\s*function|\(\s*\(|[\w$.[\]"']+(?:\s*=[^=]|\())/,
    proof:
      /new\s+ActiveXObject\s*\(|\bWScript\s*[.[]|GetObject\s*\(\s*["']|\beval\s*\(|\brequire\s*\(\s*["']child_process/,
  },
  {
    type: 'application/x-powershell',
    comment: /^\s*(?:#(?!requires)|<#)/i,
    first:
      /^\s*(?:#requires\b|\[CmdletBinding|param\s*\(|function\s+[\w-]+\s*\{?|\$\w[\w:]*\s*=|(?:iex|Invoke-\w+|Set-\w+|New-\w+|Start-\w+|Add-Type|Import-Module)\b|\$\w+\.\w+|&\s*[({"'$]|powershell\b)/i,
    proof:
      /New-Object\s|Invoke-(?:Expression|WebRequest|RestMethod|Command)|\biex\b|\[(?:System\.)?(?:Convert|Text\.Encoding|Reflection\.Assembly|Runtime)|Start-Process|Add-Type|FromBase64String|Set-ExecutionPolicy|DownloadString|#requires|CmdletBinding/i,
  },
  {
    type: 'application/x-php',
    comment: /^$/,
    first: /^\s*<\?(?:php\b|=)/i,
  },
  {
    type: 'text/x-applescript',
    comment: /^\s*--/,
    first: /^\s*(?:tell\s+application\s+"|do\s+shell\s+script\s+"|set\s+\w+\s+to\s+\(?do\s+shell\s+script)/i,
  },
  {
    type: 'text/x-python',
    comment: /^\s*#/,
    first: /^\s*(?:import\s+\w+(?:\.\w+)*(?:\s+as\s+\w+)?\s*(?:$|[,;#])|from\s+[\w.]+\s+import\s)/,
    proof: /\b(?:subprocess|os\.system|exec\s*\(|eval\s*\(|urllib|socket\.|base64\.b64decode|ctypes)/,
  },
]

/** Lines that may be comments before the first statement. */
const mostComments = 200

const interpreters: readonly [name: RegExp, type: string][] = [
  [/python/, 'text/x-python'],
  [/perl/, 'text/x-perl'],
  [/ruby/, 'text/x-ruby'],
  [/php/, 'application/x-php'],
  [/node|deno|bun/, 'text/javascript'],
  [/osascript/, 'text/x-applescript'],
]

/** @param text of the head */
export function byScript(text: string): Found | undefined {
  const shebang = /^#![ \t]{0,20}(\/[^\r\n]{1,200})/.exec(text)?.[1]
  if (shebang !== undefined) {
    const [, type] = interpreters.find(([name]) => name.test(shebang)) ?? []
    return found(type ?? 'text/x-shellscript', 'script')
  }
  if (/^REGEDIT4|^Windows Registry Editor Version/.test(text))
    return found('application/x-ms-regedit', 'script')
  if (/^\s*\[Version\][\s\S]{0,1000}^\s*\[DefaultInstall/im.test(text))
    return found('application/x-setupscript', 'script')
  const lines = text.trimStart().split(/\r\n|\r|\n/)
  for (const { type, comment, first, proof } of languages) {
    const line = lines.slice(0, mostComments).find((each) => each.trim() !== '' && !comment.test(each))
    if (line !== undefined && first.test(line) && (proof === undefined || proof.test(text)))
      return found(type, 'script')
  }
  return undefined
}
