import { Button } from '../../parts/Button'
import { useFeed } from '../../stores/feed'
import css from './messages.module.css'
import { texts } from './texts'
import type { Query } from './useSearch'

interface Props {
  readonly query: Query
  /** Of the search whose rows are shown: a new one counts from its own start. */
  readonly search: number
  readonly onShow: () => void
}

/** Below the newest messages: what has come since they were read, and one click that reads again. */
export function Arrived({ query, search, onShow }: Props) {
  const { topics, partitions } = query
  const { value } = useFeed('messages.arrived', { topics, partitions, search })
  if (!value || (value.records === 0 && !value.isCut)) return null
  return (
    <div className={css.arrived} role="status">
      <Button onClick={onShow}>{value.records > 0 ? texts.arrived(value.records) : texts.cut}</Button>
    </div>
  )
}
