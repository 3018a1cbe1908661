import { X } from 'lucide-react'
import { Button } from '../parts/Button'
import { dismiss, useNotices } from '../stores/notices'
import css from './app.module.css'

export function Notices() {
  const { list } = useNotices()
  return (
    <div className={css.notices} role="status" aria-live="polite">
      {list.map(({ id, kind, text, action }) => (
        <div key={id} className={kind === 'problem' ? `${css.notice} ${css.problem}` : css.notice}>
          <p>{text}</p>
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
          <Button look="plain" onClick={() => dismiss(id)} aria-label="Dismiss">
            <X size={14} />
          </Button>
        </div>
      ))}
    </div>
  )
}
