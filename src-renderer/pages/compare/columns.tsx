import type { Column } from '../../parts/Table'
import css from './compare.module.css'
import type { ShownRow } from './compared'
import { texts } from './texts'
import type { Side } from './useSides'

/** Longer values are in the pane. */
const mostCharacters = 200

export const columnsOf = (a: Side, b: Side): readonly Column<ShownRow>[] => [
  {
    id: 'verdict',
    title: texts.columns.verdict,
    isTitleHidden: true,
    width: '18px',
    cell: ({ verdict }) => {
      const text = texts.verdict(verdict, a.inText, b.inText)
      return (
        <span className={css.glyph} data-verdict={verdict} role="img" aria-label={text} title={text}>
          {texts.glyphs[verdict]}
        </span>
      )
    },
  },
  {
    id: 'kind',
    title: texts.columns.kind,
    width: '58px',
    cell: ({ kind }) => <span className="quiet">{texts.kinds[kind]}</span>,
  },
  {
    id: 'name',
    title: texts.columns.name,
    width: 'minmax(120px, 2fr)',
    cell: ({ name }) => name,
    sort: ({ name }) => name,
  },
  {
    id: 'what',
    title: texts.columns.what,
    width: 'minmax(100px, 1.4fr)',
    cell: ({ what }) => what,
    sort: ({ what }) => what,
  },
  {
    id: 'a',
    title: a.name,
    width: 'minmax(90px, 1.4fr)',
    cell: (row) => <Value value={row.a} />,
    sort: (row) => row.a ?? '',
  },
  {
    id: 'b',
    title: b.name,
    width: 'minmax(90px, 1.4fr)',
    cell: (row) => <Value value={row.b} />,
    sort: (row) => row.b ?? '',
  },
]

function Value({ value }: { readonly value: string | null }) {
  if (value === null) return <span className="quiet">{texts.absent}</span>
  return <span className="data">{value.slice(0, mostCharacters)}</span>
}
