import type { JsonNode } from './json'
import css from './messages.module.css'

/** Larger objects and lists are folded at first. */
const opensUpTo = 100

/** A JSON value whose objects and lists can be folded, by mouse and keyboard (`details`). */
export function JsonTree({ node, name }: { readonly node: JsonNode; readonly name?: string }) {
  const label = name === undefined ? null : <span className={css.jsonName}>{name}: </span>
  if (node.kind === 'scalar') {
    const isText = node.source.startsWith('"')
    return (
      <div className={css.jsonLine}>
        {label}
        <span className={isText ? css.jsonText : css.jsonScalar}>{node.source}</span>
      </div>
    )
  }
  const [open, close] = node.kind === 'object' ? ['{', '}'] : ['[', ']']
  if (node.entries.length === 0) {
    return (
      <div className={css.jsonLine}>
        {label}
        {open}
        {close}
      </div>
    )
  }
  return (
    <details open={node.entries.length <= opensUpTo}>
      <summary className={css.jsonLine}>
        {label}
        {open} <span className="quiet">{node.entries.length}</span> {close}
      </summary>
      <div className={css.jsonInner}>
        {node.entries.map(({ name: key, value }, i) => (
          <JsonTree key={i} name={key} node={value} />
        ))}
      </div>
    </details>
  )
}
