import type { MessageRow, SearchPosition } from '../../../src-main/contract/messages'

/** Rows of a page. All have as many but the last. */
export const pageRows = 1000

/** Pages before and behind those in sight that keep their rows; others are read again when one comes back. */
const keptPages = 25

/** A browser cannot lay out a list of more; then the first half of it goes. */
const mostRows = 1_000_000

interface Page {
  /** Where the search for it begins; `null` for the first. */
  readonly after: SearchPosition | null
  readonly rows: readonly MessageRow[] | null
}

/** What was read of a result that may have no end. */
export interface Pages {
  readonly list: readonly Page[]
  readonly length: number
  /** Rows before the first page that were let go. */
  readonly gone: number
}

export const firstPage: Pages = { list: [{ after: null, rows: [] }], length: 0, gone: 0 }

export function rowAt({ list, length }: Pages, index: number): MessageRow | undefined {
  return index >= length ? undefined : list[Math.floor(index / pageRows)]?.rows?.[index % pageRows]
}

/** The rows that a page has so far. */
export function withRows(pages: Pages, place: number, rows: readonly MessageRow[]): Pages {
  const list = pages.list.map((page, i) => (i === place ? { ...page, rows } : page))
  const isLast = place === list.length - 1
  return { ...pages, list, length: isLast ? place * pageRows + rows.length : pages.length }
}

export function withPage(pages: Pages, after: SearchPosition): Pages {
  const list = [...pages.list, { after, rows: [] }]
  if (list.length * pageRows <= mostRows) return { ...pages, list }
  const drop = Math.floor(list.length / 2)
  return { list: list.slice(drop), length: pages.length - drop * pageRows, gone: pages.gone + drop * pageRows }
}

/** Lets go of rows far from those in sight. The first page stays: it alone cannot be asked for again. */
export function trimmed(pages: Pages, first: number, last: number): Pages {
  const [low, high] = [Math.floor(first / pageRows) - keptPages, Math.floor(last / pageRows) + keptPages]
  const isFar = (page: Page, i: number) => (i < low || i > high) && page.after !== null && page.rows !== null
  if (!pages.list.some(isFar)) return pages
  return { ...pages, list: pages.list.map((page, i) => (isFar(page, i) ? { ...page, rows: null } : page)) }
}

/** The page that should be read next: one in sight that was let go, or `list.length` for the one behind the last; -1 for none. */
export function wantedPage({ list, length }: Pages, first: number, last: number): number {
  const ahead = pageRows / 2
  // What one looks at comes before what lies around it.
  for (const around of [0, ahead]) {
    const [low, high] = [Math.max(0, first - around), Math.min(length - 1, last + around)]
    for (let place = Math.floor(low / pageRows); place <= Math.floor(high / pageRows); place++) {
      if (list[place]?.rows === null) return place
    }
  }
  return last + ahead >= length ? list.length : -1
}
