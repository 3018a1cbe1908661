/** The size of a maximum matching between `left` and `right` things, of which `fits` says whether two may be paired. */
export function maximumMatching(left: number, right: number, fits: (i: number, j: number) => boolean): number {
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
  return size
}
