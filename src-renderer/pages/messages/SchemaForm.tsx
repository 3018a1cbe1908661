import { type ReactNode, useId } from 'react'
import type { SchemaForm as Form, FormType } from '../../../src-main/contract/schema-form'
import { Button } from '../../parts/Button'
import { Choice, Field } from '../../parts/Field'
import {
  branchOf,
  branchSource,
  initialOf,
  resolved,
  scalarSource,
  shownScalar,
  withItem,
  withMember,
  withName,
} from './form-json'
import { type JsonNode, prettyJson, readJson } from './json'
import css from './messages.module.css'
import { texts } from './texts'

const words = texts.produce.schemaForm

interface Props {
  readonly form: Form
  /** JSON of the value. */
  readonly text: string
  readonly onChange: (text: string) => void
}

/** A form for the JSON of a value: what is edited in one is seen in the other. */
export function SchemaForm({ form, text, onChange }: Props) {
  const node = readJson(text)
  if (!node) return <p className={css.problem}>{words.broken}</p>
  return (
    <div className={css.form}>
      <Value
        type={form.root}
        types={form.types}
        node={node}
        label={words.value}
        onChange={(source) => onChange(prettyJson(source))}
      />
    </div>
  )
}

interface ValueProps {
  readonly type: FormType
  readonly types: Form['types']
  readonly node: JsonNode
  /** Its path, for screen readers. */
  readonly label: string
  readonly onChange: (source: string) => void
}

function Value({ type: given, ...props }: ValueProps) {
  const type = resolved(given, props.types)
  switch (type.kind) {
    case 'record':
      return <RecordFields {...props} type={type} />
    case 'union':
      return <Union {...props} type={type} />
    case 'list':
      return <List {...props} type={type} />
    case 'map':
      return <MapEntries {...props} type={type} />
    case 'null':
      return <span className="quiet">{texts.cell.null}</span>
    case 'enum':
    case 'boolean': {
      const options = type.kind === 'enum' ? type.symbols : ['false', 'true']
      const value = shownScalar(props.node.source)
      return (
        <Choice
          aria-label={props.label}
          value={value}
          onChange={({ target }) => props.onChange(type.kind === 'enum' ? JSON.stringify(target.value) : target.value)}
        >
          {!options.includes(value) && <option>{value}</option>}
          {options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </Choice>
      )
    }
    default:
      return <Scalar {...props} type={type} />
  }
}

type Of<K extends FormType['kind']> = Omit<ValueProps, 'type'> & {
  readonly type: Extract<FormType, { readonly kind: K }>
}

function Scalar({ type, node, label, onChange }: Of<'text' | 'number' | 'exact' | 'json' | 'named'>) {
  const isJson = type.kind === 'json' || type.kind === 'named' || node.kind !== 'scalar'
  const hint = 'hint' in type ? type.hint : words.json
  return (
    <Field
      aria-label={label}
      title={hint}
      placeholder={hint}
      value={isJson ? node.source : shownScalar(node.source)}
      onChange={({ target: { value } }) => {
        if (!isJson) onChange(scalarSource(type, value))
        // What is no JSON yet cannot stand in the value: it is text until it is one.
        else onChange(readJson(value) ? value : JSON.stringify(value))
      }}
    />
  )
}

function RecordFields({ type, types, node, label, onChange }: Of<'record'>) {
  const entries = node.kind === 'object' ? node.entries : []
  return (
    <div role="group" aria-label={label} className={css.formGroup}>
      {type.fields.map((field) => {
        const own = entries.find(({ name }) => name === field.name)?.value
        const path = label === words.value ? field.name : `${label}.${field.name}`
        const set = (source: string | null) => onChange(withMember(node, field.name, source))
        return (
          <Row key={field.name} name={field.name} doc={field.doc}>
            {own ? (
              <Value type={field.type} types={types} node={own} label={path} onChange={set} />
            ) : (
              <span className="quiet">
                {field.fallback === null ? words.absent : words.fallback(field.fallback)}{' '}
                <Button
                  look="plain"
                  aria-label={words.setField(path)}
                  onClick={() => set(field.fallback ?? initialOf(field.type, types))}
                >
                  {words.set}
                </Button>
              </span>
            )}
            {own && field.isOptional && (
              <Button look="plain" aria-label={words.leaveOutField(path)} onClick={() => set(null)}>
                {words.leaveOut}
              </Button>
            )}
          </Row>
        )
      })}
    </div>
  )
}

function Row({ name, doc, children }: { readonly name: string; readonly doc: string; readonly children: ReactNode }) {
  return (
    <div className={css.formRow}>
      <span className="data" title={doc === '' ? undefined : doc}>
        {name}
      </span>
      <div className={css.formValue}>{children}</div>
    </div>
  )
}

function Union({ type: { branches }, types, node, label, onChange }: Of<'union'>) {
  const id = useId()
  const { index, node: inner, isNamed } = branchOf(branches, node, types)
  const branch = branches[index]
  const change = (source: string) => onChange(branch && isNamed ? branchSource(branch, source) : source)
  return (
    <>
      <Choice
        id={id}
        aria-label={words.branch(label)}
        value={index}
        onChange={({ target }) => {
          const next = branches[Number(target.value)]
          if (next) onChange(branchSource(next, initialOf(next.type, types)))
        }}
      >
        {index < 0 && <option value={-1}>{words.noBranch}</option>}
        {branches.map((one, i) => (
          <option key={one.label} value={i}>
            {one.label}
          </option>
        ))}
      </Choice>
      {branch && branch.type.kind !== 'null' && (
        <Value type={branch.type} types={types} node={inner} label={label} onChange={change} />
      )}
    </>
  )
}

function List({ type: { items }, types, node, label, onChange }: Of<'list'>) {
  const entries = node.kind === 'array' ? node.entries : []
  return (
    <div role="group" aria-label={label} className={css.formGroup}>
      {entries.map(({ value }, i) => (
        <Row key={i} name={String(i)} doc="">
          <Value
            type={items}
            types={types}
            node={value}
            label={`${label}[${i}]`}
            onChange={(source) => onChange(withItem(node, i, source))}
          />
          <Button
            look="plain"
            aria-label={words.removeItem(`${label}[${i}]`)}
            onClick={() => onChange(withItem(node, i, null))}
          >
            {words.remove}
          </Button>
        </Row>
      ))}
      <Button
        look="plain"
        aria-label={words.addTo(label)}
        onClick={() => onChange(withItem(node, entries.length, initialOf(items, types)))}
      >
        {words.add}
      </Button>
    </div>
  )
}

function MapEntries({ type: { values }, types, node, label, onChange }: Of<'map'>) {
  const entries = node.kind === 'object' ? node.entries : []
  const freeName = () => {
    for (let n = entries.length + 1; ; n++) if (!entries.some(({ name }) => name === `key${n}`)) return `key${n}`
  }
  return (
    <div role="group" aria-label={label} className={css.formGroup}>
      {entries.map(({ name, value }, i) => (
        <div key={i} className={css.formRow}>
          <Field
            aria-label={words.keyOf(label, i)}
            value={name}
            onChange={({ target }) => {
              const isTaken = entries.some((other, at) => at !== i && other.name === target.value)
              if (!isTaken) onChange(withName(node, name, target.value))
            }}
          />
          <div className={css.formValue}>
            <Value
              type={values}
              types={types}
              node={value}
              label={`${label}.${name}`}
              onChange={(source) => onChange(withMember(node, name, source))}
            />
            <Button
              look="plain"
              aria-label={words.removeItem(`${label}.${name}`)}
              onClick={() => onChange(withMember(node, name, null))}
            >
              {words.remove}
            </Button>
          </div>
        </div>
      ))}
      <Button
        look="plain"
        aria-label={words.addTo(label)}
        onClick={() => onChange(withMember(node, freeName(), initialOf(values, types)))}
      >
        {words.add}
      </Button>
    </div>
  )
}
