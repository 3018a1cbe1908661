import { readdirSync, readFileSync } from 'node:fs'
import { join, posix, relative, resolve, sep } from 'node:path'

export const root = resolve(__dirname, '../..')

/** One source file of the project; its path is relative to the project and has forward slashes. */
export interface Source {
  readonly path: string
  readonly text: string
}

/** Every file below `folder` whose name ends with one of `extensions`. */
export function sourcesIn(folder: string, extensions: readonly string[] = ['.ts', '.tsx']): Source[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && extensions.some((extension) => entry.name.endsWith(extension)))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(root, file).split(sep).join('/'), text: readFileSync(file, 'utf8') }))
}

/** What a file imports, statically or not: packages as named, files as paths from the project's root. */
export function importsOf(source: Source): string[] {
  const found = withoutComments(source.text).matchAll(
    /(?:^|[\s;}])(?:import|export)\s[^'"`;]*?from\s*['"]([^'"]+)['"]|(?:^|[\s;}])import\s*['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]/g,
  )
  return [...found].map((match) => {
    const name = (match[1] ?? match[2] ?? match[3])!
    return name.startsWith('.') ? posix.join(posix.dirname(source.path), name) : name
  })
}

/** The code alone: comments are blanked, line breaks stay. Good enough for code that Biome has formatted. */
export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' ')).replace(/(^|\s)\/\/.*$/gm, '$1')
}
