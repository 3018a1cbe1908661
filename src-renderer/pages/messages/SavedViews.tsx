import { Star, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { SavedView } from '../../../src-main/contract/views'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Field } from '../../parts/Field'
import { attempt } from '../../stores/notices'
import css from './query.module.css'
import { texts } from './texts'

interface Props {
  readonly topic: string
  readonly views: readonly SavedView[]
  /** The query as the address has it, without the open message. */
  readonly query: string
  readonly onShow: (query: string) => void
}

/** Saved views of a topic: filter, start and columns under a name. One may be the default, which the topic opens with. */
export function SavedViews({ topic, views, query, onShow }: Props) {
  const [name, setName] = useState('')
  const current = views.find((view) => view.query === query)
  const save = (event: FormEvent) => {
    event.preventDefault()
    const trimmed = name.trim()
    if (trimmed === '') return
    const view = { topic, name: trimmed, query, isDefault: false }
    void attempt(() => ask('topic.view.save', view), texts.views.saved(trimmed)).then(
      (isSaved) => isSaved && setName(''),
    )
  }
  return (
    <section aria-label={texts.views.title}>
      <h2 className={css.popoverTitle}>{texts.views.title}</h2>
      <div className={css.popoverLine}>
        <Button look="plain" className={css.viewName} onClick={() => onShow('')}>
          {texts.views.all}
        </Button>
      </div>
      {views.map((view) => (
        <div key={view.name} className={css.popoverLine}>
          <Button
            look="plain"
            className={css.viewName}
            aria-current={view === current}
            onClick={() => onShow(view.query)}
          >
            {view === current ? <b>{view.name}</b> : view.name}
          </Button>
          <Button
            look="plain"
            aria-pressed={view.isDefault}
            aria-label={texts.views.makeDefault(view.name)}
            title={texts.views.defaultTitle}
            onClick={() => void attempt(() => ask('topic.view.save', { topic, ...view, isDefault: !view.isDefault }))}
          >
            <Star size={12} fill={view.isDefault ? 'currentColor' : 'none'} />
          </Button>
          <Button
            look="plain"
            aria-label={texts.views.delete(view.name)}
            onClick={() => void attempt(() => ask('topic.view.delete', { topic, name: view.name }))}
          >
            <X size={12} />
          </Button>
        </div>
      ))}
      <form className={css.popoverLine} onSubmit={save}>
        <Field
          aria-label={texts.views.name}
          placeholder={texts.views.name}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" disabled={name.trim() === ''}>
          {texts.views.save}
        </Button>
      </form>
    </section>
  )
}
