import { useEffect, useRef } from 'react'
import { onCommand } from '../../stores/commands'

interface Actions {
  readonly isPaneOpen: boolean
  readonly closePane: () => void
  /** `null` where several topics are shown. */
  readonly produce: (() => void) | null
  /** `null` where the view is not live. */
  readonly togglePause: (() => void) | null
}

/** Keys and palette actions of the messages view. */
export function useMessageKeys({ isPaneOpen, closePane, produce, togglePause }: Actions): void {
  useEscape(isPaneOpen, closePane)
  useEffect(() => (produce === null ? undefined : onCommand('produce', produce)), [produce])
  const toggle = useRef(togglePause)
  toggle.current = togglePause
  const canPause = togglePause !== null
  useEffect(() => (canPause ? onCommand('pause', () => toggle.current?.()) : undefined), [canPause])
}

/** Esc closes the pane, unless a field or a dialog above it handles the key. */
function useEscape(isOpen: boolean, onEscape: () => void): void {
  useEffect(() => {
    if (!isOpen) return
    const onKey = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof HTMLElement && event.target.matches('input, textarea, [contenteditable=true]')
      if (event.key !== 'Escape' || event.defaultPrevented || isTyping) return
      event.preventDefault()
      onEscape()
      document.querySelector<HTMLElement>('[role=grid]')?.focus({ preventScroll: true })
    }
    document.addEventListener('keydown', onKey)
    return () => document.removeEventListener('keydown', onKey)
  }, [isOpen, onEscape])
}
