/** What the app should open: from its command line, a second start, or an `ottla://` link. */
export interface OpenRequest {
  /** Workspace files, as given. */
  readonly files: readonly string[]
  /** View of the pages, e.g. `/topics/orders?offset=12`. */
  readonly view: string | null
}

/** Reads a command line; switches of Chromium and of Ottla are skipped. */
export function readOpenRequest(words: readonly string[]): OpenRequest {
  const files = words.filter((word) => /^(?!-|ottla:).*\.ottla$/i.test(word))
  const links = words.flatMap((word) => viewOf(word) ?? [])
  return { files, view: links[0] ?? null }
}

/** The view that an `ottla://` link names; undefined when it is no such link. */
export function viewOf(link: string): string | undefined {
  const match = /^ottla:\/\/\/?([^\s"'<>\\]*)$/i.exec(link)
  return match ? `/${match[1]}` : undefined
}
