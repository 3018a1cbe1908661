import { configValue } from './config-values'

/** Parses lines of `key=value`; values may have units. Lines in another form are returned in `wrong`, never dropped. */
export function readConfigs(text: string): { readonly configs: Record<string, string>; readonly wrong: string[] } {
  const configs: Record<string, string> = {}
  const wrong: string[] = []
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue
    const match = /^([\w.]+)\s*=\s*(.*)$/.exec(line)
    if (match?.[1]) configs[match[1]] = configValue(match[1], match[2] ?? '')
    else wrong.push(line)
  }
  return { configs, wrong }
}
