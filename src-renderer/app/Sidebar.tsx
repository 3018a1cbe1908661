import {
  Activity,
  ArrowLeftRight,
  Braces,
  Cable,
  Globe,
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
import { useCan } from '../stores/can'
import { useFeed } from '../stores/feed'
import { modifier, pageShortcut } from '../stores/keyboard'
import { href, type Page, useRoute } from '../stores/route'
import { nextTheme, useSettings } from '../stores/settings'
import css from './app.module.css'
import { pageNeeds } from './page-needs'
import { texts } from './texts'

const icons: Readonly<Record<Page, LucideIcon>> = {
  home: Home,
  topics: Layers,
  messages: MessagesSquare,
  schemas: Braces,
  groups: Users,
  rebalances: Activity,
  clients: Cable,
  transactions: Receipt,
  wire: ArrowLeftRight,
  security: ShieldCheck,
  connections: Globe,
  settings: Settings,
}

export function Sidebar() {
  const { page } = useRoute()
  const { theme } = useSettings()
  const { client, lost } = useHost()
  const { value: status } = useFeed('workspace', undefined)
  // The last counts say nothing about a broker that is not there, and a cluster elsewhere does not tell who is connected.
  const counts: Partial<Record<Page, number | undefined>> = client
    ? { topics: status?.topics, groups: status?.groups, clients: status?.cluster ? undefined : status?.clients }
    : {}
  const isStopped = lost?.kind === 'stopped' || lost?.kind === 'noAnswer'
  const ThemeIcon = theme === 'system' ? SunMoon : theme === 'night' ? Moon : Sun
  return (
    <nav className={css.side} aria-label={texts.pages}>
      <div className={css.brand}>
        <span
          className={isStopped ? `${css.dot} ${css.lost}` : client ? css.dot : `${css.dot} ${css.waiting}`}
          aria-hidden
        />
        Ottla
      </div>
      <div className={`${css.address} data`}>
        {client
          ? (status?.addresses[0]?.replace(/^127\.0\.0\.1/, 'localhost') ?? '')
          : isStopped
            ? texts.stopped
            : texts.notConnected}
      </div>
      {pageList.map(({ id, label, key }) => (
        <PageLink key={id} to={id} label={label} shortcut={pageShortcut(key)} isHere={id === page} count={counts[id]} />
      ))}
      <div className={css.bottom}>
        <Button look="plain" onClick={nextTheme} title={texts.theme(theme)} aria-label={texts.theme(theme)}>
          <ThemeIcon size={15} />
        </Button>
        <span className="quiet">{texts.hint(modifier)}</span>
      </div>
    </nav>
  )
}

interface LinkProps {
  readonly to: Page
  readonly label: string
  readonly shortcut: string | undefined
  readonly isHere: boolean
  readonly count: number | undefined
}

/** A link to a page; one to a page that this cluster cannot fill is pale, and says why. */
function PageLink({ to, label, shortcut, isHere, count }: LinkProps) {
  const can = useCan(...pageNeeds[to])
  const Glyph = icons[to]
  const looks = [css.link, isHere && css.here, can !== true && css.empty]
  return (
    <a
      title={can === true ? shortcut : can}
      href={href(to)}
      className={looks.filter(Boolean).join(' ')}
      aria-current={isHere ? 'page' : undefined}
    >
      <Glyph size={15} aria-hidden />
      {label}
      {count !== undefined && <span className={css.count}>{count}</span>}
    </a>
  )
}
