import type { WorkspaceStatus } from '../../src-main/contract/workspace'

const defaultPort = '9092'

/** A word of a shell command, quoted when it has to be. */
function quoted(word: string): string {
  return /^[\w@%+=:,./~-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

/** The command that starts the same broker again, with the file and the ports that it had. */
export function serveCommand(last: Pick<WorkspaceStatus, 'file' | 'addresses'> | null, pagesPort: string): string {
  const words = ['ottla', 'serve']
  if (last?.file) words.push('--file', quoted(last.file))
  const port = /:(\d+)$/.exec(last?.addresses[0] ?? '')?.[1] ?? defaultPort
  if (port !== defaultPort) words.push('--port', port)
  if (pagesPort !== '' && Number(pagesPort) !== Number(port) + 1000) words.push('--ui-port', pagesPort)
  return words.join(' ')
}
