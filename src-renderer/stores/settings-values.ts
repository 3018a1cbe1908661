import type { TimeStyle } from '../format/time'
import { type ColumnId, columnIds } from './message-columns'

export type Theme = 'system' | 'day' | 'night'

export interface Settings {
  readonly theme: Theme
  readonly times: TimeStyle
  /** Columns of the message table, in order. */
  readonly columns: readonly ColumnId[]
  /** Widths that the user has given to columns, in pixels, by list and column. */
  readonly columnWidths: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** How wide each list was when its columns were given these widths, in pixels. */
  readonly columnRooms: Readonly<Record<string, number>>
  /** Topics that are listed first. */
  readonly favourites: readonly string[]
  /** Topics are listed as a tree of the parts of their names. */
  readonly isTopicTree: boolean
  /** Width of the pane beside a table, in pixels. */
  readonly paneWidth: number
}

/** The settings that an earlier visit stored, and defaults for the others. */
export function settingsOf(stored: string | null): Settings {
  return {
    theme: 'system',
    times: 'local',
    columns: columnIds,
    columnWidths: {},
    columnRooms: {},
    favourites: [],
    isTopicTree: false,
    paneWidth: 440,
    ...(stored === null ? {} : current(JSON.parse(stored) as Stored)),
  }
}

type Stored = Partial<Settings> & { readonly widths?: Settings['columnWidths'][string] }

/** Widths below `widths` are those of the message list, which was then the only one with columns to resize. */
function current({ widths, ...settings }: Stored): Partial<Settings> {
  return widths === undefined ? settings : { columnWidths: { messages: widths }, ...settings }
}
