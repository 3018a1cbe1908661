import type { Core } from '../../broker/core'
import { framesBetweenFull } from '../../broker/groups/frame'
import type { JournalEntry } from '../../broker/groups/journal'
import type { RebalanceBoundary } from '../../contract/groups'
import { scenarioOf } from '../../scenarios/export'
import type { HeardMembers, JournalSource } from '../source/groups'

/** Longest scenario, in steps. */
const scenarioSteps = 20_000

/** The journal of the coordinator in this process. */
export function embeddedJournal({ groups, workspace }: Core): JournalSource {
  const { journal } = workspace
  const entries = (groupId: string, from: number, before: number, limit: number) =>
    journal.range(groupId, from, before, limit).map(({ frame }) => JSON.parse(frame) as JournalEntry)
  return {
    framed: groups.framed,
    framesBetweenFull,
    lastSeq: async (groupId) => journal.lastSeq(groupId),
    seqAt: async (groupId, at) => journal.seqAt(groupId, at),
    frames: async (groupId, from, before) =>
      entries(groupId, from, before, Math.max(0, before - from)).map(({ frame }) => frame),
    boundaries: async (groupId) =>
      journal.boundaries(groupId).map((row) => ({ ...row, causes: JSON.parse(row.causes) }) as RebalanceBoundary),
    lastBoundariesAt: async (groupIds) => journal.lastBoundariesAt(groupIds),
    scenario: async (groupId, from, to) =>
      scenarioOf(groupId, entries(groupId, Math.max(0, from - framesBetweenFull), to + 1, scenarioSteps), from),
    sessions: async (groupId) => heard({ groups }, groupId),
  }
}

/** A member that waits for an answer of ours has no session that could expire, and is left out. */
function heard({ groups }: Pick<Core, 'groups'>, groupId: string): HeardMembers {
  const group = groups.value(groupId)
  const members = group?.value.members ?? []
  return {
    heartbeatIntervalMs:
      group === undefined || group.type === 'classic' ? null : groups.settings[group.type](groupId).heartbeatIntervalMs,
    isStable: group?.type !== 'classic' || group.value.state === 'Stable',
    members: members.flatMap(({ memberId, sessionTimeoutMs, sessionDeadline }) =>
      sessionDeadline === null
        ? []
        : [{ memberId, heardAt: sessionDeadline - sessionTimeoutMs, expiresAt: sessionDeadline, sessionTimeoutMs }],
    ),
  }
}
