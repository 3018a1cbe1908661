import { expect, it } from 'vitest'
import { sourcesIn, withoutComments } from './sources'

/** The feed `groups` looks at every committed offset and log, and comes with each commit: 4 MB a second with 500 busy groups. */
it('the list of all groups with their lags is opened by its own page alone', () => {
  const opened = sourcesIn('src-renderer').filter(({ text }) => /\buseFe\w*\(\s*'groups'/.test(withoutComments(text)))
  expect(opened.map(({ path }) => path)).toEqual(['src-renderer/pages/groups/GroupsPage.tsx'])
})
