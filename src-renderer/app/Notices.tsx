import { X } from 'lucide-react'
import { Button } from '../parts/Button'
import { dismiss, useNotices } from '../stores/notices'
import { shared } from '../texts'
import css from './app.module.css'

export function Notices() {
  const { list } = useNotices()
  return (
    <div className={css.notices} role="status" aria-live="polite" data-notices="">
      {list.map(({ id, kind, text, times, action }) => (
        <div key={id} className={kind === 'problem' ? `${css.notice} ${css.problem}` : css.notice}>
          <p>
            {text}
            {times > 1 && <span className="quiet"> × {times}</span>}
          </p>
          {action && (
            <Button
              onClick={() => {
                dismiss(id)
                action.run()
              }}
            >
              {action.label}
            </Button>
          )}
          <Button look="plain" onClick={() => dismiss(id)} aria-label={shared.dismiss}>
            <X size={14} />
          </Button>
        </div>
      ))}
    </div>
  )
}
