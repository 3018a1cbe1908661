import type { InlineTags } from '../kind'
import type { ProtoFile, ProtoOption, ProtoType } from './file'

/**
 * Tags of messages (`(confluent.message_meta)`) and of their fields (`(confluent.field_meta)`). A path begins with the outermost message,
 * without the package.
 */
export function protobufTags(file: ProtoFile): InlineTags[] {
  const walk = (types: readonly ProtoType[], scope: string): InlineTags[] =>
    types.flatMap((type) => {
      if (type.kind !== 'message') return []
      const path = `${scope}${type.name}`
      const fields = type.fields.map(({ name, options }) => tagged(`${path}.${name}`, 'sr_field', options))
      return [
        ...[tagged(path, 'sr_record', type.options), ...fields].filter(({ tags }) => tags.length > 0),
        ...walk(type.types, `${path}.`),
      ]
    })
  return walk(file.types, '')
}

function tagged(path: string, type: InlineTags['type'], options: readonly ProtoOption[]): InlineTags {
  const meta = type === 'sr_record' ? '(confluent.message_meta)' : '(confluent.field_meta)'
  const tags = options.flatMap(({ name, value }) => {
    if (name === `${meta}.tags`) return stringsIn(value)
    return name === meta ? stringsIn(/\btags\s*:\s*(\[[^\]]*\]|"[^"]*")/.exec(value)?.[1] ?? '') : []
  })
  return { path, type, tags }
}

function stringsIn(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"/g)].map(([, content = '']) => content)
}
