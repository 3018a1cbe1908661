import type { SavedView } from '../../../src-main/contract/views'
import { Choice, Labelled } from '../../parts/Field'
import { Popover } from '../../parts/Popover'
import { ColumnChoice } from './ColumnChoice'
import css from './query.module.css'
import { type QueryDraft, queryText } from './query-draft'
import { SavedViews } from './SavedViews'
import { texts } from './texts'

interface Props {
  readonly topic: string
  readonly views: readonly SavedView[]
  readonly draft: QueryDraft
  readonly change: (fields: Partial<QueryDraft>) => void
  readonly onShow: (query: string) => void
}

/** How messages are shown: saved views, isolation, columns. Its button names what is not as usual. */
export function ViewMenu({ topic, views, draft, change, onShow }: Props) {
  const query = queryText({ ...draft, open: null })
  const saved = views.find((view) => view.query === query)
  const isolation = draft.committed ? texts.query.isolations.committed : null
  return (
    <Popover label={saved?.name ?? isolation ?? texts.actions.view} title={texts.actions.view}>
      <div className={css.viewMenu}>
        <div>
          <SavedViews topic={topic} views={views} query={query} onShow={onShow} />
          <div className={css.isolation}>
            <Labelled label={texts.query.isolation}>
              <Choice
                title={texts.query.isolationTitle}
                value={draft.committed ? 'committed' : 'all'}
                onChange={(event) => change({ committed: event.target.value === 'committed' })}
              >
                <option value="all">{texts.query.isolations.all}</option>
                <option value="committed">{texts.query.isolations.committed}</option>
              </Choice>
            </Labelled>
          </div>
        </div>
        <ColumnChoice own={draft.columns} onOwn={(columns) => change({ columns })} />
      </div>
    </Popover>
  )
}
