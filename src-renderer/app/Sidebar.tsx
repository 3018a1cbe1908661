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
import { useHost } from '../host'
import { Button } from '../parts/Button'
import { useFeed } from '../stores/feed'
import { href, type Page, useRoute } from '../stores/route'
import { nextTheme, useSettings } from '../stores/settings'
import css from './app.module.css'

const links: readonly { readonly page: Page; readonly label: string; readonly icon: LucideIcon }[] = [
  { page: 'home', label: 'Home', icon: Home },
  { page: 'topics', label: 'Topics', icon: Layers },
  { page: 'messages', label: 'Messages', icon: MessagesSquare },
  { page: 'groups', label: 'Groups', icon: Users },
  { page: 'rebalances', label: 'Rebalances', icon: Activity },
  { page: 'clients', label: 'Clients', icon: Cable },
  { page: 'transactions', label: 'Transactions', icon: Receipt },
  { page: 'wire', label: 'Wire', icon: ArrowLeftRight },
  { page: 'security', label: 'Security', icon: ShieldCheck },
  { page: 'settings', label: 'Settings', icon: Settings },
]

export function Sidebar() {
  const { page } = useRoute()
  const { theme } = useSettings()
  const client = useHost((host) => host.client)
  const { value: status } = useFeed('workspace', undefined)
  const counts: Partial<Record<Page, number | undefined>> = {
    topics: status?.topics,
    groups: status?.groups,
    clients: status?.clients,
  }
  const ThemeIcon = theme === 'system' ? SunMoon : theme === 'night' ? Moon : Sun
  return (
    <nav className={css.side} aria-label="Pages">
      <div className={css.brand}>
        <span className={client ? css.dot : `${css.dot} ${css.lost}`} aria-hidden />
        Ottla
      </div>
      <div className={`${css.address} data`}>{status?.addresses[0]?.replace(/^127\.0\.0\.1/, 'localhost') ?? ''}</div>
      {links.map(({ page: to, label, icon: Icon }) => (
        <a
          key={to}
          href={href(to)}
          className={to === page ? `${css.link} ${css.here}` : css.link}
          aria-current={to === page ? 'page' : undefined}
        >
          <Icon size={15} aria-hidden />
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
