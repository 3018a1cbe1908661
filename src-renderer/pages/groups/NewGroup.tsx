import { useState } from 'react'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Field, Labelled } from '../../parts/Field'
import { Suggested } from '../../parts/Suggested'
import { discardDrafts, useDraft } from '../../stores/drafts'
import { useFeed } from '../../stores/feed'
import { go } from '../../stores/route'
import { shared } from '../../texts'
import { texts } from './texts'

interface Props {
  /** Chosen at first. */
  readonly topic?: string
  readonly onClose: () => void
}

/** Names a group and a topic; the offsets are then chosen, with their preview, on the page of its reset. */
export function NewGroup({ topic: given, onClose }: Props) {
  const { value: topics } = useFeed('topics.names', undefined)
  const { value: groups } = useFeed('groups.names', undefined)
  const [groupId, setGroupId] = useDraft('new group id', '')
  const [chosen, setChosen] = useState(given ?? null)
  const names = topics?.filter(({ internal }) => !internal).map(({ name }) => name) ?? []
  const topic = chosen ?? names[0]
  const isReady = groupId !== '' && topic !== undefined && names.includes(topic)
  const next = () => {
    if (topic === undefined) return
    discardDrafts('new group')
    onClose()
    go('groups', groupId, 'reset', new URLSearchParams({ topics: topic }).toString())
  }
  return (
    <Dialog
      title={texts.creation.title}
      description={texts.creation.text}
      hasDraft={groupId !== ''}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{shared.cancel}</Button>
          <Button look="primary" needs="reset.apply" disabled={!isReady} onClick={next}>
            {texts.creation.action}
          </Button>
        </>
      }
    >
      <Labelled label={texts.creation.groupId}>
        <Field
          autoFocus
          value={groupId}
          onChange={(event) => setGroupId(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && isReady && next()}
        />
      </Labelled>
      <Suggested label={texts.creation.topic} value={topic ?? ''} options={names} onChange={setChosen} />
      {topics && names.length > 0 && topic !== undefined && !names.includes(topic) && (
        <p className="quiet">{texts.creation.unknownTopic}</p>
      )}
      {topics && names.length === 0 && <p className="quiet">{texts.creation.noTopics}</p>}
      {groups?.includes(groupId) && <Exists groupId={groupId} />}
    </Dialog>
  )
}

function Exists({ groupId }: { readonly groupId: string }) {
  const { value: group } = useFeed('group', { groupId })
  return group && <p className="quiet">{texts.creation.exists(group.members.length)}</p>
}
