import type { Clock } from '../base/clock'
import type { Disposable } from '../base/disposable'
import type { Listen } from '../base/emitter'
import { Alerts } from './alerts/alerts'
import { ClientRecords } from './clients/clients'
import { Activity } from './home/activity'
import { type DeskNotice, Notices } from './home/notices'
import { Pulse } from './home/pulse'
import { lagChanges } from './home/status'
import type { OpenSearches } from './messages/scans'
import { WaitingScans } from './messages/waiting-scans'
import { type Parts, partsOf } from './parts'
import { MemberHues, recentFrames } from './rebalances/hues'
import { Resends } from './resend/resends'
import { WaitingResets } from './reset/waiting'
import type { ClusterSource } from './source/source'
import { TransactionRecords } from './transactions/transactions'

/** What the desk remembers while it runs, shared by the subjects. */
export interface DeskState extends Disposable {
  readonly parts: Parts
  readonly activity: Activity
  /** The sum of all groups' lag, whenever it changed. */
  readonly lagChanged: Listen<number>
  readonly noticed: Listen<DeskNotice>
  /** `undefined` where the source knows no clients. */
  readonly clientRecords: ClientRecords | undefined
  readonly transactions: TransactionRecords
  readonly hues: MemberHues
  readonly waiting: WaitingResets
  readonly resends: Resends
  readonly alerts: Alerts
  /** The search whose next page goes on with it. */
  readonly searches: OpenSearches
}

export function deskState(source: ClusterSource, clock: Clock, onError: (error: unknown) => void): DeskState {
  const pulse = new Pulse(source, clock, onError)
  const activity = new Activity(source, clock, onError)
  const notices = new Notices(source, onError)
  const { clients, journal } = source
  const clientRecords = clients && new ClientRecords(clients, () => source.groups.list(), clock, pulse.beat, onError)
  const transactions = new TransactionRecords({ source, clock, beat: pulse.beat, onError })
  const applied = (groupId: string) =>
    activity.note('reset', `Offsets of ${groupId} were reset when it was empty`, groupId)
  const waiting = new WaitingResets({ source, clock, applied, onError })
  const resends = new Resends(source, clock, onError)
  const told = (text: string, isOver: boolean) => activity.note(isOver ? 'alertOver' : 'error', text, null)
  const searches: OpenSearches = new WaitingScans(clock)
  const alerts = new Alerts({ source, clock, beat: pulse.beat, told, onError })
  return {
    parts: partsOf({ source, clock, pulse, onError }),
    activity,
    lagChanged: lagChanges(source, clock, pulse.beat, onError),
    noticed: (listener) => {
      const ends = [notices.noticed(listener), alerts.noticed(listener)]
      return () => {
        for (const end of ends) end()
      }
    },
    clientRecords,
    transactions,
    hues: new MemberHues(journal?.framed, (groupId) => recentFrames(journal, groupId)),
    waiting,
    resends,
    alerts,
    searches,
    dispose() {
      for (const part of [clientRecords, transactions, pulse, notices, waiting, resends, searches, alerts, activity])
        part?.dispose()
    },
  }
}
