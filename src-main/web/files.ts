import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'

export interface PageFile {
  readonly bytes: Buffer
  readonly contentType: string
  /** True for files with a hash in their name: they never change. */
  readonly immutable: boolean
}

const contentTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
}

/** Reasons for which nothing can have such a name: the path ends in a folder, goes through a file, is too long, or holds a zero byte. */
const noFile: ReadonlySet<string | undefined> = new Set([
  'ENOENT',
  'EISDIR',
  'ENOTDIR',
  'ENAMETOOLONG',
  'ERR_INVALID_ARG_VALUE',
])

/**
 * The file that a path of the page server names. A path without an extension is a view of the page itself.
 * Undefined when there is none, or when the path leads out of `folder`.
 */
export async function readPageFile(folder: string, path: string): Promise<PageFile | undefined> {
  const name = extname(path) === '' ? 'index.html' : normalize(decodePath(path)).replace(/^[/\\]+/, '')
  const file = join(folder, name)
  const contentType = contentTypes[extname(file)]
  if (!file.startsWith(folder + sep) || contentType === undefined) return undefined
  try {
    return { bytes: await readFile(file), contentType, immutable: name.startsWith(`assets${sep}`) }
  } catch (error) {
    if (noFile.has((error as NodeJS.ErrnoException).code)) return undefined
    throw error
  }
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // Not valid percent-encoding: no file has such a name.
    return '/..'
  }
}
