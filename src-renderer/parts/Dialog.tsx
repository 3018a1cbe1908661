import { Dialog as Radix } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { shared } from '../texts'
import { Button } from './Button'
import css from './parts.module.css'
import { useFocusReturn } from './useFocusReturn'

interface Props {
  readonly title: string
  readonly description?: string
  /** For long forms. */
  readonly wide?: boolean
  /** The form has unsaved input: a click outside does nothing, and Esc asks first. */
  readonly hasDraft?: boolean
  /** The error of the last attempt. It stands in the form, above the buttons. */
  readonly problem?: string | null
  readonly onClose: () => void
  /** Called before `onClose` when the user discards the input. */
  readonly onDiscard?: () => void
  readonly children?: ReactNode
  readonly actions: ReactNode
}

/** Notices lie above a dialog; a click on one does not close it. */
function isInNotices(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[data-notices]') !== null
}

/** Esc closes the suggestions of a field first. */
function hasOpenList(target: EventTarget | null): boolean {
  return target instanceof Element && target.matches('[role=combobox][aria-expanded=true]')
}

/** The field that a form begins with, where that is not its first control. */
function focusFirst(event: Event): void {
  const first = event.target instanceof Element ? event.target.querySelector<HTMLElement>('[data-first]') : null
  if (!first) return
  event.preventDefault()
  first.focus()
}

/** A form or a confirmation above the page. Afterwards the focus returns to where it was. */
export function Dialog(props: Props) {
  const {
    title,
    description,
    wide = false,
    hasDraft = false,
    problem = null,
    onClose,
    onDiscard,
    children,
    actions,
  } = props
  const [isAsking, setAsking] = useState(false)
  const giveBack = useFocusReturn()
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={css.overlay} />
        <Radix.Content
          className={wide ? `${css.dialog} ${css.wide}` : css.dialog}
          {...(description ? {} : { 'aria-describedby': undefined })}
          aria-modal
          onOpenAutoFocus={focusFirst}
          onCloseAutoFocus={(event) => {
            event.preventDefault()
            giveBack()
          }}
          onInteractOutside={(event) => {
            if (hasDraft || isInNotices(event.target)) event.preventDefault()
          }}
          onEscapeKeyDown={(event) => {
            if (hasOpenList(event.target)) event.preventDefault()
            if (!hasDraft || event.defaultPrevented) return
            event.preventDefault()
            setAsking(!isAsking)
          }}
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
          {problem !== null && <Problem text={problem} />}
          {isAsking && hasDraft ? (
            <div className={css.actions} role="alertdialog" aria-label={shared.discardTitle}>
              <span className={css.asking}>{shared.discardTitle}</span>
              <Button autoFocus onClick={() => setAsking(false)}>
                {shared.keepEditing}
              </Button>
              <Button
                look="danger"
                onClick={() => {
                  onDiscard?.()
                  onClose()
                }}
              >
                {shared.discard}
              </Button>
            </div>
          ) : (
            <div className={css.actions}>{actions}</div>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

/** It may stand below the last line that is in sight. */
function showFully(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' })
}

/** An error beside what caused it. */
export function Problem({ text }: { readonly text: string }) {
  return (
    <p ref={showFully} className={css.formProblem} role="alert">
      {text}
    </p>
  )
}
