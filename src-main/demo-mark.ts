import type { Core } from './broker/core'
import { DocumentMap } from './broker/document-map'
import type { DemoMark } from './demo/demo'

/** Keeps in the workspace that the demo's topics are its own. */
export function demoMark({ workspace, commits }: Pick<Core, 'workspace' | 'commits'>): DemoMark {
  const documents = new DocumentMap<boolean>({ workspace, commits, kind: 'demo' })
  return {
    get: () => documents.has('made'),
    async set(isOurs) {
      if (isOurs) documents.set('made', true)
      else documents.delete('made')
      await commits.settled
    },
  }
}
