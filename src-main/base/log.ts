export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

export interface LogEntry {
  readonly at: number
  readonly level: LogLevel
  /** The room that speaks: `server`, `storage`, ... */
  readonly room: string
  /** One sentence without a line break. */
  readonly text: string
}

export interface Log {
  debug(text: string): void
  info(text: string): void
  warn(text: string): void
  error(text: string): void
}

const order: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 }

/** A log for one room; entries below `level` are dropped before they are built. */
export function createLog(room: string, level: LogLevel, write: (entry: LogEntry) => void, now: () => number): Log {
  const at = (entryLevel: LogLevel) =>
    order[entryLevel] < order[level]
      ? () => {}
      : (text: string) => write({ at: now(), level: entryLevel, room, text: oneLine(text) })
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** A text without line breaks, as entries have it. */
export function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ')
}

/** Drops everything: for tests that assert on behaviour, not on words. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }

/** `2026-11-24T08:15:02.123Z warn server: ...` */
export function formatLogEntry(entry: LogEntry): string {
  return `${new Date(entry.at).toISOString()} ${entry.level} ${entry.room}: ${entry.text}`
}
