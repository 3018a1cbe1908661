import type { BoardNote, TaskPlace } from '../../../src-main/contract/streams'
import type { Names } from '../../format/members'
import { span } from '../../format/time'
import { texts } from './texts'

const namedMembers = 2

/** `a, b and 3 further members` */
export function memberList(ids: readonly string[], names: Names): string {
  const named = ids.slice(0, namedMembers).map((id) => names.of(id))
  const more = ids.length - named.length
  return [...named, ...(more > 0 ? [texts.otherMembers(more)] : [])].join(', ')
}

/** What is left until a time of the broker's clock. */
export function leftUntil(at: number, now: number): string {
  return at <= now ? texts.note.now : span(Math.ceil((at - now) / 1000) * 1000)
}

export function placeText(task: string, place: TaskPlace, names: Names): string {
  return texts.place(task, place, names.of(place.memberId), memberList(place.waitsFor, names))
}

export function noteText(note: BoardNote, names: Names, now: number): string {
  const { note: say } = texts
  switch (note.kind) {
    case 'stable':
    case 'empty':
    case 'assignmentDue':
      return say[note.kind]
    case 'missingSources':
    case 'patterns':
      return say[note.kind](note.names)
    case 'missingInternal':
      return note.reason === null ? say.missingInternal(note.names) : say.refusedInternal(note.names, note.reason)
    case 'wrongPartitions':
      return say.wrongPartitions(note.detail.endsWith('.') ? note.detail : `${note.detail}.`)
    case 'shutdown':
      return say.shutdown(names.of(note.by))
    case 'initialDelay':
      return say.initialDelay(leftUntil(note.until, now))
    case 'revoking':
      return say.revoking(
        names.of(note.memberId),
        note.tasks,
        note.deadline === null ? null : leftUntil(note.deadline, now),
      )
    case 'waiting':
      return say.waiting(names.of(note.memberId), note.tasks, memberList(note.waitsFor, names))
    case 'staleTopology':
      return say.staleTopology(note.members)
    case 'missingTags':
      return say.missingTags(note.tags, note.members)
    case 'idle':
      return say.idle(note.members, note.tasks)
  }
}
