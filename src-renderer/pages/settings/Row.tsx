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

/** One setting: what it is, when it counts, and what changes it. */
export function Row({
  label,
  note,
  effect,
  children,
}: {
  readonly label: string
  readonly note: string
  readonly effect?: string
  readonly children: ReactNode
}) {
  return (
    <div className={css.row}>
      <div>
        <div className={css.name}>{label}</div>
        <div className={css.note} title={note}>
          {note}
        </div>
        {effect && <div className={css.effect}>{effect}</div>}
      </div>
      <div className={css.control}>{children}</div>
    </div>
  )
}
