import { useEffect, useState } from 'react'
import page from '../pages/pages.module.css'
import { Button } from '../parts/Button'
import { Dialog } from '../parts/Dialog'
import { go, type Page, presentRoute } from '../stores/route'

const keys: readonly (readonly [string, string])[] = [
  ['Ctrl K, ⌘ K', 'go to a topic, a group, a page'],
  ['Ctrl 1 … 9, ⌘ 1 … 9', 'the pages in their order'],
  ['Ctrl ,', 'settings'],
  ['/, Ctrl F, ⌘ F', 'find'],
  ['↑ ↓, Page Up, Page Down, Home, End', 'move in a table'],
  ['Enter', 'open the row under the cursor'],
  ['Shift F10, menu key', 'what can be done with a row'],
  ['Space, Shift ↑ ↓', 'mark rows'],
  ['Esc', 'close the pane or dialog, then go back'],
  ['← →', 'step through rebalances; move a reset handle'],
  ['Shift ← →, Page Up, Page Down', 'move a reset handle further'],
  ['?', 'these keys'],
]

/** The page's search, if it has one: a field that is for it, or one that says so. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLElement>('main [data-find], main input[type=search]')
  field?.focus()
  if (field instanceof HTMLInputElement) field.select()
  return field !== null
}

/** Pages of many things, of which one may be open. */
const lists: ReadonlySet<Page> = new Set<Page>(['topics', 'groups', 'clients', 'transactions'])

/** From one topic, group, client or transactional id to all of them. */
function goBack(): boolean {
  const { page: current, subject } = presentRoute()
  if (subject === null || !lists.has(current)) return false
  go(current)
  return true
}

/** What the keys do: `?` shows it. */
export function Keys() {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const isTyping =
        event.target instanceof HTMLElement && event.target.matches('input, textarea, select, [contenteditable=true]')
      // What has the key already, or lies above the page, keeps it.
      if (event.defaultPrevented || document.querySelector('[role=dialog], [role=menu]')) return
      const isFind = event.key === 'f' && (event.ctrlKey || event.metaKey) && !event.shiftKey
      if (event.key === '?' && !isTyping) setOpen(true)
      else if ((isFind || (event.key === '/' && !isTyping)) && focusSearch()) event.preventDefault()
      else if (event.key === 'Escape' && !isTyping && goBack()) event.preventDefault()
    }
    // The menu of the desktop app has an item for them.
    const onMessage = ({ data, source }: MessageEvent) => {
      if (source === window && (data as { ottla?: string } | null)?.ottla === 'keys') setOpen(true)
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
    <Dialog title="Keys" onClose={() => setOpen(false)} actions={<Button onClick={() => setOpen(false)}>Close</Button>}>
      <dl className={page.facts}>
        {keys.map(([key, does]) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt>{key}</dt>
            <dd style={{ fontFamily: 'inherit', fontSize: 13 }}>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
