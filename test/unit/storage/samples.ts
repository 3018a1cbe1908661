import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { ManualClock } from '../../../src-main/base/clock'
import { silentLog } from '../../../src-main/base/log'
import { type LogFacts, Workspace, type WorkspaceOptions } from '../../../src-main/storage'

const ends: (() => void | Promise<void>)[] = []

afterEach(async () => {
  for (let end = ends.pop(); end; end = ends.pop()) await end()
})

/** Runs after the test, the newest first. */
export function afterwards(end: () => void | Promise<void>): void {
  ends.push(end)
}

/** A folder that goes after the test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ottla-test-'))
  afterwards(() => rmSync(path, { recursive: true, force: true }))
  return path
}

/** A workspace that is closed after the test; in a temporary file unless `file` is given. */
export function workspace(options: Partial<WorkspaceOptions> = {}): Workspace {
  const opened = new Workspace({ clock: new ManualClock(1_000_000), log: silentLog, ...options })
  afterwards(() => opened.dispose())
  return opened
}

/** The logs of a new topic. */
export function topicLogs(of: Workspace, name: string, partitions: number): LogFacts[] {
  return of.write(() => {
    const topic = of.topics.create(`uuid-of-${name}`, name, partitions, 1)
    return Array.from({ length: partitions }, (_, number) => of.batches.open(topic.id, number)!)
  })
}

/** A log of a topic that is there. */
export function logOf(of: Workspace, name: string, number = 0): LogFacts {
  return of.batches.open(of.topics.list().find((topic) => topic.name === name)!.id, number)!
}
