import {
  Activity,
  ArrowLeftRight,
  Cable,
  Home,
  Layers,
  type LucideIcon,
  MessagesSquare,
  Moon,
  Receipt,
  Settings,
  ShieldCheck,
  Sun,
  SunMoon,
  Users,
} from 'lucide-react'
import { pageList } from '../../src-main/contract/pages'
import { useHost } from '../host'
import { Button } from '../parts/Button'
import { useFeed } from '../stores/feed'
import { href, type Page, useRoute } from '../stores/route'
import { nextTheme, useSettings } from '../stores/settings'
import css from './app.module.css'

const icons: Readonly<Record<Page, LucideIcon>> = {
  home: Home,
  topics: Layers,
  messages: MessagesSquare,
  groups: Users,
  rebalances: Activity,
  clients: Cable,
  transactions: Receipt,
  wire: ArrowLeftRight,
  security: ShieldCheck,
  settings: Settings,
}

export function Sidebar() {
  const { page } = useRoute()
  const { theme } = useSettings()
  const client = useHost((host) => host.client)
  const { value: status } = useFeed('workspace', undefined)
  // What was counted last says nothing of a broker that is gone.
  const counts: Partial<Record<Page, number | undefined>> = client
    ? { topics: status?.topics, groups: status?.groups, clients: status?.clients }
    : {}
  const ThemeIcon = theme === 'system' ? SunMoon : theme === 'night' ? Moon : Sun
  return (
    <nav className={css.side} aria-label="Pages">
      <div className={css.brand}>
        <span className={client ? css.dot : `${css.dot} ${css.lost}`} aria-hidden />
        Ottla
      </div>
      <div className={`${css.address} data`}>
        {client ? (status?.addresses[0]?.replace(/^127\.0\.0\.1/, 'localhost') ?? '') : 'stopped'}
      </div>
      {pageList.map(({ id: to, label, key }) => (
        <a
          key={to}
          title={`Ctrl ${key}`}
          href={href(to)}
          className={to === page ? `${css.link} ${css.here}` : css.link}
          aria-current={to === page ? 'page' : undefined}
        >
          <Icon of={to} />
          {label}
          {counts[to] !== undefined && <span className={css.count}>{counts[to]}</span>}
        </a>
      ))}
      <div className={css.bottom}>
        <Button look="plain" onClick={nextTheme} title={`Theme: ${theme}`} aria-label={`Theme: ${theme}`}>
          <ThemeIcon size={15} />
        </Button>
        <span className="quiet">Ctrl K to go, ? for keys</span>
      </div>
    </nav>
  )
}

function Icon({ of }: { readonly of: Page }) {
  const Glyph = icons[of]
  return <Glyph size={15} aria-hidden />
}
