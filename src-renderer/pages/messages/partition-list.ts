/** Parses `0,3-5`; `null` for all. Other text is ignored. */
export function readPartitions(text: string): readonly number[] | null {
  const found = new Set<number>()
  for (const part of text.split(/[,\s]+/)) {
    const [, first, last = first] = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part) ?? []
    if (first === undefined) continue
    for (let number = Number(first); number <= Number(last); number++) found.add(number)
  }
  return found.size === 0 ? null : [...found].sort((a, b) => a - b)
}

/** The shortest text for some partitions. */
export function partitionsText(numbers: readonly number[]): string {
  const parts: [number, number][] = []
  for (const number of [...numbers].sort((a, b) => a - b)) {
    const last = parts.at(-1)
    if (last && number === last[1] + 1) last[1] = number
    else parts.push([number, number])
  }
  return parts.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
}
