import { Fragment } from 'react'
import type { BlockedGroup, BlockedPartition } from '../../../src-main/contract/workspace'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import { texts } from './texts'
import css from './transactions.module.css'

/** Who reads a partition that is held back, and what else is open in it. */
export function BlockedGroups({ of: { groups, others } }: { readonly of: BlockedPartition }) {
  return (
    <>
      {groups.length === 0 && <span className="quiet">{texts.pane.noReaders}</span>}
      {groups.map((group, i) => (
        <Fragment key={group.groupId}>
          {i > 0 && ', '}
          <Waiting group={group} />
        </Fragment>
      ))}
      {others.length > 0 && <div className="quiet">{texts.pane.others(others)}</div>}
    </>
  )
}

/** A group, and whether it waits: only consumers with read_committed do. */
function Waiting({ group: { groupId, isolation } }: { readonly group: BlockedGroup }) {
  return (
    <span title={texts.pane.isolations[isolation ?? 'unknown']}>
      <a className={page.link} href={href('groups', groupId)}>
        {groupId}
      </a>{' '}
      <span className={isolation === 'read_committed' ? css.waits : 'quiet'}>
        {texts.pane.waits[isolation ?? 'unknown']}
      </span>
    </span>
  )
}
