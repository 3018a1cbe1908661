import type { ReactNode } from 'react'
import css from './settings.module.css'

export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={css.section} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  )
}

interface Props {
  readonly label: string
  readonly note: string
  /** When it takes effect; absent when that is immediately. */
  readonly effect?: string | null
  readonly children: ReactNode
}

/** One setting: its name, what it does, and its control. */
export function Row({ label, note, effect = null, children }: Props) {
  return (
    <div className={css.row}>
      <div>
        <div className={css.name}>{label}</div>
        <div className={css.note}>{note}</div>
        {effect !== null && <div className={css.effect}>{effect}</div>}
      </div>
      <div className={css.control}>{children}</div>
    </div>
  )
}
