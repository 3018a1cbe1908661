import { expect, test } from 'vitest'
import { type Cause, causeText } from '../../../src-main/contract/causes'
import { noDeliveries } from '../../../src-main/groups/causes'

const member = { memberId: 'worker-6f2c-1a2b', instanceId: null, clientId: 'worker' }
const named = { memberId: 'x', instanceId: 'till-3', clientId: 'worker' }
const thread = { memberId: 'm-41b3', instanceId: null, clientId: 'demo-statistics-1-StreamThread-2-consumer' }
const target = { to: 'earliest', value: null, groupId: null } as const

test.each<[Cause, string]>([
  [{ kind: 'joined', member, subscribed: null }, 'worker (1a2b) joined'],
  [
    { kind: 'joined', member, subscribed: { topics: ['a'], pattern: 'b.*' } },
    'worker (1a2b) joined: a, topics matching b.*',
  ],
  [{ kind: 'joined', member, subscribed: { topics: [], pattern: null } }, 'worker (1a2b) joined: no topics'],
  [{ kind: 'memberIdAssigned', member }, 'worker (1a2b) was assigned a member id'],
  [{ kind: 'pendingExpired', memberId: 'x-1a2b' }, 'a pending member (1a2b) did not rejoin before its session timeout'],
  [{ kind: 'pendingLeft', memberId: 'x-1a2b' }, 'a pending member (1a2b) left'],
  [{ kind: 'initialDelayElapsed' }, 'the initial rebalance delay elapsed'],
  [{ kind: 'rejoined', member, because: null, reason: null }, 'worker (1a2b) rejoined'],
  [{ kind: 'rejoined', member, because: 'leader', reason: null }, 'worker (1a2b) rejoined as the leader'],
  [{ kind: 'rejoined', member, because: 'leader', reason: 'metadata' }, 'worker (1a2b) rejoined: metadata'],
  [
    { kind: 'rejoined', member, because: 'subscriptionChanged', reason: null },
    'worker (1a2b) rejoined: its subscription changed',
  ],
  [
    { kind: 'staticRejoined', member: named, keepsPartitions: true },
    'static member till-3 rejoined with a new member id and keeps its partitions',
  ],
  [
    { kind: 'subscriptionChanged', member, subscribed: { topics: ['a', 'b'], pattern: null } },
    'worker (1a2b) changed its subscription: a, b',
  ],
  [
    {
      kind: 'topicsChanged',
      changes: [
        { topic: 'a', change: 'grew', partitions: 1 },
        { topic: 'b', change: 'recreated', partitions: 0 },
      ],
    },
    'topic a gained 1 partition, topic b was recreated',
  ],
  [{ kind: 'left', member: named, reason: null }, 'till-3 left'],
  [
    { kind: 'gainedTasks', member: thread, tasks: 2, awaitsMore: false },
    'demo-statistics-1 thread 2 (41b3) got 2 tasks',
  ],
  [{ kind: 'left', member, reason: 'closed' }, 'worker (1a2b) left: closed'],
  [
    {
      kind: 'deliveries',
      member,
      counts: { ...noDeliveries, acquired: 20, accepted: 17, released: 1, rejected: 1, lockEnded: 1, exhausted: 1 },
    },
    'worker (1a2b): 20 records acquired, 17 accepted, 1 released, 1 given back because the lock ended, 1 rejected, 1 archived at the delivery limit',
  ],
  [
    {
      kind: 'deliveries',
      member: { memberId: 'gone-77aa', instanceId: null, clientId: '' },
      counts: { ...noDeliveries, sessionEnded: 1, releasedByHand: 2 },
    },
    'consumer (77aa): 1 record given back because the share session ended, 2 released from the page',
  ],
  [
    { kind: 'otherDeliveries', members: 1, counts: { ...noDeliveries, acquired: 2 } },
    '1 other member: 2 records acquired',
  ],
  [{ kind: 'deadLettered', topic: 'dlq.orders', records: 1 }, '1 record written to dlq.orders'],
  [{ kind: 'leftTemporarily', member: named }, 'static member till-3 left temporarily; its assignment is kept'],
  [{ kind: 'sessionExpired', member, afterMs: 45_000 }, 'worker (1a2b) sent no heartbeat for 45 s'],
  [{ kind: 'firstJoinExpired', member }, 'worker (1a2b) waited too long for its first rebalance'],
  [
    { kind: 'rejoinExpired', members: [member, named], afterMs: 500 },
    'worker (1a2b), till-3 did not rejoin within 0.5 s',
  ],
  [{ kind: 'rejoinExpired', members: [], afterMs: 0 }, 'the rebalance timeout passed before all members had joined'],
  [{ kind: 'syncExpired', members: [member] }, 'worker (1a2b) joined but did not fetch the assignment in time'],
  [{ kind: 'revocationExpired', member, afterMs: 60_000 }, 'worker (1a2b) did not revoke its partitions within 60 s'],
  [{ kind: 'awaitsAssignment', member }, 'worker (1a2b) is waiting for its assignment'],
  [{ kind: 'assignmentFetched', member }, 'worker (1a2b) fetched its assignment'],
  [{ kind: 'assigned', member }, 'worker (1a2b) assigned the partitions'],
  [{ kind: 'mustRevoke', member, partitions: 2 }, 'worker (1a2b) must revoke 2 partitions'],
  [{ kind: 'revoked', member, partitions: 1 }, 'worker (1a2b) revoked 1 partition'],
  [{ kind: 'gained', member, partitions: 2, awaitsMore: false }, 'worker (1a2b) got 2 partitions'],
  [
    { kind: 'gained', member, partitions: 2, awaitsMore: true },
    'worker (1a2b) got 2 partitions and is waiting for others to revoke more',
  ],
  [
    { kind: 'awaitsPartitions', member },
    'worker (1a2b) is waiting for partitions that other members have not revoked yet',
  ],
  [{ kind: 'epochReached', member, epoch: 7 }, 'worker (1a2b) is at epoch 7'],
  [
    { kind: 'refused', member: named, error: 'FENCED_INSTANCE_ID' },
    'till-3 was fenced: another client joined with its group.instance.id',
  ],
  [{ kind: 'refused', member, error: 'GROUP_MAX_SIZE_REACHED' }, 'worker (1a2b) was refused: GROUP_MAX_SIZE_REACHED'],
  [{ kind: 'brokerRestarted', downMs: 9960 }, 'the broker was restarted (down for at most 10 s)'],
  [{ kind: 'upgraded' }, 'group upgraded to the consumer protocol'],
  [{ kind: 'downgraded' }, 'group downgraded to the classic protocol'],
  [{ kind: 'offsetsReset', target }, 'offsets reset to earliest'],
  [{ kind: 'offsetsReset', target: { ...target, to: 'shift', value: 5 } }, 'offsets reset to +5'],
  [{ kind: 'offsetsReset', target: { ...target, to: 'delete' } }, 'committed offsets deleted'],
  [{ kind: 'resetUndone', reset: { kind: 'offsetsReset', target } }, 'undone: offsets reset to earliest'],
  [{ kind: 'told', text: 'as it was' }, 'as it was'],
])('%j', (cause, text) => expect(causeText([cause])).toBe(text))

test('a member is named once for what it did in a row', () => {
  const subscribed = { topics: ['orders'], pattern: null }
  const other = { ...member, memberId: 'other-3c4d', clientId: 'other' }
  expect(
    causeText([
      { kind: 'joined', member, subscribed },
      { kind: 'awaitsPartitions', member },
      { kind: 'left', member: other, reason: null },
    ]),
  ).toBe(
    'worker (1a2b) joined: orders; is waiting for partitions that other members have not revoked yet; other (3c4d) left',
  )
})

test('the causes of one step are one line', () => {
  expect(causeText([{ kind: 'upgraded' }, { kind: 'left', member, reason: null }])).toBe(
    'group upgraded to the consumer protocol; worker (1a2b) left',
  )
})
