import { Emitter } from '../../base/emitter'
import type { Handlers } from '../../contract/server'
import type { SavedView } from '../../contract/views'
import type { Parts } from '../parts'
import type { KeptMap } from '../source/workspace'

type Subject = Pick<Handlers, 'topic.views' | 'topic.view.save' | 'topic.view.delete'>

const mostViews = 100

/** Saved views of the message list, by topic, in the workspace: everybody who opens the file has them. */
export function viewHandlers({ source, live, onError }: Parts): Subject {
  const kept: KeptMap<readonly SavedView[]> = source.kept.map('message-views')
  const changes = new Emitter<void>(onError)
  const viewsOf = async (topic: string) => (await kept.get(topic)) ?? []
  const change = async (topic: string, next: (views: readonly SavedView[]) => readonly SavedView[]) => {
    const views = next(await viewsOf(topic))
    await kept.set(topic, views.length > 0 ? views : null)
    changes.emit()
  }
  return {
    'topic.views': ({ topic }, outlet) => live(outlet, () => viewsOf(topic), [changes.listen]),
    'topic.view.save': ({ topic, ...saved }) =>
      change(topic, (views) => {
        const others = views.filter(({ name }) => name !== saved.name)
        if (others.length >= mostViews)
          throw new Error(`A topic has at most ${mostViews} saved views; delete one first.`)
        const rest = saved.isDefault ? others.map((view) => ({ ...view, isDefault: false })) : others
        return [...rest, saved].sort((a, b) => (a.name < b.name ? -1 : 1))
      }),
    'topic.view.delete': ({ topic, name }) => change(topic, (views) => views.filter((view) => view.name !== name)),
  }
}
