import { describe, expect, it } from 'vitest'
import { type ChangeName, changeNames } from '../../src-main/contract/contract'
import { importsOf, type Source, sourcesIn, withoutComments } from './sources'

/** Pages say with `needs` what a control changes: it is disabled, and says why, while the cluster is read-only. */
const files = sourcesIn('src-renderer').filter(({ path }) => path !== 'src-renderer/stores/can.ts')

/** Files that pass a dialog on: the controls that open it lie in files that these import. */
const relays = ['src-renderer/pages/messages/MessageDialogs.tsx', 'src-renderer/pages/messages/MessagesView.tsx']

function namesIn(text: string): readonly ChangeName[] {
  return changeNames.filter((name) => text.includes(`'${name}'`) || text.includes(`"${name}"`))
}

/** What a file changes. */
function changedIn({ text }: Source): readonly ChangeName[] {
  return [...withoutComments(text).matchAll(/\bchange\(([^,]+),/g)].flatMap(([, name = '']) => namesIn(name))
}

/** What the controls of a file name: `needs="x"`, `needs={…}` or `needs: 'x'`, once for each. */
function neededIn({ text }: Source): readonly ChangeName[] {
  const found = withoutComments(text).matchAll(/\bneeds(?:=("[^"]*"|\{[^}]*\})|: ('[^']*'))/g)
  return [...found].flatMap(([, attribute, property]) => namesIn(attribute ?? property ?? ''))
}

const importsByPath = new Map(files.map((file) => [file.path, new Set(importsOf(file))]))

function imports(file: Source, other: Source): boolean {
  return importsByPath.get(file.path)?.has(other.path.replace(/\.tsx?$/, '')) ?? false
}

/** What a dialog changes, itself or by the functions that it imports; `[]` for a file that is no dialog, or opens its own. */
function changedByDialog(file: Source): readonly ChangeName[] {
  const exported = /export function \w+\(\s*[\w{]/.test(file.text) && /onClose: \(\) => void/.test(file.text)
  if (!exported || !/<(?:Confirm)?Dialog\b/.test(file.text)) return []
  const functions = files.filter(({ path }) => path.endsWith('.ts')).filter((other) => imports(file, other))
  const needed = neededIn(file)
  return [file, ...functions].flatMap(changedIn).filter((name) => needed.filter((one) => one === name).length < 2)
}

describe('actions that change the cluster', () => {
  it('are on the pages, each of them', () => {
    const changed = new Set(files.flatMap(changedIn))
    expect(changeNames.filter((name) => !changed.has(name))).toEqual([])
  })

  it('are run by a control that names them', () => {
    const missing = files.flatMap((file) => {
      // A file of functions has its controls in those that import it.
      const users = file.path.endsWith('.tsx') ? [file] : files.filter((other) => imports(other, file))
      return changedIn(file).flatMap((name) =>
        users.some((user) => neededIn(user).includes(name)) ? [] : [`${file.path} ${name}`],
      )
    })
    expect(missing).toEqual([])
  })

  it('have dialogs that are opened by controls that name them', () => {
    const behindRelays = files.filter((file) =>
      files.some((relay) => relays.includes(relay.path) && imports(relay, file) && !changedByDialog(file).length),
    )
    const missing = files.flatMap((dialog) => {
      const changed = changedByDialog(dialog)
      if (changed.length === 0) return []
      const openers = files.filter((file) => imports(file, dialog))
      return openers.flatMap((opener) => {
        const controls = relays.includes(opener.path) ? behindRelays : [opener]
        const needed = controls.flatMap(neededIn)
        return changed.some((name) => needed.includes(name)) ? [] : [`${opener.path} opens ${dialog.path}`]
      })
    })
    expect(missing).toEqual([])
  })
})
