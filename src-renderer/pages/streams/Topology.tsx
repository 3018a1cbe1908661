import type { BoardSubtopology, StreamsBoard } from '../../../src-main/contract/streams'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import { graphOf, type Placed } from './graph'
import css from './streams.module.css'
import { texts } from './texts'

/** Sizes of the drawing in pixels; a node is as high, and a character as wide, as in streams.module.css. */
const node = { height: 38, columnGap: 36, rowGap: 8, leastWidth: 110, mostWidth: 300, character: 6.7, padding: 30 }

/** The graph of each subtopology: input topics, processors with their stores, output topics and changelogs. */
export function Topology({ board }: { readonly board: StreamsBoard }) {
  const { subtopologies } = board
  if (subtopologies.length === 0) return null
  const isDescribed = subtopologies.some(({ nodes }) => nodes !== null)
  const { topology: say } = texts
  return (
    <>
      <h2 className={page.section}>
        {say.title} <span className={css.aside}>{isDescribed ? say.described : say.undescribed}</span>
      </h2>
      {subtopologies.map((subtopology) => (
        <Graph key={subtopology.id} subtopology={subtopology} />
      ))}
    </>
  )
}

/** Columns are as wide as their longest name, within limits. */
function columnsOf(nodes: readonly Placed[], count: number): { readonly left: number; readonly width: number }[] {
  let next = 0
  return Array.from({ length: count }, (_, column) => {
    const longest = Math.max(
      0,
      ...nodes.filter((each) => each.column === column).map(({ label }) => label.length * node.character),
    )
    const width = Math.min(node.mostWidth, Math.max(node.leastWidth, Math.ceil(longest) + node.padding))
    const left = next
    next += width + node.columnGap
    return { left, width }
  })
}

const top = ({ row }: Placed) => row * (node.height + node.rowGap)

function Graph({ subtopology }: { readonly subtopology: BoardSubtopology }) {
  const { id, moreNodes, moreTopics } = subtopology
  const { nodes, edges, columns, rows } = graphOf(subtopology)
  const places = columnsOf(nodes, columns)
  const left = ({ column }: Placed) => places[column]?.left ?? 0
  const widthOf = ({ column }: Placed) => places[column]?.width ?? 0
  const width = (places.at(-1)?.left ?? 0) + (places.at(-1)?.width ?? 0)
  const height = rows * (node.height + node.rowGap) - node.rowGap
  return (
    <>
      <h3 className={css.graphName}>{texts.topology.subtopology(id)}</h3>
      <section className={css.scroll} aria-label={texts.topology.graph(id)} tabIndex={0}>
        <div className={css.graph} style={{ width, height }}>
          <svg width={width} height={height} aria-hidden>
            {edges.map(({ from, to }) => {
              const x = left(from) + widthOf(from)
              const y = top(from) + node.height / 2
              const endX = left(to)
              const endY = top(to) + node.height / 2
              const bend = node.columnGap / 2
              return (
                <path
                  key={`${from.id} ${to.id}`}
                  d={`M${x} ${y} C${x + bend} ${y} ${endX - bend} ${endY} ${endX} ${endY}`}
                />
              )
            })}
          </svg>
          <ul>
            {nodes.map((each) => (
              <li
                key={each.id}
                className={`${css.node} ${css[each.kind]}`}
                style={{ left: left(each), top: top(each), width: widthOf(each) }}
              >
                <Label node={each} />
              </li>
            ))}
          </ul>
        </div>
      </section>
      {moreNodes > 0 && <p className="quiet">{texts.moreNodes(moreNodes)}</p>}
      {moreTopics > 0 && <p className="quiet">{texts.moreTopics(moreTopics)}</p>}
    </>
  )
}

function Label({ node: { label, kind, stores } }: { readonly node: Placed }) {
  const kindName = stores.length > 0 ? texts.topology.store(stores) : texts.topology.kinds[kind]
  return (
    <>
      {kind === 'topic' ? (
        <a className={page.link} href={href('topics', label)} title={label}>
          {label}
        </a>
      ) : (
        <span title={label}>{label}</span>
      )}
      <small title={kindName}>{kindName}</small>
    </>
  )
}
