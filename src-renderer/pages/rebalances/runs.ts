/** Each of more partitions than this would fill the page: consecutive ones of the same fate share a cell. */
const mostCells = 24

/** First and last partitions of the cells: many consecutive ones share a cell when `fateOf` says the same of them. */
export function runsIn(
  numbers: readonly number[],
  fateOf: (number: number) => string,
): readonly (readonly [first: number, last: number])[] {
  if (numbers.length <= mostCells) return numbers.map((number) => [number, number])
  const runs: [number, number][] = []
  let fate = ''
  for (const number of numbers) {
    const run = runs[runs.length - 1]
    const next = fateOf(number)
    if (run && run[1] === number - 1 && next === fate) run[1] = number
    else runs.push([number, number])
    fate = next
  }
  return runs
}
