/** More are not read by anybody; the next letter leaves fewer. */
export const mostNames = 50

/** Names that contain a text, in any case; those that begin with it come first. */
export function matchingNames(names: readonly string[], text: string): readonly string[] {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return names
  const beginning: string[] = []
  const others: string[] = []
  for (const name of names) {
    const at = name.toLowerCase().indexOf(wanted)
    if (at === 0) beginning.push(name)
    else if (at > 0) others.push(name)
  }
  return [...beginning, ...others]
}

/** The options of a field for these names. */
export function nameOptions(
  names: readonly string[],
  text: string,
): readonly { readonly label: string; readonly text: string }[] {
  return matchingNames(names, text)
    .slice(0, mostNames)
    .map((name) => ({ label: name, text: name }))
}
