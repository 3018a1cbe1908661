import type { Handlers } from '../../contract/server'
import { changedLists } from '../changed-lists'
import type { Parts } from '../parts'
import type { MemberHues } from '../rebalances/hues'
import type { WaitingResets } from '../reset/waiting'
import { groupDetail, groupLines } from './groups'

type Subject = Pick<Handlers, 'groups' | 'groups.names' | 'group' | 'group.lag' | 'group.delete' | 'group.remove'>

/**
 * How a question about groups travels: the page opens the feed `groups` or `group`; a change of a group (`source.groups.changed`) or a
 * beat asks the source for the groups, then in bulk for their committed offsets and for what lies behind those (`lags.ts`);
 * `groups.ts` puts both together as lines. Lag over time is sampled once a second (`Lags`). Hues come from `rebalances`, the reset
 * that waits from `reset`. A page that needs only names opens `groups.names`: no group is looked into for it.
 */
export function groupHandlers(
  { source, clock, pulse, live }: Parts,
  { hues, waiting }: { readonly hues: MemberHues; readonly waiting: WaitingResets },
): Subject {
  const { groups } = source
  return {
    groups: (_, outlet) =>
      live(outlet, () => groupLines(source, pulse.lags, (groupId) => waiting.of(groupId), clock.now()), [
        pulse.lagBeat(null),
        groups.changed,
        waiting.changed,
      ]),
    'groups.names': (_, outlet) =>
      live(
        changedLists(outlet, (before, now) => before === now),
        async () => [...(await groups.ids())].sort(),
        [pulse.beat, groups.changed],
      ),
    group: ({ groupId }, outlet) =>
      live(
        outlet,
        () =>
          groupDetail(source, groupId, async ({ members }) => ({
            hues: await hues.of(
              groupId,
              members.map(({ memberId }) => memberId),
            ),
            waiting: waiting.of(groupId),
            now: clock.now(),
          })),
        [
          pulse.beat,
          (changed) => groups.changed((id) => id === groupId && changed()),
          (changed) => waiting.changed((id) => id === groupId && changed()),
        ],
      ),
    'group.lag': ({ groupId }, outlet) => live(outlet, () => pulse.lags.history(groupId), [pulse.lagBeat(groupId)]),
    'group.remove': ({ groupId, memberId }) => groups.removeMember(groupId, memberId),
    'group.delete': ({ groupId }) => groups.delete(groupId),
  }
}
