import { afterEach, beforeEach, expect, test } from 'vitest'
import { Features } from '../../../src-main/broker/features'
import { TestBroker } from '../../support/core'

let broker: TestBroker
beforeEach(() => {
  broker = new TestBroker()
})
afterEach(() => broker.dispose())

test('levels of features outlive the broker', async () => {
  broker.core.features.set('group.version', 0)
  await broker.core.commits.settled
  expect(new Features(broker.workspace, broker.core.commits).level('group.version')).toBe(0)
})
