import css from './parts.module.css'

export interface Tab {
  readonly id: string
  readonly label: string
  readonly href: string
}

/** Views of one topic, group or page; each has its own address. */
export function Tabs({
  tabs,
  current,
  label,
}: {
  readonly tabs: readonly Tab[]
  readonly current: string
  readonly label: string
}) {
  return (
    <nav className={css.tabs} aria-label={label}>
      {tabs.map(({ id, label: text, href }) => (
        <a
          key={id}
          href={href}
          className={id === current ? `${css.tab} ${css.current}` : css.tab}
          aria-current={id === current ? 'page' : undefined}
        >
          {text}
        </a>
      ))}
    </nav>
  )
}
