import { useState } from 'react'
import type { CopyInput, CopyPreview } from '../../../src-main/contract/copies'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Area, Choice, Field, Labelled } from '../../parts/Field'
import { TimeField } from '../../parts/TimeField'
import { useFormAction } from '../../parts/useFormAction'
import { useFeed } from '../../stores/feed'
import { shared } from '../../texts'
import { Copies } from './Copies'
import css from './copies.module.css'
import { Planned } from './Planned'
import { texts } from './texts'

type Part = CopyInput['part']

interface Props {
  readonly topic: string
  readonly onClose: () => void
}

/** Copies a slice of a topic to a broker on this machine. Copies run on when the dialog is closed. */
export function CopyDialog({ topic, onClose }: Props) {
  const { value: groupsOfTopic } = useFeed('topic.groups', { topic })
  const readers = (groupsOfTopic ?? []).filter(({ lag }) => lag !== null)
  const { value: view } = useFeed('copies', undefined)
  const [to, setTo] = useState<string | null>(null)
  const [as, setAs] = useState(topic)
  const [part, setPart] = useState<Part>('last')
  const [count, setCount] = useState('10000')
  const [since, setSince] = useState<number | null>(null)
  const [filter, setFilter] = useState('')
  const [masks, setMasks] = useState('')
  const [rate, setRate] = useState('')
  const [groups, setGroups] = useState<readonly string[]>([])
  const [registries, setRegistries] = useState<CopyInput['registries']>(null)
  const [preview, setPreview] = useState<{ readonly of: string; readonly plan: CopyPreview } | null>(null)
  const form = useFormAction()
  const order: CopyInput = {
    topics: [topic],
    as: as === topic ? null : as,
    part,
    value: part === 'last' ? Number(count) : part === 'since' ? since : null,
    filter,
    masks: masks.split('\n').flatMap((mask) => mask.trim() || []),
    groups,
    registries,
    bytesPerSecond: Number(rate) > 0 ? Math.round(Number(rate) * 1_000_000) : null,
    to: to ?? view?.target ?? '',
  }
  const isComplete = as !== '' && (part === 'all' || (part === 'last' ? Number(count) > 0 : since !== null))
  const key = JSON.stringify(order)
  const isPreviewed = preview?.of === key
  const look = () => form.run(async () => setPreview({ of: key, plan: await ask('copy.preview', order) }))
  const start = async () => {
    if (await form.run(() => ask('copy.start', order))) setPreview(null)
  }
  const choose = (groupId: string, isChosen: boolean) =>
    setGroups(isChosen ? [...groups, groupId] : groups.filter((one) => one !== groupId))
  return (
    <Dialog
      wide
      title={texts.title(topic)}
      description={texts.description}
      problem={form.problem}
      hasDraft={isPreviewed}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{shared.close}</Button>
          <Button disabled={!isComplete || form.isBusy} onClick={() => void look()}>
            {texts.preview}
          </Button>
          <Button look="primary" disabled={!isPreviewed || form.isBusy} onClick={() => void start()}>
            {texts.start}
          </Button>
        </>
      }
    >
      <div className={css.fields}>
        <Labelled label={texts.to}>
          <Field value={order.to} onChange={({ target }) => setTo(target.value)} />
        </Labelled>
        <Labelled label={texts.as}>
          <Field value={as} onChange={({ target }) => setAs(target.value)} />
        </Labelled>
        <Labelled label={texts.part}>
          <Choice value={part} onChange={({ target }) => setPart(target.value as Part)}>
            {Object.entries(texts.parts).map(([id, text]) => (
              <option key={id} value={id}>
                {text}
              </option>
            ))}
          </Choice>
        </Labelled>
        {part === 'last' && (
          <Labelled label={texts.count}>
            <Field inputMode="numeric" value={count} onChange={({ target }) => setCount(target.value.trim())} />
          </Labelled>
        )}
        {part === 'since' && (
          <TimeField
            label={texts.since}
            placeholder={texts.sincePlaceholder}
            at={since}
            onChange={setSince}
            onInvalid={() => setSince(null)}
          />
        )}
        <Labelled label={texts.filter}>
          <Field value={filter} onChange={({ target }) => setFilter(target.value)} />
        </Labelled>
        <Labelled label={texts.rate}>
          <Field inputMode="decimal" value={rate} onChange={({ target }) => setRate(target.value.trim())} />
        </Labelled>
      </div>
      <Labelled label={texts.masks}>
        <Area
          rows={2}
          placeholder={texts.masksPlaceholder}
          value={masks}
          onChange={({ target }) => setMasks(target.value)}
        />
      </Labelled>
      {readers.length > 0 && (
        <fieldset className={css.groups}>
          <legend>{texts.groups}</legend>
          {readers.map(({ groupId }) => (
            <label key={groupId}>
              <input
                type="checkbox"
                checked={groups.includes(groupId)}
                onChange={({ target }) => choose(groupId, target.checked)}
              />{' '}
              {groupId}
            </label>
          ))}
        </fieldset>
      )}
      <label>
        <input
          type="checkbox"
          checked={registries !== null}
          onChange={({ target }) => setRegistries(target.checked ? { from: '', to: 'http://localhost:8081' } : null)}
        />{' '}
        {texts.schemas}
      </label>
      {registries && (
        <div className={css.fields}>
          <Labelled label={texts.fromRegistry}>
            <Field
              placeholder={texts.registryPlaceholder}
              value={registries.from}
              onChange={({ target }) => setRegistries({ ...registries, from: target.value })}
            />
          </Labelled>
          <Labelled label={texts.toRegistry}>
            <Field
              value={registries.to}
              onChange={({ target }) => setRegistries({ ...registries, to: target.value })}
            />
          </Labelled>
        </div>
      )}
      {preview && isPreviewed && <Planned plan={preview.plan} />}
      <Copies copies={(view?.copies ?? []).filter(({ topics }) => topics.includes(topic))} />
    </Dialog>
  )
}
