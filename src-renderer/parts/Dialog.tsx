import { Dialog as Radix } from 'radix-ui'
import type { ReactNode } from 'react'
import css from './parts.module.css'

interface Props {
  readonly title: string
  readonly description?: string
  /** For forms with much in them. */
  readonly wide?: boolean
  readonly onClose: () => void
  readonly children: ReactNode
  readonly actions: ReactNode
}

/** Asks before something is done. */
export function Dialog({ title, description, wide = false, onClose, children, actions }: Props) {
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={css.overlay} />
        <Radix.Content
          className={wide ? `${css.dialog} ${css.wide}` : css.dialog}
          {...(description ? {} : { 'aria-describedby': undefined })}
        >
          <Radix.Title asChild>
            <h2>{title}</h2>
          </Radix.Title>
          {description && (
            <Radix.Description asChild>
              <p className="quiet">{description}</p>
            </Radix.Description>
          )}
          {children}
          <div className={css.actions}>{actions}</div>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
