/** Looks at pairs that are made at most: a matching of thousands takes their cube. */
const maxLooks = 1_000_000

/**
 * The size of a maximum matching between `left` and `right` things, of which `fits` says whether two may be paired; undefined when it takes
 * too long to find.
 */
export function maximumMatching(
  left: number,
  right: number,
  fits: (i: number, j: number) => boolean,
): number | undefined {
  let looks = 0
  const partnerOfRight = new Array<number>(right).fill(-1)
  const known = new Map<number, boolean>()
  const edge = (i: number, j: number) => {
    const key = i * right + j
    const value = known.get(key) ?? fits(i, j)
    known.set(key, value)
    return value
  }
  const augment = (i: number, visited: Set<number>): boolean => {
    for (let j = 0; j < right; j++) {
      if (++looks > maxLooks) return false
      if (visited.has(j) || !edge(i, j)) continue
      visited.add(j)
      const partner = partnerOfRight[j]!
      if (partner === -1 || augment(partner, visited)) {
        partnerOfRight[j] = i
        return true
      }
    }
    return false
  }
  let size = 0
  for (let i = 0; i < left; i++) if (augment(i, new Set())) size++
  return looks > maxLooks ? undefined : size
}
