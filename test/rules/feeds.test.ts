import { expect, it } from 'vitest'
import { sourcesIn, withoutComments } from './sources'

function opening(feed: string): readonly string[] {
  const opens = new RegExp(`\\buseFe\\w*\\(\\s*'${feed}'`)
  return sourcesIn('src-renderer').flatMap(({ path, text }) => (opens.test(withoutComments(text)) ? [path] : []))
}

/** The feed `groups` looks at every committed offset and log, and comes with each commit: 4 MB a second with 500 busy groups. */
it('the list of all groups with their lags is opened by its own page alone', () => {
  expect(opening('groups')).toEqual(['src-renderer/pages/groups/GroupsPage.tsx'])
})

/** The feed `topics` measures every log once a second. */
it('the list of all topics with their sizes is opened by its own page and its dialog alone', () => {
  expect(opening('topics').toSorted()).toEqual([
    'src-renderer/pages/topics/RemoveTopics.tsx',
    'src-renderer/pages/topics/TopicsPage.tsx',
  ])
})
