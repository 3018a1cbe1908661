/** Deeper and larger than any configuration. */
const maxDepth = 20
const maxLeaves = 5000

/** The values of a document by their paths, `kafka.clusters[0].name`; a list of plain values is one value with commas. */
export class Leaves {
  readonly #leaves = new Map<string, string>()
  readonly #read = new Set<string>()

  constructor(value: unknown) {
    this.#walk(value, '', 0)
  }

  /** Takes a value, and remembers that it was read. */
  take(path: string): string | undefined {
    this.#read.add(path)
    return this.#leaves.get(path)
  }

  /** Takes everything below a path, by the rest of the path. */
  takeBelow(path: string): Map<string, string> {
    const found = new Map<string, string>()
    for (const [name, value] of this.#leaves) {
      if (!name.startsWith(`${path}.`)) continue
      this.#read.add(name)
      found.set(name.slice(path.length + 1), value)
    }
    return found
  }

  has(path: string): boolean {
    return [...this.#leaves.keys()].some((name) => name === path || name.startsWith(`${path}.`))
  }

  /** Paths of values below a path that were not taken. */
  unread(path: string): string[] {
    return [...this.#leaves.keys()].filter((name) => name.startsWith(`${path}.`) && !this.#read.has(name))
  }

  #walk(value: unknown, path: string, depth: number): void {
    if (depth > maxDepth || this.#leaves.size >= maxLeaves) return
    if (Array.isArray(value)) {
      if (value.every((one) => typeof one !== 'object' || one === null)) this.#leaves.set(path, value.join(','))
      else for (const [i, one] of value.entries()) this.#walk(one, `${path}[${i}]`, depth + 1)
    } else if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value)
      // An empty `tls: {}` means something in some of these files.
      if (entries.length === 0) this.#leaves.set(path, '')
      for (const [name, one] of entries) this.#walk(one, path === '' ? name : `${path}.${name}`, depth + 1)
    } else if (value !== null && value !== undefined) this.#leaves.set(path, String(value))
  }
}
