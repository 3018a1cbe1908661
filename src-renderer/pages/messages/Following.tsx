import { X } from 'lucide-react'
import { Button } from '../../parts/Button'
import { shared } from '../../texts'
import css from './follow.module.css'
import type { QueryDraft } from './query-draft'
import { texts } from './texts'

export type FollowLook = keyof typeof texts.follow.looks

interface Props {
  readonly draft: QueryDraft
  readonly change: (fields: Partial<QueryDraft>) => void
  readonly look: FollowLook
  readonly onLook: (look: FollowLook) => void
}

const looks = Object.entries(texts.follow.looks) as readonly (readonly [FollowLook, string])[]

/** The id that is followed, as a list or as lanes. */
export function Following({ draft, change, look, onLook }: Props) {
  if (draft.follow === '') return null
  return (
    <div className={css.following}>
      <strong>{texts.follow.title(draft.followName, draft.follow)}</strong>
      <span className="quiet">{texts.follow.about}</span>
      <div className={css.looks}>
        {looks.map(([id, label]) => (
          <button key={id} type="button" aria-pressed={id === look} onClick={() => onLook(id)}>
            {label}
          </button>
        ))}
      </div>
      <Button
        look="plain"
        title={texts.follow.stop}
        aria-label={`${texts.follow.stop}, ${shared.close}`}
        onClick={() => change({ follow: '', followName: '' })}
      >
        <X size={14} />
      </Button>
    </div>
  )
}
