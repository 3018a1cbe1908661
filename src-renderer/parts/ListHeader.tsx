import type { KeyboardEvent, ReactNode } from 'react'
import page from '../pages/pages.module.css'
import { useFind } from '../stores/query-field'
import { Field } from './Field'

interface Find {
  /** For screen readers. */
  readonly label: string
  readonly placeholder: string
}

interface FindState {
  readonly value: string
  readonly onChange: (value: string) => void
}

interface Props {
  readonly title: string
  /** Absent while there is nothing to search in. */
  readonly find?: Find | undefined
  /** What is listed, summed up: in a small window on a line of its own, so that none of it is cut. */
  readonly facts?: string | undefined
  /** At the right edge. */
  readonly action?: ReactNode
  readonly children?: ReactNode
}

/** From the search field, ↓ and Enter go to the table below it, or to the first control of what was found. */
export function goToTable(event: KeyboardEvent<HTMLInputElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'Enter') return
  const table = document.querySelector<HTMLElement>(
    'main [role=grid], main [data-setting] :is(input, select, button):enabled',
  )
  if (!table) return
  event.preventDefault()
  table.focus({ preventScroll: true })
}

/** A search field above a table. */
export function FindField({ label, placeholder, value, onChange }: Find & FindState) {
  return (
    <Field
      type="search"
      aria-label={label}
      placeholder={placeholder}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={goToTable}
    />
  )
}

/** The search field of the list of a page. The page reads its text with `useFind`. */
export function ListFind(props: Find) {
  const [value, onChange] = useFind()
  return <FindField {...props} value={value} onChange={onChange} />
}

/** Head of a page with a list: its title, the search field, what else limits the rows, and the facts about them. */
export function ListHeader({ title, find, facts, action, children }: Props) {
  return (
    <header className={facts === undefined ? page.header : `${page.header} ${page.hasFacts}`}>
      <h1>{title}</h1>
      {find && <ListFind {...find} />}
      {children}
      {facts !== undefined && <span className={`quiet ${page.listFacts}`}>{facts}</span>}
      {action !== undefined && (
        <>
          <span className={page.spacer} />
          {action}
        </>
      )}
    </header>
  )
}
