/**
 * A scenario is text: what happens to a group, and the trace that it must leave.
 *
 *     == title
 *     # comment
 *     command who option=value
 *     ----
 *     0: joined a
 *       a <- join generation 1 range leader a
 *       = classic Stable generation 1 a:t0
 */
export interface Scenario {
  readonly title: string
  readonly commands: readonly string[]
  readonly trace: string
}

const separator = '----'

/** The scenarios of a file. */
export function readScenarios(text: string): Scenario[] {
  return partsOf(text).map(({ title, head, trace }) => ({
    title,
    commands: head
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#')),
    trace: trace
      .trim()
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n'),
  }))
}

/** The text of one scenario; `head` holds its commands and comments. */
export function writeScenario(title: string, head: readonly string[], trace: readonly string[]): string {
  return [`== ${title}`, ...head, separator, ...trace, ''].join('\n')
}

/** The same file with other traces: `trace(i)` is the i-th scenario's. Titles, commands and comments stay. */
export function rewriteTraces(text: string, traces: readonly string[]): string {
  const [before = ''] = text.split(/^== /m, 1)
  const scenarios = partsOf(text).map(({ title, head }, i) =>
    writeScenario(title, head.trimEnd().split('\n'), [traces[i] ?? '']),
  )
  return before + scenarios.join('\n')
}

function partsOf(text: string): { title: string; head: string; trace: string }[] {
  return text
    .split(/^== /m)
    .slice(1)
    .map((part) => {
      const [title = '', ...lines] = part.split('\n')
      const [head = '', trace = ''] = lines.join('\n').split(/^----\n?/m)
      return { title: title.trim(), head, trace }
    })
}

/** A command: its verb, the member that it is about, and its `name=value` options. */
export interface Command {
  readonly verb: string
  readonly who: string
  readonly options: Readonly<Record<string, string>>
}

export function readCommand(line: string): Command {
  const [verb = '', ...words] = line.split(/\s+/)
  const options = Object.fromEntries(
    words
      .filter((word) => word.includes('='))
      .map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
  )
  return { verb, who: words.find((word) => !word.includes('=')) ?? '', options }
}
