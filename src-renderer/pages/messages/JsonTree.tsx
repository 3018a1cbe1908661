import type { JsonNode } from './json-tree'
import css from './messages.module.css'

/** Larger objects and lists begin closed. */
const opensUpTo = 100

/** A JSON value that can be folded; browsers know how to fold `details` by mouse and keyboard. */
export function JsonTree({ node, name }: { readonly node: JsonNode; readonly name?: string }) {
  const label = name === undefined ? null : <span className={css.jsonName}>{name}: </span>
  if (node.kind === 'scalar') {
    const isText = node.text.startsWith('"')
    return (
      <div className={css.jsonLine}>
        {label}
        <span className={isText ? css.jsonText : css.jsonScalar}>{node.text}</span>
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
        {node.entries.map(([key, entry], i) => (
          <JsonTree key={i} name={key} node={entry} />
        ))}
      </div>
    </details>
  )
}
