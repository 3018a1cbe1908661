import { describe, expect, it } from 'vitest'
import { exceptions, type Room, rooms } from './rooms'
import { importsOf, type Source, sourcesIn, withoutComments } from './sources'

const sources = sourcesIn('src-main')

/** The room of a file, or of a room's index; undefined for the entries beside the rooms. A room within a room has a row of its own. */
function roomOf(path: string): string | undefined {
  const [, name, rest, inner] = /^src-main\/([^/]+)(?:(\/)([^/]+))?/.exec(path) ?? []
  const nested = `${name}/${inner}`
  if (Object.hasOwn(rooms, nested)) return nested
  return rest !== undefined || (name !== undefined && Object.hasOwn(rooms, name)) ? name : undefined
}

function packageOf(name: string): string {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/')
}

/** Why `room` may not import `target`; undefined when it may. */
function refusal(room: string, allowed: Room, target: string): string | undefined {
  if (target.startsWith('src-main/')) {
    const other = roomOf(target)
    if (other === room || (other !== undefined && allowed.rooms.includes(other))) return undefined
    return exceptions[room]?.includes(target)
      ? undefined
      : `${room} may import ${allowed.rooms.join(', ') || 'nothing'}`
  }
  if (target.startsWith('node:')) return allowed.anywhere ? `${room} runs anywhere: no node:` : undefined
  return allowed.packages.includes(packageOf(target))
    ? undefined
    : `${room} may not use the package ${packageOf(target)}`
}

function offences(source: Source): string[] {
  const room = roomOf(source.path)
  const targets = importsOf(source)
  if (room === undefined) {
    const shell = targets.filter((target) => target.startsWith('src-main/shell') || target === 'electron')
    const isShellEntry = ['src-main/main.ts', 'src-main/preload.ts'].includes(source.path)
    return isShellEntry ? [] : shell.map((target) => `${source.path} -> ${target}: only main and preload may`)
  }
  const allowed = rooms[room]
  if (!allowed) return [`${source.path}: the room ${room} has no row in test/rules/rooms.ts`]
  return targets.flatMap((target) => {
    const why = refusal(room, allowed, target)
    return why ? [`${source.path} -> ${target}: ${why}`] : []
  })
}

describe('rooms', () => {
  it('import only what their row allows', () => {
    expect(sources.flatMap(offences)).toEqual([])
  })

  it('are told apart by the reader of imports', () => {
    const source = {
      path: 'src-main/base/x.ts',
      text: "import { a } from '../server/server'\nexport * from 'electron'\nconst b = await import('node:fs')\n// from 'no'",
    }
    expect(importsOf(source)).toEqual(['src-main/server/server', 'electron', 'node:fs'])
    expect(offences(source)).toHaveLength(3)
  })

  it('within a room have a row of their own', () => {
    const text = "import type { Core } from '../../broker/core'\nimport { embeddedTopics } from '../embedded/topics'"
    expect(offences({ path: 'src-main/desk/topics/x.ts', text })).toHaveLength(2)
    expect(offences({ path: 'src-main/desk/embedded/x.ts', text })).toEqual([])
  })

  it('that run anywhere name no global of Node or the DOM', () => {
    const globals = /\b(?:process|Buffer|__dirname|require|window|document|navigator|localStorage)\b(?=[.([])/
    const found = sources
      .filter((source) => rooms[roomOf(source.path) ?? '']?.anywhere)
      .filter((source) => globals.test(withoutComments(source.text)))
    expect(found.map((source) => source.path)).toEqual([])
  })
})

describe('pages', () => {
  it('import the contract and no other room', () => {
    const found = sourcesIn('src-renderer').flatMap((source) =>
      importsOf(source)
        .filter((target) => target.startsWith('node:') || target === 'electron' || target.startsWith('src-main/'))
        .filter((target) => !target.startsWith('src-main/contract'))
        .map((target) => `${source.path} -> ${target}`),
    )
    expect(found).toEqual([])
  })
})
