import type { MessageRow, SearchPosition } from '../../../src-main/contract/messages'

/** Rows of a page; only the last page may have fewer. */
export const pageRows = 1000

/** Pages before and after the visible ones that keep their rows; others are read again when needed. */
const keptPages = 25

/** A browser cannot lay out a longer list; then its first half is released. */
const mostRows = 1_000_000

interface Page {
  /** Start of the search for it; `null` for the first page. */
  readonly after: SearchPosition | null
  readonly rows: readonly MessageRow[] | null
}

/** The part of a result that was read so far. */
export interface Pages {
  readonly list: readonly Page[]
  readonly length: number
  /** Rows before the first page that were released. */
  readonly gone: number
}

export const firstPage: Pages = { list: [{ after: null, rows: [] }], length: 0, gone: 0 }

export function rowAt({ list, length }: Pages, index: number): MessageRow | undefined {
  return index >= length ? undefined : list[Math.floor(index / pageRows)]?.rows?.[index % pageRows]
}

/** Sets the rows that a page has so far. */
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

/** Releases rows far from the visible ones. The first page stays: it alone cannot be read again. */
export function trimmed(pages: Pages, first: number, last: number): Pages {
  const [low, high] = [Math.floor(first / pageRows) - keptPages, Math.floor(last / pageRows) + keptPages]
  const isFar = (page: Page, i: number) => (i < low || i > high) && page.after !== null && page.rows !== null
  if (!pages.list.some(isFar)) return pages
  return { ...pages, list: pages.list.map((page, i) => (isFar(page, i) ? { ...page, rows: null } : page)) }
}

/** The page to read next: a visible one that was released, or `list.length` for the one after the last; -1 for none. */
export function wantedPage({ list, length }: Pages, first: number, last: number): number {
  const ahead = pageRows / 2
  // Visible pages come before those around them.
  for (const around of [0, ahead]) {
    const [low, high] = [Math.max(0, first - around), Math.min(length - 1, last + around)]
    for (let place = Math.floor(low / pageRows); place <= Math.floor(high / pageRows); place++) {
      if (list[place]?.rows === null) return place
    }
  }
  return last + ahead >= length ? list.length : -1
}
