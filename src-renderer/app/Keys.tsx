import { useEffect, useState } from 'react'
import page from '../pages/pages.module.css'
import { Button } from '../parts/Button'
import { Dialog } from '../parts/Dialog'

const keys: readonly (readonly [string, string])[] = [
  ['Ctrl K, ⌘ K', 'go to a topic, a group, a page'],
  ['Ctrl 1 … 7', 'the pages in their order'],
  ['/', 'find in messages'],
  ['↑ ↓, Page Up, Page Down, Home, End', 'move in a table'],
  ['Enter', 'open what is selected'],
  ['Esc', 'close the pane or dialog'],
  ['← →', 'step through rebalances; move a reset handle'],
  ['Shift ← →, Page Up, Page Down', 'move a reset handle further'],
  ['?', 'these keys'],
]

/** What the keys do: `?` shows it. */
export function Keys() {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement
      if (event.key === '?' && !typing) setOpen(true)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
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
