import { autocompletion, type CompletionContext, closeBrackets, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { javascript } from '@codemirror/lang-javascript'
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorState, Prec } from '@codemirror/state'
import { EditorView, keymap, placeholder } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'
import { Button } from '../../parts/Button'
import css from './query.module.css'
import { texts } from './texts'

interface Props {
  readonly initial: string
  /** A value of the log; its fields are offered for completion. */
  readonly sample: () => string
  readonly onRun: (script: string) => void
}

const names = [
  'key',
  'value',
  'headers',
  'offset',
  'partition',
  'partitionID',
  'timestamp',
  'topic',
  'keySchemaID',
  'valueSchemaID',
]

const colours = HighlightStyle.define([
  { tag: [tags.string, tags.regexp], color: 'var(--good)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--info)' },
  { tag: tags.keyword, color: 'var(--accent)' },
  { tag: tags.comment, color: 'var(--quiet)' },
])

/** Names of fields in JSON text, also when it is truncated. */
function fieldsOf(json: string): string[] {
  return [...new Set([...json.matchAll(/"([A-Za-z_$][\w$]*)"\s*:/g)].map(([, name]) => name as string))]
}

function complete(sample: () => string) {
  return (context: CompletionContext) => {
    const field = context.matchBefore(/\bvalue(?:\?)?\.\w*/)
    if (field) {
      const from = field.from + field.text.lastIndexOf('.') + 1
      return { from, options: fieldsOf(sample()).map((label) => ({ label, type: 'property' })) }
    }
    const word = context.matchBefore(/(?<![.\w])\w+/)
    return word ? { from: word.from, options: names.map((label) => ({ label, type: 'variable' })) } : null
  }
}

/** Editor of a JavaScript filter: a line that grows. Enter runs it, Shift Enter starts a new line. */
export default function ScriptField({ initial, sample, onRun }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  // The editor outlives a render: it reads the current props through this ref.
  const latest = useRef({ sample, onRun })
  latest.current = { sample, onRun }
  const run = () => latest.current.onRun(view.current?.state.doc.toString() ?? '')
  useEffect(() => {
    const parent = box.current
    if (!parent) return
    const enter = () => {
      run()
      return true
    }
    const editor = new EditorView({
      parent,
      state: EditorState.create({
        doc: initial,
        extensions: [
          history(),
          closeBrackets(),
          autocompletion({ override: [complete(() => latest.current.sample())], icons: false }),
          javascript(),
          syntaxHighlighting(colours),
          placeholder('value?.total > 100 && partitionID === 0'),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': texts.query.script, 'data-find': '' }),
          Prec.high(keymap.of(completionKeymap)),
          keymap.of([{ key: 'Enter', run: enter }, ...historyKeymap, ...defaultKeymap]),
        ],
      }),
    })
    view.current = editor
    return () => editor.destroy()
  }, [])
  return (
    <>
      <div ref={box} className={css.script} title={texts.query.scriptNames(names)} />
      <Button onClick={run}>{texts.query.run}</Button>
    </>
  )
}
