import { useEffect, useState } from 'react'
import type { ConfigLine } from '../../../src-main/contract/topics'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Field } from '../../parts/Field'
import { Table } from '../../parts/Table'
import { attempt } from '../../stores/notices'
import page from '../pages.module.css'

const sources: Readonly<Record<string, string>> = {
  DYNAMIC_TOPIC_CONFIG: 'set for this topic',
  DYNAMIC_BROKER_CONFIG: 'set for the broker',
  DYNAMIC_DEFAULT_BROKER_CONFIG: 'set for all brokers',
  STATIC_BROKER_CONFIG: 'given at the start',
  DEFAULT_CONFIG: 'Kafka’s default',
}

export function ConfigView({ topic }: { readonly topic: string }) {
  const [configs, setConfigs] = useState<readonly ConfigLine[]>([])
  const [selected, setSelected] = useState<ConfigLine | null>(null)
  const [value, setValue] = useState('')
  const load = () => attempt(async () => setConfigs(await ask('topic.configs', { topic })))
  useEffect(() => void load(), [topic])
  const set = async (next: string | null) => {
    if (!selected) return
    if (
      await attempt(
        () => ask('topic.alter', { topic, config: selected.name, value: next }),
        `${selected.name} is ${next ?? 'the default again'}.`,
      )
    ) {
      await load()
      setSelected(null)
    }
  }
  return (
    <div className={page.split}>
      <Table
        label="Configs"
        rows={configs}
        columns={[
          {
            id: 'name',
            title: 'Config',
            width: 'minmax(200px, 2fr)',
            cell: ({ name, isDefault }) => (isDefault ? name : <b>{name}</b>),
            sort: ({ name }) => name,
          },
          { id: 'value', title: 'Value', width: '2fr', cell: ({ value: text }) => <code>{text ?? '–'}</code> },
          {
            id: 'source',
            title: 'From',
            width: '1fr',
            cell: ({ source }) => <span className="quiet">{sources[source] ?? source}</span>,
            sort: ({ source }) => source,
          },
          { id: 'type', title: 'Type', width: '80px', cell: ({ type }) => <span className="quiet">{type}</span> },
        ]}
        rowKey={({ name }) => name}
        selected={selected?.name ?? null}
        onSelect={(line) => {
          setSelected(line)
          setValue(line.value ?? '')
        }}
        empty={null}
      />
      {selected && (
        <aside className={page.pane} aria-label={selected.name}>
          <h2>{selected.name}</h2>
          <p className="quiet" style={{ margin: '4px 0 12px' }}>
            {sources[selected.source] ?? selected.source}
          </p>
          {selected.documentation && <p style={{ marginBottom: 12 }}>{selected.documentation}</p>}
          <div style={{ display: 'flex', gap: 8 }}>
            <Field
              aria-label="Value"
              value={value}
              onChange={(event) => setValue(event.target.value)}
              onKeyDown={(event) => event.key === 'Enter' && set(value)}
              style={{ flex: 1 }}
            />
            <Button look="primary" onClick={() => set(value)}>
              Set
            </Button>
            {selected.source === 'DYNAMIC_TOPIC_CONFIG' && <Button onClick={() => set(null)}>Reset</Button>}
          </div>
        </aside>
      )}
    </div>
  )
}
