import type { ReadSetting } from '../../contract/connections'
import type { ClusterStage } from '../../contract/workspace'
import { isSecret } from '../secret-settings'

/** A connection that was read of a file, with its secrets: it stays in this process. */
export interface Found {
  readonly name: string
  readonly kind: string
  readonly stage: ClusterStage | null
  readonly settings: ReadonlyMap<string, string>
  readonly rows: readonly ReadSetting[]
}

/** A value that the other tool replaces: `${env:X}`, `${file:/x:y}`, `$X`. */
const reference = /^\$(?:\{[^}]*\}|[A-Z_][A-Z0-9_]*)$/

/** Collects what the settings of one connection become, and one row for each of them. */
export class Collected {
  readonly settings = new Map<string, string>()
  readonly rows: ReadSetting[] = []

  /** One setting of the file became these. */
  took(given: string, settings: Readonly<Record<string, string>>, note: string | null = null): void {
    const entries = Object.entries(settings).filter(([, value]) => value !== '')
    const referring = entries.find(([, value]) => reference.test(value))
    if (referring) {
      const [name, value] = referring
      this.passed(given, `It refers to ${value}, which only the other tool resolves. Enter ${name} itself.`)
      return
    }
    for (const [name, value] of entries) this.settings.set(name, value)
    const [first] = entries
    const isShown = first && entries.length === 1 && !isSecret(first[0], first[1])
    const readAs = entries.map(([name]) => name)
    this.rows.push({ given, readAs, value: isShown ? shortened(first[1]) : null, note })
  }

  /** One setting of the file was not understood, or is not needed. */
  passed(given: string, note: string | null = null): void {
    this.rows.push({ given, readAs: [], value: null, note })
  }
}

/** Enough to recognise a value by. */
function shortened(value: string): string {
  const [line = ''] = value.split('\n')
  return line.length < value.length || line.length > 200 ? `${line.slice(0, 200)}…` : line
}
