import { useState } from 'react'
import type { GroupDetail } from '../../../src-main/contract/groups'
import type { ShareWorker } from '../../../src-main/contract/share'
import type { Names } from '../../format/members'
import { Button } from '../../parts/Button'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { change } from '../../stores/can'
import { notify } from '../../stores/notices'
import { leftOf } from './members'
import css from './shares.module.css'
import { texts } from './texts'

/** Members with what they hold and what they did with their records. */
export function Workers({
  group,
  workers,
  names,
  now,
}: {
  readonly group: GroupDetail
  readonly workers: readonly ShareWorker[]
  readonly names: Names
  readonly now: number
}) {
  const [releasing, setReleasing] = useState<ShareWorker | null>(null)
  if (workers.length === 0) return <p className="quiet">{texts.holdersEmpty}</p>
  const isMember = new Set(group.members.map(({ memberId }) => memberId))
  return (
    <>
      {workers.map((worker) => {
        const { memberId, held, firstLockEnd, accepted, released, rejected, timedOut } = worker
        const name = names.of(memberId)
        return (
          <div key={memberId} className={css.worker}>
            <span className={css.swatch} style={{ background: names.hue(memberId) }} aria-hidden />
            <b title={memberId}>{name}</b>
            <span className={css.facts}>
              {texts.worker.held(held, firstLockEnd === null ? null : leftOf(firstLockEnd, now))}
              {!isMember.has(memberId) && <span className="quiet"> · {texts.worker.gone}</span>}
              <div className="quiet" title={texts.worker.didTitle}>
                {texts.worker.did(accepted, released, rejected, timedOut)}
              </div>
            </span>
            <Button
              look="plain"
              needs="share.release"
              disabled={held === 0}
              aria-label={texts.worker.releaseNamed(name)}
              onClick={() => setReleasing(worker)}
            >
              {texts.worker.release}
            </Button>
          </div>
        )
      })}
      {releasing && (
        <ConfirmDialog
          title={texts.release.title(names.of(releasing.memberId), group.groupId)}
          description={texts.release.text(releasing.held)}
          action={texts.release.action}
          needs="share.release"
          typed={group.groupId}
          onConfirm={async () => {
            const { memberId } = releasing
            const { records } = await change('share.release', { groupId: group.groupId, memberId })
            notify({ kind: 'done', text: texts.release.done(records, names.of(memberId)) })
          }}
          onClose={() => setReleasing(null)}
        />
      )}
    </>
  )
}
