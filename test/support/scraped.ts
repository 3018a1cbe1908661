/** A series and its value: `kafka_consumergroup_lag{consumergroup="g",topic="orders",partition="0"}`. */
export type Scraped = ReadonlyMap<string, number>

const sample = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (\S+)$/

/**
 * Reads the text format of Prometheus as strictly as its parser does: one HELP and one TYPE in front of each metric, no series twice.
 *
 * @throws Error that names the line
 */
export function scraped(text: string): Scraped {
  const series = new Map<string, number>()
  const types = new Map<string, string>()
  let family = ''
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line)
    if (comment) {
      const [, kind = '', name = '', value = ''] = comment
      if (types.has(name)) throw new Error(`${name} comes twice`)
      if (kind === 'TYPE') types.set((family = name), value)
      continue
    }
    const [, name = '', labels = '', value = ''] = sample.exec(line) ?? []
    const suffix = types.get(family) === 'histogram' ? /^(_bucket|_sum|_count)$/ : /^$/
    if (!name.startsWith(family) || !suffix.test(name.slice(family.length)))
      throw new Error(`no sample of ${family}: ${line}`)
    if (series.has(name + labels) || !Number.isFinite(Number(value))) throw new Error(`not a sample: ${line}`)
    series.set(name + labels, Number(value))
  }
  return series
}
