const modifiers: ReadonlySet<string> = new Set(['Shift', 'Control', 'Alt', 'Meta'])

/**
 * Notes in the document whether the user works by keyboard (`data-keys`). On a page that was just opened, by its address or a reload, browsers
 * take the focus that the page itself sets for one by keyboard (`:focus-visible`): the table had a ring before any key was pressed.
 */
export function watchLastInput(): void {
  const { dataset } = document.documentElement
  window.addEventListener('keydown', ({ key }) => !modifiers.has(key) && (dataset.keys = ''), { capture: true })
  window.addEventListener('pointerdown', () => delete dataset.keys, { capture: true })
}
