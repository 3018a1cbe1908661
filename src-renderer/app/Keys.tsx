import { useEffect, useState } from 'react'
import { shellMessageOf } from '../../src-main/contract/shell'
import { isDesktop } from '../host'
import page from '../pages/pages.module.css'
import { Button } from '../parts/Button'
import { Dialog } from '../parts/Dialog'
import { canRun, command, onCommand } from '../stores/commands'
import { modifier } from '../stores/keyboard'
import { go, type Page, presentRoute } from '../stores/route'
import { shared } from '../texts'
import css from './app.module.css'
import { texts } from './texts'

/** Fields that take letters: a box that was ticked does not. */
const typing = 'input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]'

/** Focuses the search field of the page; false when it has none. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLElement>('main [data-find], main input[type=search]')
  field?.focus()
  if (field instanceof HTMLInputElement) field.select()
  return field !== null
}

/** Pages with a list, of which one item may be open. */
const lists: ReadonlySet<Page> = new Set<Page>(['topics', 'schemas', 'groups', 'clients', 'transactions'])

/** Goes from one topic, group, client or transactional id back to the list. */
function goBack(): boolean {
  const { page: current, subject } = presentRoute()
  if (subject === null || !lists.has(current)) return false
  go(current)
  return true
}

/** Keys of all pages, and the dialog that lists them. */
export function Keys() {
  const [open, setOpen] = useState(false)
  useEffect(() => onCommand('keys', () => setOpen(true)), [])
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches(typing)
      // A key that a field has handled, or that a dialog or menu above the page will handle, is not ours.
      if (event.defaultPrevented || document.querySelector('[role=dialog], [role=menu]')) return
      const isFind = event.key === 'f' && (event.ctrlKey || event.metaKey) && !event.shiftKey
      const isPlain = !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey
      if (event.key === '?' && !isTyping) setOpen(true)
      else if (event.key === 'p' && isPlain && canRun('pause')) command('pause')
      else if ((isFind || (event.key === '/' && !isTyping)) && focusSearch()) event.preventDefault()
      else if (event.key === 'Escape' && !isTyping && goBack()) event.preventDefault()
    }
    // The Help menu of the desktop app has an item for this dialog.
    const onMessage = ({ data, source }: MessageEvent) => {
      if (source === window && shellMessageOf(data)?.ottla === 'keys') setOpen(true)
    }
    window.addEventListener('keydown', onKey)
    window.addEventListener('message', onMessage)
    return () => {
      window.removeEventListener('keydown', onKey)
      window.removeEventListener('message', onMessage)
    }
  }, [])
  if (!open) return null
  return (
    <Dialog
      wide
      title={texts.keys.title}
      onClose={() => setOpen(false)}
      actions={<Button onClick={() => setOpen(false)}>{shared.close}</Button>}
    >
      <dl className={page.facts}>
        {texts.keys.list(modifier, isDesktop).map(([key, action]) => (
          <div key={key} className={css.keyLine}>
            <dt>{key}</dt>
            <dd>{action}</dd>
          </div>
        ))}
      </dl>
      {!isDesktop && <p className="quiet">{texts.keys.browserKeeps(modifier)}</p>}
    </Dialog>
  )
}
