import { expect, test } from 'vitest'
import { TestBroker } from '../../support/core'

test('a page’s listener that throws fails neither the response nor the other listeners', async () => {
  const broker = new TestBroker()
  const heard: (string | null)[] = []
  broker.broker.exchanges.listen(() => {
    throw new Error('a mistake of a page')
  })
  broker.broker.exchanges.listen(({ api }) => heard.push(api))
  expect(await broker.client().ask('ApiVersions', 0, {})).toMatchObject({ errorCode: 0 })
  expect(heard).toEqual(['ApiVersions'])
  expect(broker.logged).toEqual([expect.stringContaining('a mistake of a page')])
  await broker.dispose()
})
