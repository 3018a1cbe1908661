import { expect, it } from 'vitest'
import { failureText, UserError } from '../../../src-main/base/user-error'
import { KafkaError } from '../../../src-main/client/failures'
import { UsageError } from '../../../src-main/options/serve'
import { WorkspaceError } from '../../../src-main/storage/failures'

it('an error for the user is shown as its sentence, a mistake of the code with its stack', () => {
  expect(failureText(new UsageError('--port is "x".'))).toBe('--port is "x".')
  expect(failureText(new WorkspaceError('The file is in use.'))).toBe('The file is in use.')
  const refused = new KafkaError('GROUP_ID_NOT_FOUND', 'Group billing cannot be deleted')
  expect(refused).toBeInstanceOf(UserError)
  expect(failureText(refused)).toBe(refused.message)
  expect(failureText(new TypeError('x is undefined'))).toMatch(/^TypeError: x is undefined\n\s+at /)
  expect(failureText('gone')).toBe('gone')
})
